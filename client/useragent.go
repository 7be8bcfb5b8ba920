package client

import (
	"runtime/debug"
	"sync"
)

// userAgent names this library and, if the program was built with a release of it, its
// version.
var userAgent = sync.OnceValue(func() string {
	const name, module = "hydra-admin-go", "github.com/hydra-sdk/hydra-admin-go"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return name
	}
	return name + versionIn(info.Deps, module)
})

// versionIn returns "/v1.2.3" for a dependency of that version, and "" for one that has
// none.
func versionIn(deps []*debug.Module, module string) string {
	for _, dep := range deps {
		if dep.Path == module && dep.Replace == nil && dep.Version != "" && dep.Version != "(devel)" {
			return "/" + dep.Version
		}
	}
	return ""
}
