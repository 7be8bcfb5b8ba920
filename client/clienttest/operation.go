package clienttest

import (
	"slices"
	"strings"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// match finds the operation of a request. Path is escaped, and without what the
// version puts before every path.
func match(method, path string) (client.Operation, bool) {
	elements := strings.Split(path, "/")
	i := slices.IndexFunc(operations, func(op client.Operation) bool {
		return op.Method == method && slices.EqualFunc(strings.Split(op.Path, "/"), elements, fits)
	})
	if i < 0 {
		return client.Operation{}, false
	}
	return operations[i], true
}

func fits(template, element string) bool {
	return template == element || strings.HasPrefix(template, "{") && element != ""
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
