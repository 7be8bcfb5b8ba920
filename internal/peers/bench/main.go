// Command bench measures this SDK side by side with other clients of the same API:
//
//	cd internal/peers/bench && go run . -update
//
// It compiles the benchmarks of this package and of module v1106 once, and runs each
// contender in short processes that take turns, so that whatever else the machine does
// meets all of them. Only values of the same round are compared, and the median of the
// rounds is given with the interval that holds it with 95 % confidence. Responses are
// recordings, from memory or from a server on loopback, and each result is checked.
//
// To add a contender, add it to the list below and to contenders_test.go, and write the
// program in footprint whose size is measured.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

const (
	nameFloor = "by hand"
	nameV1118 = "v1.11.8"
	nameV221  = "v2.2.1"
	nameSDK   = "this SDK"
	nameFour  = "this SDK, 4 in flight"
)

const (
	calls    = "Memory,Loopback,Crowd,Sequence"
	allParts = calls + ",Walk,Far walk,Unknown,Footprint"
)

// A contender is a client that takes part.
type contender struct {
	name, parts string
	// dir has its benchmark, and footprint a program that accepts a login with it.
	dir, footprint string
	// modfile is what it is built with, if not the go.mod of its module.
	modfile string
}

// contenders are in the order of the tables. Of two that are the same the second shows
// how exact the ratios are.
var contenders = []contender{
	{nameFloor, calls + ",Walk,Far walk,Footprint", ".", "./footprint/floor", ""},
	{"by hand, again", calls, ".", "", ""},
	{nameV1118, calls + ",Walk,Far walk,Footprint", ".", "./footprint/v1118", ""},
	{"v1.10.6", calls + ",Walk,Footprint", "../v1106", "./footprint", ""},
	{nameV221, calls + ",Walk,Footprint", ".", "./footprint/v2", ""},
	{"stock oapi-codegen", calls + ",Walk,Footprint", ".", "./footprint/stock", ""},
	{nameSDK, allParts, ".", "./footprint/sdk", ""},
	{nameFour, "Walk,Far walk", ".", "", ""},
}

func main() {
	log.SetFlags(0)
	parts := flag.String("parts", allParts, "what to measure")
	rounds := flag.Int("rounds", 30, "turns of each contender; long benchmarks have a part of them")
	against := flag.String("against", "", "another checkout of the SDK, which takes part as well")
	raw := flag.String("raw", "", "write what the benchmarks print into this file, for go tool benchstat")
	update := flag.Bool("update", false, "write the report and its chart")
	check := flag.Bool("check", false, "fail if a goal is missed for sure")
	flag.Parse()

	dir, err := os.MkdirTemp("", "bench")
	if err == nil && *against != "" {
		err = take(*against, dir)
	}
	r := &results{values: map[key][]float64{}}
	if err == nil {
		err = r.measure(dir, *parts, *rounds)
	}
	err = errors.Join(err, os.RemoveAll(dir))
	if err == nil {
		fmt.Print(r.report())
	}
	if err == nil && *raw != "" {
		err = os.WriteFile(*raw, r.raw.Bytes(), 0o600)
	}
	if err == nil && *update {
		err = errors.Join(os.WriteFile("RESULTS.md", []byte(r.report()), 0o600), r.draw("results.svg"))
	}
	if err == nil && *check {
		err = r.check()
	}
	if err != nil {
		log.Fatal(err)
	}
}

// take makes the SDK of another checkout a contender, by a go.mod in dir.
func take(checkout, dir string) error {
	checkout, err := filepath.Abs(checkout)
	if err != nil {
		return err
	}
	modfile := filepath.Join(dir, "go.mod")
	contenders = append(contenders, contender{"this SDK, of the other checkout", allParts, ".", "./footprint/sdk", modfile})
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile("../" + name) //nolint:gosec // of this module
		if err != nil {
			return err
		}
		b = bytes.Replace(b, []byte("=> ../..\n"), []byte("=> "+checkout+"\n"), 1)
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil { //nolint:gosec // a new directory
			return err
		}
	}
	return nil
}
