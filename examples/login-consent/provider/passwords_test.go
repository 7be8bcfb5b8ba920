package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// quick returns passwords that are quick to check, of alice and bob.
func quick(t *testing.T) *passwords {
	t.Helper()
	var users UserList
	for _, name := range []string{"alice", "bob"} {
		user := User{ID: name, Login: name}
		require.NoError(t, user.SetPassword(name+"'s", 1))
		users = append(users, user)
	}
	p := newPasswords(users)
	p.effort.Store(1)
	return p
}

func TestGuessesOfAnAddressAreThrottled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := quick(t)
		for i := range addressBurst {
			_, err := p.check(t.Context(), "attacker", fmt.Sprint("user", i), "guess")
			require.ErrorIs(t, err, ErrNoUser)
		}
		_, err := p.check(t.Context(), "attacker", "alice", "alice's")
		require.ErrorIs(t, err, errTooMany, "whatever the password is")
		_, err = p.check(t.Context(), "elsewhere", "alice", "alice's")
		require.NoError(t, err, "others are not")
		time.Sleep(addressEvery)
		_, err = p.check(t.Context(), "attacker", "alice", "alice's")
		require.NoError(t, err)
	})
}

func TestGuessesOfAnAccountAreThrottled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := quick(t)
		for i := range accountBurst {
			_, err := p.check(t.Context(), fmt.Sprint("address", i), "alice", "guess")
			require.ErrorIs(t, err, errPassword)
		}
		_, err := p.check(t.Context(), "home", "alice", "alice's")
		require.ErrorIs(t, err, errTooMany)
		_, err = p.check(t.Context(), "home", "bob", "bob's")
		require.NoError(t, err, "other accounts are not")
		time.Sleep(accountEvery)
		_, err = p.check(t.Context(), "home", "alice", "alice's")
		require.NoError(t, err)
	})
}

func TestRightPasswordsAreFree(t *testing.T) {
	t.Parallel()
	p := quick(t)
	for range 5 * addressBurst {
		_, err := p.check(t.Context(), "office", "alice", "alice's")
		require.NoError(t, err)
	}
}

func TestOneAddressTakesOneProcessor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := quick(t)
		slow := &slowUsers{Users: p.users}
		p.users = slow
		var wg sync.WaitGroup
		refused := 0
		var mu sync.Mutex
		for range 24 {
			wg.Go(func() {
				if _, err := p.check(t.Context(), "attacker", "alice", "guess"); errors.Is(err, errTooMany) {
					mu.Lock()
					refused++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		assert.Equal(t, 24-mostWaiting-1, refused, "those that could not wait")
		assert.Equal(t, 1, slow.most)
		assert.Empty(t, p.turns)
	})
}

// slowUsers takes a second for each user, and counts how many it is asked for at a time.
type slowUsers struct {
	Users
	mu        sync.Mutex
	now, most int
}

func (u *slowUsers) ByLogin(ctx context.Context, login string) (User, error) {
	u.mu.Lock()
	u.now++
	u.most = max(u.most, u.now)
	u.mu.Unlock()
	time.Sleep(time.Second)
	u.mu.Lock()
	u.now--
	u.mu.Unlock()
	return u.Users.ByLogin(ctx, login)
}

func TestAWaitingCheckEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := quick(t)
		for range cap(p.hashing) {
			p.hashing <- struct{}{}
		}
		_, err := p.check(t.Context(), "home", "alice", "alice's")
		require.ErrorIs(t, err, errBusy)
		ctx, leave := context.WithCancel(t.Context())
		leave()
		_, err = p.check(ctx, "home", "alice", "alice's")
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, p.turns)
	})
}

func TestGuessersAtManyAddressesLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := quick(t)
		for i := range cap(p.suspects) {
			p.suspects <- struct{}{} // they are at it
			_, err := p.check(t.Context(), fmt.Sprint("address", i), "alice", "guess")
			require.ErrorIs(t, err, errPassword)
		}
		_, err := p.check(t.Context(), "address0", "alice", "guess")
		require.ErrorIs(t, err, errBusy, "it waits with the others")
		_, err = p.check(t.Context(), "home", "alice", "alice's")
		require.NoError(t, err)
	})
}

func TestLimitersForgetTheOldest(t *testing.T) {
	t.Parallel()
	l := limiters{every: time.Hour, burst: 1}
	l.failed("first")
	require.False(t, l.allows("first"))
	for i := range 2 * mostKeys {
		l.failed(fmt.Sprint(i))
	}
	assert.LessOrEqual(t, len(l.young)+len(l.old), 2*mostKeys)
	assert.True(t, l.allows("first"))
	assert.False(t, l.allows(fmt.Sprint(mostKeys)), "one of the latest")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.1:1234":          "192.0.2.1",
		"[2001:db8:1:2:3::4]:443": "2001:db8:1:2::/64",
		"[::ffff:192.0.2.1]:1":    "192.0.2.1",
		"[fe80::1%eth0]:1":        "fe80::/64",
		"@":                       "@", // a unix socket
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		assert.Equal(t, want, RemoteAddress(r))
		assert.Equal(t, want, ForwardedAddress(r, "X-Forwarded-For"), "the header is missing")
		r.Header.Add("X-Forwarded-For", "10.0.0.1, of the client")
		r.Header.Add("X-Forwarded-For", "10.0.0.2,198.51.100.7")
		assert.Equal(t, "198.51.100.7", ForwardedAddress(r, "X-Forwarded-For"))
	}
}

func TestDemoUsersCanLogIn(t *testing.T) {
	t.Parallel()
	demo, err := DemoUsers()
	require.NoError(t, err)
	for login, password := range map[string]string{"alice": "wonderland", "bob": "builder"} {
		user, err := newPasswords(demo).check(t.Context(), "home", login, password)
		require.NoError(t, err)
		assert.Equal(t, login, user.ID)
	}
}
