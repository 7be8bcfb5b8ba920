package provider

import (
	"errors"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// accepted keeps for a minute where logins that were accepted lead to: somebody who
// clicks twice gets the answer of the first click. With another instance of the
// provider in between, the login starts over.
type accepted struct {
	mu   sync.Mutex
	kept map[string]*answer
}

type answer struct {
	sync.Mutex // held while Hydra is asked

	done  *models.CompletedRequest
	until time.Time
}

// once returns what accept returns, or what it returned before if it is too late.
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

func (a *accepted) entry(key string) *answer {
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
			a.kept = make(map[string]*answer)
		}
		a.kept[key] = &answer{until: now.Add(time.Minute)}
	}
	return a.kept[key]
}
