package models

import (
	"encoding/json"
	"math"
	"strconv"
)

// UnmarshalJSON reads what RFC 7662 allows, also where Hydra sends something else: one
// audience as a text, and times with a fraction, which is cut off.
func (v *OAuth2TokenIntrospection) UnmarshalJSON(data []byte) error {
	read := introspection{
		plainIntrospection: plainIntrospection(*v), Audience: v.Audience,
		ExpiresAt: numericDate(v.ExpiresAt), IssuedAt: numericDate(v.IssuedAt), NotBefore: numericDate(v.NotBefore),
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*v = OAuth2TokenIntrospection(read.plainIntrospection)
	v.Audience = read.Audience
	v.ExpiresAt, v.IssuedAt, v.NotBefore = int64(read.ExpiresAt), int64(read.IssuedAt), int64(read.NotBefore)
	return nil
}

type plainIntrospection OAuth2TokenIntrospection

// introspection has members in place of those of an introspection that have more than one form.
type introspection struct {
	plainIntrospection

	Audience  audience    `json:"aud"`
	ExpiresAt numericDate `json:"exp"`
	IssuedAt  numericDate `json:"iat"`
	NotBefore numericDate `json:"nbf"`
}

// An audience is a list, or one text (RFC 7519, section 4.1.3).
type audience []string

// UnmarshalJSON reads both.
func (a *audience) UnmarshalJSON(data []byte) error {
	if data[0] != '"' {
		return json.Unmarshal(data, (*[]string)(a))
	}
	var one string
	err := json.Unmarshal(data, &one)
	*a = audience{one}
	return err
}

// A numericDate is a number of seconds, with a fraction or without (RFC 7519, section 2).
type numericDate int64

// UnmarshalJSON cuts a fraction off.
func (d *numericDate) UnmarshalJSON(data []byte) error {
	err := json.Unmarshal(data, (*int64)(d))
	const exact = 1 << 53 // beyond it a float64 is not a time
	if f, notNumber := strconv.ParseFloat(string(data), 64); err != nil && notNumber == nil && math.Abs(f) <= exact {
		*d, err = numericDate(math.Floor(f)), nil
	}
	return err
}
