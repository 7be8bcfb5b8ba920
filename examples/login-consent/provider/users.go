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
	"slices"
)

// Users is where users are kept: a [UserList] in memory, [SQLUsers] in a database, or what
// you have.
type Users interface {
	// ByLogin returns the user who types this name to log in, and ByID the one with this
	// ID. The error is ErrNoUser if there is none.
	ByLogin(ctx context.Context, login string) (User, error)
	ByID(ctx context.Context, id string) (User, error)
}

// ErrNoUser says that there is no such user.
var ErrNoUser = errors.New("no such user")

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

// Iterations is how often to hash a password, as OWASP recommends.
const Iterations = 600_000

// SetPassword sets the password of the user. More iterations make it harder to guess from
// the key.
func (u *User) SetPassword(password string, iterations int) (err error) {
	u.Salt, u.Iterations = make([]byte, 16), iterations
	_, _ = rand.Read(u.Salt) // never fails
	u.Key, err = pbkdf2.Key(sha256.New, password, u.Salt, iterations, sha256.Size)
	return err
}

// has reports whether this is the password of the user.
func (u *User) has(password string) bool {
	key, err := pbkdf2.Key(sha256.New, password, u.Salt, u.Iterations, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(key, u.Key) == 1
}

// claims returns the claims of the scopes (OpenID Connect Core 1.0, section 5.4).
func (u *User) claims(scopes []string) map[string]any {
	claims := map[string]any{}
	if slices.Contains(scopes, "profile") {
		claims["name"] = u.Name
	}
	if slices.Contains(scopes, "email") {
		claims["email"] = u.Email
	}
	return claims
}

// A UserList has its users in memory.
type UserList []User

//go:embed users.json
var demoUsers []byte

// DemoUsers returns alice, whose password is wonderland, and bob, whose password is builder.
func DemoUsers() (UserList, error) {
	var users UserList
	if err := json.Unmarshal(demoUsers, &users); err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	return users, nil
}

// ByLogin returns the user with this name to log in.
func (l UserList) ByLogin(_ context.Context, login string) (User, error) {
	return l.find(func(u User) bool { return u.Login == login })
}

// ByID returns the user with this ID.
func (l UserList) ByID(_ context.Context, id string) (User, error) {
	return l.find(func(u User) bool { return u.ID == id })
}

func (l UserList) find(is func(User) bool) (User, error) {
	i := slices.IndexFunc(l, is)
	if i < 0 {
		return User{}, ErrNoUser
	}
	return l[i], nil
}
