package provider

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed" // for users.json
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
)

//go:embed users.json
var demoUsers []byte

// A User can log in.
type User struct {
	// ID is the subject of tokens. It never changes.
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
	Email string `json:"email"`
	// Salt and Key are those of PBKDF2 with SHA-256.
	Salt       []byte `json:"salt"`
	Key        []byte `json:"key"`
	Iterations int    `json:"iterations"`
}

// Users holds all users in memory. Replace it by your database: the rest of the provider
// does not depend on it.
type Users struct {
	users   []User
	hashing chan struct{} // bounds how many passwords are checked at a time
}

// DemoUsers returns alice, whose password is wonderland, and bob, whose password is builder.
func DemoUsers() (*Users, error) {
	var users []User
	if err := json.Unmarshal(demoUsers, &users); err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	return NewUsers(users...), nil
}

// NewUsers returns a store of users. There must be at least one.
func NewUsers(users ...User) *Users {
	return &Users{users: users, hashing: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// SetPassword sets the password of the user. More iterations make it harder to guess from
// the key: OWASP recommends 600000.
func (u *User) SetPassword(password string, iterations int) (err error) {
	u.Salt, u.Iterations = make([]byte, 16), iterations
	_, _ = rand.Read(u.Salt) // never fails
	u.Key, err = pbkdf2.Key(sha256.New, password, u.Salt, iterations, sha256.Size)
	return err
}

var (
	errUnknown  = errors.New("no such user")
	errPassword = errors.New("wrong password")
)

// Authenticate returns the user with this login and password. It takes the same time if
// there is no such user.
func (u *Users) Authenticate(ctx context.Context, login, password string) (User, error) {
	select {
	case u.hashing <- struct{}{}:
		defer func() { <-u.hashing }()
	case <-ctx.Done():
		return User{}, ctx.Err()
	}
	i := slices.IndexFunc(u.users, func(user User) bool { return user.Login == login })
	user, refusal := u.users[max(i, 0)], errPassword
	if i < 0 {
		refusal = errUnknown
	}
	key, err := pbkdf2.Key(sha256.New, password, user.Salt, user.Iterations, len(user.Key))
	if err != nil {
		return User{}, err
	}
	if subtle.ConstantTimeCompare(key, user.Key) != 1 || i < 0 {
		return User{}, refusal
	}
	return user, nil
}

// Name returns the name of the subject to show on a page.
func (u *Users) Name(subject string) string {
	if user, ok := u.byID(subject); ok {
		return user.Name
	}
	return subject
}

// Claims returns the claims of the scopes (OpenID Connect Core 1.0, section 5.4).
func (u *Users) Claims(subject string, scopes []string) map[string]any {
	claims := map[string]any{}
	user, ok := u.byID(subject)
	if ok && slices.Contains(scopes, "profile") {
		claims["name"] = user.Name
	}
	if ok && slices.Contains(scopes, "email") {
		claims["email"] = user.Email
	}
	return claims
}

func (u *Users) byID(id string) (User, bool) {
	i := slices.IndexFunc(u.users, func(user User) bool { return user.ID == id })
	if i < 0 {
		return User{}, false
	}
	return u.users[i], true
}
