package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// fromPEM returns the first key of a PEM file, as OpenSSL and others write it. The
// certificates in the file become its x5c: that of the key first, and then its issuers.
func fromPEM(file []byte) (models.JSONWebKey, error) {
	var key any
	var chain []*x509.Certificate
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		parsed, err := parseBlock(block)
		if err != nil {
			return models.JSONWebKey{}, fmt.Errorf("a PEM block of type %s cannot be read: %w", block.Type, err)
		}
		if certificate, ok := parsed.(*x509.Certificate); ok {
			chain = append(chain, certificate)
		} else if key == nil {
			key = parsed
		}
	}
	if key == nil && len(chain) > 0 {
		key = chain[0].PublicKey
	}
	if key == nil {
		return models.JSONWebKey{}, errors.New("the file has no key in PEM")
	}
	return fromKey(key, chain...)
}

func parseBlock(block *pem.Block) (any, error) {
	if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
		return nil, errors.New("it is encrypted: decrypt it first, with openssl pkey")
	}
	switch block.Type {
	case "PRIVATE KEY":
		return x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		return x509.ParseECPrivateKey(block.Bytes)
	case "PUBLIC KEY":
		return x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		return x509.ParsePKCS1PublicKey(block.Bytes)
	case "CERTIFICATE":
		return x509.ParseCertificate(block.Bytes)
	case "EC PARAMETERS": // openssl ecparam writes them in front of a key
		return nil, nil
	}
	return nil, errors.New("it is not a key")
}

// fromKey returns an RSA, ECDSA or Ed25519 key of package crypto, private or public, as a
// key to sign or verify with. Its ID is its thumbprint (RFC 7638), which stays the same
// however often it is imported.
func fromKey(key any, chain ...*x509.Certificate) (out models.JSONWebKey, err error) {
	jwk := jose.JSONWebKey{Key: key, Use: "sig", Algorithm: algorithm(key), Certificates: chain}
	if jwk.Algorithm == "" {
		return out, fmt.Errorf("a %T is not a key of RSA, of ECDSA on P-256, P-384 or P-521, or of Ed25519", key)
	}
	thumbprint, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return out, err
	}
	jwk.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	encoded, err := jwk.MarshalJSON() // fails for an RSA key of more than two primes
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(encoded, &out); err != nil {
		return models.JSONWebKey{}, err
	}
	if _, err := publicKey(out); err != nil { // the first certificate is of another key
		return models.JSONWebKey{}, err
	}
	return out, nil
}

func algorithm(key any) string {
	if signer, ok := key.(crypto.Signer); ok {
		key = signer.Public()
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		return string(jose.RS256)
	case *ecdsa.PublicKey:
		return map[int]string{256: "ES256", 384: "ES384", 521: "ES512"}[key.Params().BitSize]
	case ed25519.PublicKey:
		return string(jose.EdDSA)
	}
	return ""
}

// publicKey returns the key of package crypto that verifies signatures of key: an
// *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
func publicKey(key models.JSONWebKey) (crypto.PublicKey, error) {
	public, err := publicHalf(key)
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(public)
	if err != nil {
		return nil, err
	}
	var parsed jose.JSONWebKey
	if err := parsed.UnmarshalJSON(encoded); err != nil {
		return nil, err
	}
	return parsed.Key, nil
}

// publicHalf returns the public half of a key. It takes over what is known to be public
// and nothing else: a list of what is private would miss oth (RFC 7518, section 6.3.2.7)
// and all that is still to come. Certificates are public and stay. A symmetric key has no
// public half.
func publicHalf(key models.JSONWebKey) (models.JSONWebKey, error) {
	public := models.JSONWebKey{
		Kty: key.Kty, Kid: key.Kid, Use: key.Use, Alg: key.Alg,
		X5C: key.X5C, X5T: key.X5T, X5TS256: key.X5TS256, X5U: key.X5U,
	}
	complete := false
	switch key.Kty {
	case "RSA":
		public.N, public.E = key.N, key.E
		complete = key.N != "" && key.E != ""
	case "EC":
		public.Crv, public.X, public.Y = key.Crv, key.X, key.Y
		complete = key.Crv != "" && key.X != "" && key.Y != ""
	case "OKP":
		public.Crv, public.X = key.Crv, key.X
		complete = key.Crv != "" && key.X != ""
	}
	if !complete {
		return models.JSONWebKey{}, fmt.Errorf("a key of type %q has no public half, or it is not complete", key.Kty)
	}
	return public, nil
}

// publicSet returns the public half of a set, to publish it or to give it to a client as its
// JWKS. Of a key that Hydra v1 generated it has two entries, private:ID and public:ID, as
// the set has: v1 names the second one in what it signs, and v2, once it has the database
// of a v1, the first one.
func publicSet(set models.JSONWebKeySet) (models.JSONWebKeySet, error) {
	public := models.JSONWebKeySet{Keys: []models.JSONWebKey{}}
	for _, key := range set.Keys {
		half, err := publicHalf(key)
		if err != nil {
			return models.JSONWebKeySet{}, err
		}
		public.Keys = append(public.Keys, half)
	}
	return public, nil
}
