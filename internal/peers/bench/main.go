// Command bench measures this SDK side by side with other clients of the same API:
//
//	cd internal/peers/bench && go run . -update
//
// It compiles the benchmarks of this package and of module v1106 once, and runs each
// contender in short processes that take turns, so that whatever else the machine does
// meets all of them. Only values of the same round are compared. Responses are
// recordings, from memory or from a server on loopback, and each result is checked.
//
// To add a contender, add it to the list below and to contenders_test.go, and write the
// program in footprint whose size is measured.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

const (
	nameFloor    = "by hand"
	nameV1118    = "v1.11.8"
	nameClientGo = "client-go"
	nameSDK      = "this SDK"

	most     = "Memory,Loopback,Crowd,Sequence,Walk,Footprint"
	allParts = most + ",Far walk"
)

// A contender is a client that takes part.
type contender struct {
	name, parts string
	// dir has its benchmark, and footprint a program that accepts a login with it.
	dir, footprint string
	// work is the go.work file that it is built with, if any.
	work string
}

// contenders are in the order of the tables. Of two that are the same the second shows
// how exact the ratios are.
var contenders = []contender{
	{nameFloor, allParts, ".", "./footprint/floor", ""},
	{"by hand, again", "Memory,Loopback", ".", "", ""},
	{nameV1118, allParts, ".", "./footprint/v1118", ""},
	{"v1.10.6", most, "../v1106", "./footprint", ""},
	{"v2.2.1", most, ".", "./footprint/v2", ""},
	{nameClientGo, most, ".", "./footprint/clientgo", ""},
	{"stock oapi-codegen", most, ".", "./footprint/stock", ""},
	{nameSDK, allParts, ".", "./footprint/sdk", ""},
	{"this SDK, 4 in flight", "Walk,Far walk", ".", "", ""},
}

func main() {
	log.SetFlags(0)
	parts := flag.String("parts", allParts, "what to measure")
	rounds := flag.Int("rounds", 60, "turns of each contender; long benchmarks have a part of them")
	against := flag.String("against", "", "another checkout of the SDK, which takes part as well")
	update := flag.Bool("update", false, "write the report and its chart")
	check := flag.Bool("check", false, "fail if a goal is missed for sure")
	flag.Parse()

	dir, err := os.MkdirTemp("", "bench")
	if err == nil && *against != "" {
		err = take(*against, filepath.Join(dir, "go.work"))
	}
	r := results{}
	if err == nil {
		err = r.measure(dir, *parts, *rounds)
	}
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		log.Fatal(err)
	}
	report, missed := r.report()
	fmt.Print(report)
	if *update {
		err = errors.Join(os.WriteFile("RESULTS.md", []byte(report), 0o600), r.draw("results.svg"))
	}
	if *check {
		err = errors.Join(err, missed)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// take makes the SDK of another checkout a contender.
func take(checkout, work string) error {
	contenders = append(contenders, contender{"this SDK, of the other checkout", allParts, ".", "./footprint/sdk", work})
	checkout, err := filepath.Abs(checkout)
	module, err2 := filepath.Abs("..")
	text := fmt.Sprintf("go 1.26.0\n\nuse %q\n\nreplace github.com/hydra-sdk/hydra-admin-go => %q\n", module, checkout)
	return errors.Join(err, err2, os.WriteFile(work, []byte(text), 0o600))
}
