// Command servers writes down which operations, parameters and members the OpenAPI
// documents of Hydra's own servers have, by version. Its test compares them with
// openapi/admin.yaml. The documents are not part of this repository: names.txt has
// nothing of them but names.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("specs", documents(), "the `directory` of the documents, hydra-<version>.json")
	out := flag.String("o", "servers/names.txt", "the `file` to write")
	flag.Parse()
	all, err := readServers(*dir)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, []byte(all.String()), 0o600); err != nil {
		log.Fatal(err)
	}
}

// documents returns where the documents are: SERVER_SPECS, or next to the repository.
func documents() string {
	if dir := os.Getenv("SERVER_SPECS"); dir != "" {
		return dir
	}
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "../../../../shared/specs")
}

// An extract is what the documents of servers have.
type extract struct {
	versions []string // oldest first
	names    map[string]versionSet
}

// A versionSet has the bit 1<<i for the version of index i.
type versionSet uint

const header = "# What the OpenAPI documents of servers have, written by go run ./servers: "

// String writes an extract: a line for each name and the versions that have it.
func (e *extract) String() string {
	lines := make([]string, 0, len(e.names))
	for name, set := range e.names {
		lines = append(lines, fmt.Sprintf("%s: %s\n", name, strings.Join(e.list(set), " ")))
	}
	slices.Sort(lines)
	return header + strings.Join(e.versions, " ") + "\n" + strings.Join(lines, "")
}

// parse reads what String has written.
func parse(text string) (*extract, error) {
	first, rest, _ := strings.Cut(text, "\n")
	versions, ok := strings.CutPrefix(first, header)
	if !ok {
		return nil, fmt.Errorf("not an extract: %q", first)
	}
	e := &extract{versions: strings.Fields(versions), names: make(map[string]versionSet)}
	for line := range strings.Lines(rest) {
		name, versions, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for v := range strings.FieldsSeq(versions) {
			i := slices.Index(e.versions, v)
			if i < 0 {
				return nil, fmt.Errorf("unknown version: %q", line)
			}
			e.names[name] |= 1 << i
		}
	}
	return e, nil
}

// list returns the versions of a set.
func (e *extract) list(set versionSet) []string {
	var of []string
	for i, v := range e.versions {
		if set&(1<<i) != 0 {
			of = append(of, v)
		}
	}
	return of
}

// all is the set of all versions.
func (e *extract) all() versionSet { return 1<<len(e.versions) - 1 }

// readServers reads the documents of a directory.
func readServers(dir string) (*extract, error) {
	files, err := filepath.Glob(filepath.Join(dir, "hydra-*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no documents in %s", dir)
	}
	e := &extract{names: make(map[string]versionSet)}
	for _, file := range files {
		e.versions = append(e.versions, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "hydra-"), ".json"))
	}
	slices.SortFunc(e.versions, compareVersions)
	for i, version := range e.versions {
		doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, "hydra-"+version+".json"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", version, err)
		}
		w := walk{names: e.names}
		w.document(doc, 1<<i)
	}
	return e, nil
}
