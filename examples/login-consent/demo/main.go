// Command demo runs the provider together with a real Hydra and an app to log in to:
//
//	go run ./examples/login-consent/demo
//
// Hydra is built if need be, which takes a C compiler and, the first time, some
// minutes. Its data is in a temporary file, which is gone after Ctrl-C. With -binary it
// runs a Hydra that is there already; from v25.4 on the app has a device to connect, too.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/hydra-sdk/hydra-admin-go/internal/demo"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run() error {
	v2 := flag.Bool("v2", false, "run Hydra "+hydra.V2.Name+" instead of "+hydra.V1.Name)
	binary := flag.String("binary", "", "run this binary of Hydra v2 or later instead")
	flag.Parse()
	version := hydra.V1
	if *v2 {
		version = hydra.V2
	}
	ctx, stop := hydra.UntilInterrupted()
	defer stop()
	if *binary != "" {
		var err error
		if version, err = hydra.FromBinary(*binary); err != nil {
			return err
		}
	}
	d, err := demo.Start(ctx, demo.Config{Version: version, Log: os.Stderr})
	if err != nil {
		return err
	}
	fmt.Printf("\nOpen %s and sign in as alice, with the password wonderland. Ctrl-C ends it.\n\n", d.AppURL)
	<-ctx.Done()
	return d.Stop()
}
