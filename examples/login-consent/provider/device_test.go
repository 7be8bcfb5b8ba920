package provider_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

const (
	userCode        = "bCdFgHjK"
	deviceChallenge = "challenge-of-a-device"
	showDevice      = "/device?device_challenge=" + deviceChallenge
	verified        = "https://hydra.example.com/oauth2/device/verify?device_verifier=1"
)

func deviceForm() url.Values {
	return url.Values{"challenge": {deviceChallenge}, "code": {userCode}}
}

// How Hydra responds to a code.
var (
	codeAccepted = clienttest.JSON(http.StatusOK, models.CompletedRequest{RedirectTo: verified})
	codeRefused  = clienttest.JSON(http.StatusBadRequest, map[string]string{"error": "invalid_request"})
)

func TestDevice(t *testing.T) {
	t.Parallel()
	against(t, devices)
}

var devices = map[string]func(s site){
	"page asks for the code": func(s site) {
		w := s.get(showDevice)
		assert.Equal(s, http.StatusOK, w.Code)
		assert.Equal(s, "no-store", w.Header().Get("Cache-Control"))
		assert.Contains(s, w.Body.String(), `name="challenge" value="`+deviceChallenge+`"`)
		assert.Contains(s, w.Body.String(), `name="code" value=""`)
		for _, attribute := range []string{`autocomplete="off"`, `autocapitalize="none"`, `spellcheck="false"`} {
			assert.Contains(s, w.Body.String(), attribute)
		}
	},
	"code of the link is to be confirmed": func(s site) {
		w := s.get(showDevice + "&user_code=" + userCode)
		assert.Equal(s, http.StatusOK, w.Code)
		assert.Contains(s, w.Body.String(), `name="code" value="`+userCode+`"`)
		assert.Contains(s, w.Body.String(), "<button>Connect</button>")
		s.WantCalls()
	},
	"code is sent as typed but for spaces around it": func(s site) {
		s.Respond("acceptUserCodeRequest", codeAccepted)
		form := deviceForm()
		form.Set("code", " bC dF-gHjK\t")
		w := s.post("/device", form)
		assert.Equal(s, verified, location(w))
		s.WantBody("acceptUserCodeRequest", models.AcceptDeviceUserCodeRequest{UserCode: "bC dF-gHjK"})
		assert.Equal(s, deviceChallenge, s.Calls("acceptUserCodeRequest")[0].Query.Get("device_challenge"))
	},
	"wrong code can be corrected": func(s site) {
		s.Respond("acceptUserCodeRequest", codeRefused, codeAccepted)
		form := deviceForm()
		form.Set("code", "wrong")
		to := s.refused(s.post("/device", form))
		assert.NotContains(s, to, "wrong")
		w := s.get(to)
		assert.Equal(s, http.StatusOK, w.Code)
		assert.Contains(s, w.Body.String(), "This code does not work.")
		assert.Contains(s, w.Body.String(), `name="challenge" value="`+deviceChallenge+`"`)
		assert.Contains(s, w.Body.String(), `name="code" value=""`)
		assert.Equal(s, verified, location(s.post("/device", deviceForm())))
	},
	"missing code is asked for again": func(s site) {
		form := deviceForm()
		form.Set("code", "  ")
		w := s.get(s.refused(s.post("/device", form)))
		assert.Equal(s, http.StatusOK, w.Code)
		assert.Contains(s, w.Body.String(), `name="challenge" value="`+deviceChallenge+`"`)
		assert.Contains(s, w.Body.String(), "Type the code that your device shows.</p>")
		s.WantCalls()
	},
	"missing challenge is a broken link": func(s site) {
		assert.Equal(s, http.StatusNotFound, s.get("/device").Code)
		assert.Equal(s, http.StatusNotFound, s.post("/device", url.Values{"code": {userCode}}).Code)
		assert.Equal(s, http.StatusNotFound, s.post("/device", nil).Code)
		s.WantCalls()
	},
	"failures that another code cannot mend end on the message page": func(s site) {
		for _, tt := range []struct {
			name, title string
			response    clienttest.Response
			want        int
		}{
			{"expired challenge", "That took too long", clienttest.JSON(http.StatusUnauthorized, map[string]string{
				"error": "request_unauthorized", "error_description": "The request could not be authorized. The device request has expired.",
			}), http.StatusGone},
			{"unknown challenge", "This link does not work", clienttest.JSON(http.StatusNotFound, map[string]string{"error": "Not Found", "error_description": "Unable to locate the requested resource"}), http.StatusNotFound},
			{"Hydra without devices", "This link does not work", clienttest.Handler(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNotFound)
				_, _ = io.WriteString(w, "404 page not found\n")
			}), http.StatusNotFound},
			{"outage", "Signing in does not work right now", clienttest.BadGateway, http.StatusServiceUnavailable},
		} {
			s.Respond("acceptUserCodeRequest", tt.response)
			w := s.post("/device", deviceForm())
			assert.Equal(s, tt.want, w.Code, tt.name)
			assert.Contains(s, w.Body.String(), tt.title, tt.name)
			assert.NotContains(s, w.Body.String(), "<form", tt.name)
		}
	},
	"end says that the window can be closed": func(s site) {
		w := s.get("/device/done?client_id=kiosk")
		assert.Equal(s, http.StatusOK, w.Code)
		assert.Contains(s, w.Body.String(), "Your device is connected")
		assert.Contains(s, w.Body.String(), "close this window")
		assert.NotContains(s, w.Body.String(), "kiosk")
	},
}
