package models

import (
	"log/slog"
	"net/url"
)

// The LogValue methods below keep secrets, private keys, challenges and verifiers
// out of logs that package slog writes. They do not see values inside of other
// structs, so log those one by one.

// LogValue leaves everything out but what names the client.
func (c OAuth2Client) LogValue() slog.Value {
	return slog.GroupValue(slog.String("client_id", c.ClientID), slog.String("client_name", c.ClientName))
}

// LogValue leaves the key material out.
func (k JSONWebKey) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kid", k.Kid), slog.String("kty", k.Kty), slog.String("alg", k.Alg), slog.String("use", k.Use))
}

// LogValue leaves everything out but the IDs of the keys.
func (s JSONWebKeySet) LogValue() slog.Value {
	kids := make([]string, len(s.Keys))
	for i, k := range s.Keys {
		kids[i] = k.Kid
	}
	return slog.GroupValue(slog.Any("kids", kids))
}

// LogValue leaves the challenge and the URL of the request out.
func (r LoginRequest) LogValue() slog.Value {
	return asked(r.Client, r.Subject, r.Skip, r.RequestedScope)
}

// LogValue leaves the challenges, the context and the URL of the request out.
func (r ConsentRequest) LogValue() slog.Value {
	return asked(r.Client, r.Subject, r.Skip, r.RequestedScope)
}

// LogValue leaves the challenge and the URL of the request out.
func (r LogoutRequest) LogValue() slog.Value {
	return slog.GroupValue(slog.String("client_id", r.Client.ClientID), slog.String("subject", r.Subject), slog.Bool("rp_initiated", r.RPInitiated))
}

// LogValue leaves the session and the consent request out.
func (s PreviousConsentSession) LogValue() slog.Value {
	return slog.GroupValue(slog.String("client_id", s.ConsentRequest.Client.ClientID), slog.String("subject", s.ConsentRequest.Subject), slog.Any("grant_scope", s.GrantScope))
}

// LogValue leaves the context out.
func (r AcceptLoginRequest) LogValue() slog.Value {
	return slog.GroupValue(slog.String("subject", r.Subject), slog.Bool("remember", r.Remember), slog.Int64("remember_for", r.RememberFor))
}

// LogValue leaves the session out.
func (r AcceptConsentRequest) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("grant_scope", r.GrantScope), slog.Bool("remember", r.Remember), slog.Int64("remember_for", r.RememberFor))
}

// LogValue leaves the session out.
func (ConsentRequestSession) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// LogValue leaves the query of the URL out, which holds the verifier.
func (r CompletedRequest) LogValue() slog.Value { return withoutQuery(r.RedirectTo) }

// LogValue leaves the query of the URL out.
func (r RequestWasHandledResponse) LogValue() slog.Value { return withoutQuery(r.RedirectTo) }

// LogValue leaves the key material out.
func (b TrustJWTGrantIssuerBody) LogValue() slog.Value {
	return slog.GroupValue(slog.String("issuer", b.Issuer), slog.String("subject", b.Subject), slog.String("kid", b.JWK.Kid))
}

// LogValue leaves the value out, which may be a secret.
func (d PatchDocument) LogValue() slog.Value {
	return slog.GroupValue(slog.String("op", string(d.Op)), slog.String("path", d.Path))
}

// asked is what a login and a consent request have in common that is no secret.
func asked(c OAuth2Client, subject string, skip bool, scope []string) slog.Value {
	return slog.GroupValue(slog.String("client_id", c.ClientID), slog.String("subject", subject), slog.Bool("skip", skip), slog.Any("requested_scope", scope))
}

func withoutQuery(rawURL string) slog.Value {
	u, err := url.Parse(rawURL)
	if err != nil {
		return slog.StringValue("[redacted]")
	}
	return slog.GroupValue(slog.String("redirect_to", u.Scheme+"://"+u.Host+u.Path))
}
