// Command bench measures this SDK side by side with other clients of the same API:
//
//	cd internal/peers/bench && go run . -update
//
// Each contender is a program of its own, all run at the same time and take turns of a
// few milliseconds, so that whatever else the machine does meets all of them. What
// counts is the ratio to a client written by hand, with the interval that holds the
// median of the turns with 95 % confidence. Answers are recordings, from memory or from
// a server on loopback, and what a contender makes of each is checked.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// Names of contenders that the report refers to.
const (
	nameFloor = "by hand"
	nameSDK   = "this SDK"
	nameFour  = "this SDK, 4 in flight"
	nameV1118 = "v1.11.8"
)

// makers are the contenders that can be part of this program. Of two that are the same
// the second shows how exact the ratios are.
var makers = map[string]contest.Maker{
	nameFloor:            floor,
	"by hand, again":     floor,
	nameV1118:            officialV1,
	"v2.2.1":             officialV2,
	"stock oapi-codegen": stockOutput,
	nameSDK:              thisSDK(),
	nameFour:             thisSDK(client.WithPagesInFlight(4)),
}

func main() {
	log.SetFlags(0)
	var (
		contender = flag.String("contender", "", "be this contender; used by the program itself")
		serve     = flag.Bool("serve", false, "be the server; used by the program itself")
		o         options
	)
	flag.StringVar(&o.parts, "parts", "connections,memory,loopback,list,crowd,unknown,footprint", "what to measure")
	flag.IntVar(&o.rounds, "rounds", 60, "turns of each contender for each call")
	flag.DurationVar(&o.turn, "turn", 10*time.Millisecond, "how long a turn is")
	flag.DurationVar(&o.crowd, "crowd", 2*time.Second, "how long 64 goroutines make calls")
	flag.IntVar(&o.walks, "walks", 5, "how often each contender lists all clients")
	flag.BoolVar(&o.large, "large", false, "list 200,000 clients, too")
	update := flag.Bool("update", false, "write the report and its chart")
	check := flag.Bool("check", false, "fail if a goal is missed for sure")
	flag.Parse()

	switch {
	case *serve:
		log.Fatal(runServer())
	case *contender != "":
		if err := contest.Work(makers[*contender]); err != nil {
			log.Fatal(err)
		}
	default:
		r, err := run(o)
		if err != nil {
			log.Fatal(err)
		}
		if err := r.write(os.Stdout, *update); err != nil {
			log.Fatal(err)
		}
		if err := r.check(); err != nil && *check {
			log.Fatal(err)
		}
	}
}

type options struct {
	parts         string
	rounds, walks int
	turn, crowd   time.Duration
	large         bool
}

func (o options) has(part string) bool { return strings.Contains(","+o.parts+",", ","+part+",") }

// runServer serves until it is killed.
func runServer() error {
	s, err := contest.Serve()
	if err != nil {
		return err
	}
	fmt.Println(s.URL)
	_, err = os.Stdin.Read(make([]byte, 1)) // until the other end is gone
	return err
}
