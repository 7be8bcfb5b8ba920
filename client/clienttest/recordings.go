package clienttest

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// recordings are the exchanges with a version of Hydra. The keys are the names of the
// files, with the status and without: getLoginRequest/unknown.
type recordings map[string]*fixture.Exchange

var loaded sync.Map // of Version to func() (recordings, error)

// load reads the recordings of a version, once per process.
func load(version Version) (recordings, error) {
	once, _ := loaded.LoadOrStore(version, sync.OnceValues(func() (recordings, error) {
		exchanges, err := fixture.Load(string(version))
		if err != nil {
			return nil, fmt.Errorf("no recordings of Hydra %s", version)
		}
		all := make(recordings, 2*len(exchanges))
		for _, e := range exchanges {
			name := fileName(e)
			all[name] = e
			all[strings.Replace(name, fmt.Sprintf("/%d-", e.Status), "/", 1)] = e
		}
		return all, nil
	}))
	return once.(func() (recordings, error))() //nolint:forcetypeassert // stored above
}

func fileName(e *fixture.Exchange) string { return strings.TrimSuffix(e.Name(), ".http") }

// find returns the recording of a case, or nil.
func (s *Server) find(group, name string) *fixture.Exchange { return s.recorded[group+"/"+name] }
