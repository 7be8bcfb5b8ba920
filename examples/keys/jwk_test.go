package main

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client/clienttest"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// privateMembers are the members of keys that RFC 7518, section 6, calls private.
var privateMembers = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

func newKeys(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	keys := make(map[string]crypto.Signer)
	var err error
	keys["RS256"], err = rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for alg, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		keys[alg], err = ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
	}
	_, keys["EdDSA"], err = ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return keys
}

func block(kind string) func([]byte, error) string {
	return func(der []byte, err error) string {
		if err != nil {
			panic(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
}

// certificateOf returns a certificate that the key has signed itself.
func certificateOf(key crypto.Signer) string {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "issuer.example.com"}, NotAfter: time.Now().Add(time.Hour)}
	return block("CERTIFICATE")(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
}

// sign returns a signed message whose header names the key.
func sign(t *testing.T, key crypto.Signer, alg, kid string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	require.NoError(t, err)
	signed, err := signer.Sign([]byte("hello"))
	require.NoError(t, err)
	message, err := signed.CompactSerialize()
	require.NoError(t, err)
	return message
}

func requireVerifies(t *testing.T, key models.JSONWebKey, alg, message string) {
	t.Helper()
	public, err := publicKey(key)
	require.NoError(t, err)
	parsed, err := jose.ParseSignedCompact(message, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	require.NoError(t, err)
	text, err := parsed.Verify(public)
	require.NoError(t, err)
	require.Equal(t, "hello", string(text))
}

func requireNothingPrivate(t *testing.T, keys any) {
	t.Helper()
	encoded, err := json.Marshal(keys)
	require.NoError(t, err)
	for _, member := range privateMembers {
		require.NotContains(t, string(encoded), `"`+member+`":`)
	}
}

func TestKeysOfEachKindVerifyWhatTheySigned(t *testing.T) {
	t.Parallel()
	for alg, key := range newKeys(t) {
		files := map[string]string{
			"PKCS 8": block("PRIVATE KEY")(x509.MarshalPKCS8PrivateKey(key)),
			"PKIX":   block("PUBLIC KEY")(x509.MarshalPKIXPublicKey(key.Public())),
		}
		switch key := key.(type) {
		case *rsa.PrivateKey:
			files["PKCS 1"] = block("RSA PRIVATE KEY")(x509.MarshalPKCS1PrivateKey(key), nil)
			files["PKCS 1, public"] = block("RSA PUBLIC KEY")(x509.MarshalPKCS1PublicKey(&key.PublicKey), nil)
		case *ecdsa.PrivateKey:
			files["SEC 1"] = block("EC PARAMETERS")([]byte{6, 0}, nil) + block("EC PRIVATE KEY")(x509.MarshalECPrivateKey(key))
		}
		imported, err := fromKey(key)
		require.NoError(t, err)
		for name, file := range files {
			t.Run(alg+" "+name, func(t *testing.T) {
				t.Parallel()
				got, err := fromPEM([]byte(file))
				require.NoError(t, err)
				assert.Equal(t, []string{imported.Kid, alg, "sig"}, []string{got.Kid, got.Alg, got.Use})
				half, err := publicHalf(got)
				require.NoError(t, err)
				requireNothingPrivate(t, half)
				requireVerifies(t, half, alg, sign(t, key, alg, got.Kid))
				requireVerifies(t, got, alg, sign(t, key, alg, got.Kid))
			})
		}
	}
}

func TestCertificatesStayWithTheirKey(t *testing.T) {
	t.Parallel()
	key := newKeys(t)["ES256"]
	certificate := certificateOf(key)
	private := block("PRIVATE KEY")(x509.MarshalPKCS8PrivateKey(key))
	for name, file := range map[string]string{
		"the key first":         private + certificate,
		"the certificate first": certificate + private,
		"no key":                certificate,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			imported, err := fromPEM([]byte(file))
			require.NoError(t, err)
			half, err := publicHalf(imported)
			require.NoError(t, err)
			assert.Len(t, half.X5C, 1)
			requireNothingPrivate(t, half)
			requireVerifies(t, half, "ES256", sign(t, key, "ES256", ""))
		})
	}
	// A certificate of another key would vouch for the wrong one.
	imported, err := fromPEM([]byte(block("PRIVATE KEY")(x509.MarshalPKCS8PrivateKey(newKeys(t)["ES256"])) + certificate))
	require.Error(t, err)
	assert.Zero(t, imported)
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	require.NoError(t, err)
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	legacy := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00"}, Bytes: []byte{1}})
	for name, tt := range map[string]struct{ file, message string }{
		"empty":               {"", "the file has no key in PEM"},
		"DER":                 {"\x30\x82", "the file has no key in PEM"},
		"encrypted":           {block("ENCRYPTED PRIVATE KEY")([]byte{1}, nil), "encrypted"},
		"encrypted, PKCS 1":   {string(legacy), "encrypted"},
		"broken":              {block("PRIVATE KEY")([]byte{1}, nil), "cannot be read"},
		"of OpenSSH":          {block("OPENSSH PRIVATE KEY")([]byte{1}, nil), "it is not a key"},
		"a key to agree with": {block("PRIVATE KEY")(x509.MarshalPKCS8PrivateKey(x25519)), "is not a key of"},
		"P-224":               {block("EC PRIVATE KEY")(x509.MarshalECPrivateKey(p224)), "is not a key of"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := fromPEM([]byte(tt.file))
			require.ErrorContains(t, err, tt.message)
		})
	}
}

func TestThePublicHalfHasNothingElse(t *testing.T) {
	t.Parallel()
	// Every text is set, and members that the model has no field for.
	key := models.JSONWebKey{
		X5C:                  []string{"certificate"},
		AdditionalProperties: map[string]json.RawMessage{"oth": json.RawMessage(`[{"r":"r","d":"d","t":"t"}]`), "priv": json.RawMessage(`"of another algorithm"`)},
	}
	for _, f := range reflect.ValueOf(&key).Elem().Fields() {
		if f.Kind() == reflect.String {
			f.SetString("set")
		}
	}
	for kty, members := range map[string]string{"RSA": "e n", "EC": "crv x y", "OKP": "crv x"} {
		t.Run(kty, func(t *testing.T) {
			t.Parallel()
			key := key
			key.Kty = kty
			half, err := publicHalf(key)
			require.NoError(t, err)
			encoded, err := json.Marshal(half)
			require.NoError(t, err)
			var got map[string]any
			require.NoError(t, json.Unmarshal(encoded, &got))
			for _, common := range []string{"kty", "kid", "use", "alg", "x5c", "x5t", "x5t#S256", "x5u"} {
				require.Contains(t, got, common)
				delete(got, common)
			}
			var rest []string
			for member := range got {
				rest = append(rest, member)
			}
			slices.Sort(rest)
			assert.Equal(t, members, strings.Join(rest, " "))
		})
	}
}

func TestKeysWithoutAPublicHalf(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]models.JSONWebKey{
		"symmetric":            {Kty: "oct", K: "c2VjcmV0"},
		"of no type":           {N: "AQAB", E: "AQAB"},
		"of a type to come":    {Kty: "AKP", X: "AQAB"},
		"of another case":      {Kty: "rsa", N: "AQAB", E: "AQAB"},
		"without a modulus":    {Kty: "RSA", E: "AQAB", D: "AQAB"},
		"without a coordinate": {Kty: "EC", Crv: "P-256", X: "AQAB", D: "AQAB"},
		"without a curve":      {Kty: "OKP", X: "AQAB", D: "AQAB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			half, err := publicHalf(key)
			require.ErrorContains(t, err, "public half")
			assert.Zero(t, half)
			_, err = publicKey(key)
			require.Error(t, err)
			set, err := publicSet(models.JSONWebKeySet{Keys: []models.JSONWebKey{key}})
			require.Error(t, err)
			assert.Zero(t, set)
		})
	}
	_, err := publicKey(models.JSONWebKey{Kty: "EC", Crv: "P-256", X: "AQAB", Y: "AQAB"})
	require.Error(t, err, "the point is not on the curve")
}

// The sets that Hydra generated, of each kind and version. Their key material was replaced
// when they were recorded.
func TestPublicHalvesOfRecordedSets(t *testing.T) {
	t.Parallel()
	for _, version := range []clienttest.Version{clienttest.V1, clienttest.V2, clienttest.V26} {
		hydra := clienttest.New(t, version)
		for _, name := range hydra.Cases("createJsonWebKeySet") {
			if !strings.HasPrefix(name, "201-") {
				continue
			}
			hydra.Respond("createJsonWebKeySet", clienttest.Recorded(name))
			set, err := hydra.Client().CreateJSONWebKeySet(t.Context(), "set", models.JSONWebKeySetGeneratorRequest{Alg: "RS256"})
			require.NoError(t, err)
			public, err := publicSet(*set)
			if set.Keys[0].Kty == "oct" {
				require.Error(t, err, name)
				continue
			}
			require.NoError(t, err, name)
			require.Len(t, public.Keys, len(set.Keys), name)
			for i, key := range public.Keys {
				assert.Equal(t, set.Keys[i].Kid, key.Kid, name)
			}
			requireNothingPrivate(t, public)
		}
	}
}
