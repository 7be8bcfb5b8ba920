package models_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

func TestGrantStaysWithinTheRequest(t *testing.T) {
	t.Parallel()
	req := models.ConsentRequest{RequestedScope: []string{"openid", "read", "read"}, RequestedAccessTokenAudience: []string{"https://api.example.com"}}
	for name, tt := range map[string]struct{ asked, want []string }{
		"all":           {req.RequestedScope, []string{"openid", "read"}},
		"some":          {[]string{"read"}, []string{"read"}},
		"more":          {[]string{"read", "admin", "openid"}, []string{"openid", "read"}},
		"twice":         {[]string{"read", "read"}, []string{"read"}},
		"others":        {[]string{"admin", "", "READ"}, nil},
		"none":          {nil, nil},
		"parts of some": {[]string{"open"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := req.Grant(tt.asked...)
			assert.Equal(t, models.AcceptConsentRequest{GrantScope: tt.want, GrantAccessTokenAudience: req.RequestedAccessTokenAudience}, body)
		})
	}
	body := req.Grant()
	body.GrantAccessTokenAudience[0] = "changed"
	assert.Equal(t, "https://api.example.com", req.RequestedAccessTokenAudience[0])
	assert.Empty(t, models.ConsentRequest{}.Grant("admin").GrantScope)
}

func TestParametersOfTheRequest(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]struct {
		prompt []string
		maxAge time.Duration
		isSet  bool
	}{
		"":                                {[]string{}, 0, false},
		"?prompt=login":                   {[]string{"login"}, 0, false},
		"?prompt=login%20consent&max_age": {[]string{"login", "consent"}, 0, false},
		"?prompt=+login++consent+":        {[]string{"login", "consent"}, 0, false},
		"?max_age=0":                      {[]string{}, 0, true},
		"?max_age=3600&state=%":           {[]string{}, time.Hour, true},
		"?max_age=-1":                     {[]string{}, 0, false},
		"?max_age=soon":                   {[]string{}, 0, false},
		"?max_age=9223372036854775807":    {[]string{}, time.Duration(math.MaxInt64).Truncate(time.Second), true},
	} {
		login := models.LoginRequest{RequestURL: "https://h/oauth2/auth" + query}
		assert.Equal(t, want.prompt, login.Prompt(), query)
		assert.Equal(t, want.prompt, models.ConsentRequest{RequestURL: login.RequestURL}.Prompt(), query)
		age, isSet := login.MaxAge()
		assert.Equal(t, want.maxAge, age, query)
		assert.Equal(t, want.isSet, isSet, query)
	}
	assert.Empty(t, models.LoginRequest{RequestURL: "http://[::1"}.Prompt())
}

func ExampleConsentRequest_Grant() {
	req := models.ConsentRequest{RequestedScope: []string{"openid", "read"}, RequestedAccessTokenAudience: []string{"https://api.example.com"}}
	form := []string{"read", "admin"} // admin was not asked for
	body := req.Grant(form...)
	fmt.Println(body.GrantScope, body.GrantAccessTokenAudience)
	// Output: [read] [https://api.example.com]
}

func ExampleLoginRequest_Prompt() {
	req := models.LoginRequest{RequestURL: "https://auth.example.com/oauth2/auth?client_id=app&prompt=login"}
	fmt.Println("ask for the password again:", slices.Contains(req.Prompt(), "login"))
	// Output: ask for the password again: true
}

func ExampleConsentRequest_Prompt() {
	req := models.ConsentRequest{RequestURL: "https://auth.example.com/oauth2/auth?client_id=app&prompt=consent"}
	fmt.Println("ask for consent again:", slices.Contains(req.Prompt(), "consent"))
	// Output: ask for consent again: true
}

func ExampleLoginRequest_MaxAge() {
	req := models.LoginRequest{RequestURL: "https://auth.example.com/oauth2/auth?client_id=app&max_age=60"}
	if age, isSet := req.MaxAge(); isSet {
		fmt.Println("the password was given at most", age, "ago")
	}
	// Output: the password was given at most 1m0s ago
}
