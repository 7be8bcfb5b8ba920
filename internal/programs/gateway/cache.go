package gateway

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// A cache remembers active tokens by their hash.
type cache struct {
	mu      sync.Mutex
	entries map[[sha256.Size]byte]entry
}

type entry struct {
	info  *models.OAuth2TokenIntrospection
	until time.Time
}

func (c *cache) get(key [sha256.Size]byte, now time.Time) *models.OAuth2TokenIntrospection {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, found := c.entries[key]
	if found && !now.Before(e.until) {
		delete(c.entries, key)
		return nil
	}
	return e.info
}

// put remembers info until a time, in place of any other entry if there are as many as limit.
func (c *cache) put(key [sha256.Size]byte, info *models.OAuth2TokenIntrospection, until time.Time, limit int) {
	if limit <= 0 || !time.Now().Before(until) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = make(map[[sha256.Size]byte]entry)
	}
	if _, found := c.entries[key]; !found && len(c.entries) >= limit {
		for other := range c.entries {
			delete(c.entries, other)
			break
		}
	}
	c.entries[key] = entry{info, until}
}
