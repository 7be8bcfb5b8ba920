package provider

import (
	"errors"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// accepted keeps the results of accepted logins for a minute. If a user submits the form
// twice, both requests get the same result. If another instance of the provider handles
// the second request, the login starts over.
type accepted struct {
	mu   sync.Mutex
	kept map[string]*result
}

type result struct {
	sync.Mutex // held during the request to Hydra

	done  *models.CompletedRequest
	until time.Time
}

// once calls accept and returns its result. If the login was accepted before, it returns
// the result of that call.
func (a *accepted) once(key string, accept func() (*models.CompletedRequest, error)) (*models.CompletedRequest, error) {
	entry := a.entry(key)
	entry.Lock()
	defer entry.Unlock()
	done, err := accept()
	if errors.Is(err, client.ErrConflict) && entry.done != nil {
		return entry.done, nil
	}
	if err == nil {
		entry.done = done
	}
	return done, err
}

func (a *accepted) entry(key string) *result {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	for k, entry := range a.kept {
		if now.After(entry.until) {
			delete(a.kept, k)
		}
	}
	if a.kept[key] == nil {
		if a.kept == nil {
			a.kept = make(map[string]*result)
		}
		a.kept[key] = &result{until: now.Add(time.Minute)}
	}
	return a.kept[key]
}
