package provider

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong passwords and codes are free, and how long each one after that takes to
// come back. An account has more, so that a guesser at one address does not lock out the
// user at another.
const (
	addressBurst, addressEvery = 10, 6 * time.Second
	accountBurst, accountEvery = 50, 30 * time.Second
	// mostKeys is how many addresses, and how many accounts, are remembered at least.
	mostKeys = 10_000
	// mostWaiting is how many checks of one address may wait for their turn.
	mostWaiting = 4
	// longestWait is how long a check may wait for a processor.
	longestWait = 10 * time.Second
)

var (
	errPassword = errors.New("wrong password")
	errTooMany  = errors.New("too many wrong passwords")
	errBusy     = errors.New("too many passwords are checked at a time")
)

// passwords checks passwords. It bounds guessing, and how much of the machine one address
// can take: each check takes a processor for some tenths of a second, and only one of an
// address runs at a time. Addresses that were wrong lately share half of the processors, so
// that others need not wait for them.
type passwords struct {
	users     Users
	decoy     User          // is checked where there is no user
	effort    atomic.Int64  // the iterations of the last user, so that the decoy takes the same time
	hashing   chan struct{} // bounds how many are checked at a time
	suspects  chan struct{} // bounds how many of them are of addresses that were wrong lately
	addresses limiters
	accounts  limiters

	mu    sync.Mutex
	turns map[string]*turn // by address
}

// A turn lets one check of an address run at a time.
type turn struct {
	running chan struct{}
	present int // those that run or wait
}

func newPasswords(users Users) *passwords {
	return &passwords{
		users: users, turns: map[string]*turn{},
		hashing: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))), suspects: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		decoy:     User{Salt: make([]byte, 16), Key: make([]byte, sha256.Size)},
		addresses: limiters{every: addressEvery, burst: addressBurst}, accounts: limiters{every: accountEvery, burst: accountBurst},
	}
}

// check returns the user with this login and password.
func (p *passwords) check(ctx context.Context, address, login, password string) (User, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, longestWait, errBusy)
	defer cancel()
	leave, err := p.enter(ctx, address)
	if err != nil {
		return User{}, err
	}
	defer leave()
	if !p.allows(address) || !p.accounts.allows(login) {
		return User{}, errTooMany
	}
	user, err := p.users.ByLogin(ctx, login)
	if err != nil && !errors.Is(err, ErrNoUser) {
		return User{}, err
	}
	if err == nil {
		p.effort.Store(int64(user.Iterations))
	} else {
		user = p.decoy
		user.Iterations = cmp.Or(int(p.effort.Load()), Iterations)
	}
	rooms := []chan struct{}{p.hashing}
	if !p.addresses.isFresh(address) {
		rooms = []chan struct{}{p.suspects, p.hashing}
	}
	for _, room := range rooms {
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
		case <-ctx.Done():
			return User{}, context.Cause(ctx)
		}
	}
	if right := user.has(password); right && err == nil {
		return user, nil
	}
	p.failed(address)
	p.accounts.failed(login)
	if err != nil {
		return User{}, err
	}
	return User{}, errPassword
}

// allows reports whether an address may try a password or code, and failed says that it was
// wrong.
func (p *passwords) allows(address string) bool { return p.addresses.allows(address) }
func (p *passwords) failed(address string)      { p.addresses.failed(address) }

// enter waits until no other check of the address runs.
func (p *passwords) enter(ctx context.Context, address string) (leave func(), err error) {
	p.mu.Lock()
	t := p.turns[address]
	if t == nil {
		t = &turn{running: make(chan struct{}, 1)}
		p.turns[address] = t
	}
	if t.present > mostWaiting {
		p.mu.Unlock()
		return nil, errTooMany
	}
	t.present++
	p.mu.Unlock()
	gone := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if t.present--; t.present == 0 {
			delete(p.turns, address)
		}
	}
	select {
	case t.running <- struct{}{}:
		return func() { <-t.running; gone() }, nil
	case <-ctx.Done():
		gone()
		return nil, context.Cause(ctx)
	}
}

// limiters has a limiter for each key that failed lately. It holds two generations of them,
// and forgets the older one when the younger one is full.
type limiters struct {
	every time.Duration
	burst int

	mu         sync.Mutex
	young, old map[[sha256.Size]byte]*rate.Limiter
}

func (l *limiters) allows(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := l.find(sha256.Sum256([]byte(key))) // what is typed may be long
	return found == nil || found.Tokens() >= 1
}

// isFresh reports whether the key has not failed lately.
func (l *limiters) isFresh(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := l.find(sha256.Sum256([]byte(key)))
	return found == nil || found.Tokens() >= float64(l.burst)
}

func (l *limiters) failed(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := sha256.Sum256([]byte(key))
	found := l.find(k)
	if found == nil {
		found = rate.NewLimiter(rate.Every(l.every), l.burst)
	}
	if l.young == nil || len(l.young) >= mostKeys {
		l.young, l.old = make(map[[sha256.Size]byte]*rate.Limiter), l.young
	}
	l.young[k] = found
	found.Allow()
}

func (l *limiters) find(k [sha256.Size]byte) *rate.Limiter {
	if found := l.young[k]; found != nil {
		return found
	}
	return l.old[k]
}

// RemoteAddress returns where a request comes from. A network of IPv6 counts as one address,
// since a customer has all of it. Behind a proxy it is the address of the proxy.
func RemoteAddress(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return network(from.Addr())
}

// ForwardedAddress returns where a request comes from by a header that the proxy in front of
// the provider sets. The last element is that of the proxy: a client can write the others.
func ForwardedAddress(r *http.Request, header string) string {
	list := strings.Join(r.Header.Values(header), ",")
	last := strings.TrimSpace(list[strings.LastIndex(list, ",")+1:])
	if a, err := netip.ParseAddr(last); err == nil {
		return network(a)
	}
	return RemoteAddress(r)
}

func network(a netip.Addr) string {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
