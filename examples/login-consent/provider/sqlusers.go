package provider

import (
	"context"
	"database/sql"
	"errors"
)

// SQLUsers has its users in a table of a database whose placeholders are $1, such as
// PostgreSQL and SQLite. Import a driver for it.
type SQLUsers struct{ DB *sql.DB }

// UsersTable creates the table of [SQLUsers] in PostgreSQL.
const UsersTable = `CREATE TABLE IF NOT EXISTS users (
	id         text PRIMARY KEY,
	login      text NOT NULL UNIQUE,
	name       text NOT NULL,
	email      text NOT NULL,
	salt       bytea NOT NULL,
	key        bytea NOT NULL,
	iterations integer NOT NULL
)`

const selectUser = `SELECT id, login, name, email, salt, key, iterations FROM users WHERE `

// ByLogin returns the user with this name to log in.
func (s SQLUsers) ByLogin(ctx context.Context, login string) (User, error) {
	return s.get(ctx, selectUser+"login = $1", login)
}

// ByID returns the user with this ID.
func (s SQLUsers) ByID(ctx context.Context, id string) (User, error) {
	return s.get(ctx, selectUser+"id = $1", id)
}

func (s SQLUsers) get(ctx context.Context, query, value string) (u User, err error) {
	err = s.DB.QueryRowContext(ctx, query, value).Scan(&u.ID, &u.Login, &u.Name, &u.Email, &u.Salt, &u.Key, &u.Iterations)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoUser
	}
	return u, err
}

// Add adds a user.
func (s SQLUsers) Add(ctx context.Context, u User) error {
	_, err := s.DB.ExecContext(ctx, `INSERT INTO users (id, login, name, email, salt, key, iterations) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		u.ID, u.Login, u.Name, u.Email, u.Salt, u.Key, u.Iterations)
	return err
}
