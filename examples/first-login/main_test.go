package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2} {
		hydra := clienttest.New(t, version)
		get := func(challenge string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			login(hydra.Client())(w, httptest.NewRequest(http.MethodGet, "/login?login_challenge="+challenge, http.NoBody))
			return w
		}

		next := hydra.Follow(get(hydra.Open(clienttest.FreshLogin)).Header().Get("Location"))
		assert.True(t, next.Query().Has("consent_challenge"), next)
		hydra.WantBody("acceptLoginRequest", models.AcceptLoginRequest{Subject: "alice", Remember: true, RememberFor: 3600})

		assert.Equal(t, http.StatusBadGateway, get(hydra.Open(clienttest.UnknownLogin)).Code)
	}
}

// TestReadme: the README quotes this program.
func TestReadme(t *testing.T) {
	t.Parallel()
	program, err := os.ReadFile("main.go")
	require.NoError(t, err)
	_, code, _ := strings.Cut(string(program), "package main")
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	assert.Contains(t, string(readme), "```go\npackage main"+code+"```\n")
}
