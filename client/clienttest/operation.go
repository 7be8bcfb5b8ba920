package clienttest

import (
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/fixture"
)

// match finds the operation of a request. Path is escaped, and without the prefix of
// the version.
func match(method, path string) (client.Operation, bool) {
	for _, op := range operations {
		if _, ok := fixture.PathParams(op.Path, path); ok && op.Method == method {
			return op, true
		}
	}
	return client.Operation{}, false
}

// byID finds an operation by its operationId.
func (s *Server) byID(id string) client.Operation {
	s.tb.Helper()
	i := slices.IndexFunc(operations, func(op client.Operation) bool { return op.ID == id })
	if i < 0 {
		s.tb.Fatalf("clienttest: no operation is called %q; there are %s", id, strings.Join(operationIDs(), ", "))
	}
	return operations[i]
}

func operationIDs() []string {
	ids := make([]string, len(operations))
	for i, op := range operations {
		ids[i] = op.ID
	}
	slices.Sort(ids)
	return ids
}
