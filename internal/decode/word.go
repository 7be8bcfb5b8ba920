package decode

// words are the texts that are frequent in responses, each in its slot: those of OAuth
// 2.0, OpenID Connect and JOSE. They are read without an allocation.
var words = func() (table [slots]string) {
	for _, w := range []string{
		"authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer",
		"code", "id_token", "token", "access_token", "Bearer",
		"client_secret_basic", "client_secret_post", "private_key_jwt", "none", "public", "pairwise",
		"openid", "offline", "offline_access", "profile", "email",
		"acr", "amr", "at_hash", "aud", "auth_time", "exp", "iat", "iss", "jti", "nonce", "rat", "sid", "sub",
		"RSA", "EC", "RS256", "ES256", "sig",
	} {
		table[slot([]byte(w))] = w
	}
	return table
}()
