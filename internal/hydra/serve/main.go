// Command serve runs a real Hydra on this machine until it is interrupted, for
// trying things out. Its data is in a temporary file, which is gone then.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := hydra.UntilInterrupted()
	defer stop()
	cfg := hydra.Config{Log: os.Stderr}
	flag.IntVar(&cfg.AdminPort, "admin", 4445, "port of the admin API; 0 takes a free one")
	flag.IntVar(&cfg.PublicPort, "public", 4444, "port of the public API; 0 takes a free one")
	flag.StringVar(&cfg.ProviderURL, "provider", "http://127.0.0.1:3000", "where /login, /consent, /logout and /device are")
	v2 := flag.Bool("v2", false, "run Hydra "+hydra.V2.Name+" instead of "+hydra.V1.Name)
	binary := flag.String("binary", "", "run this binary of Hydra v2 or later instead")
	flag.Parse()
	if *v2 {
		cfg.Version = hydra.V2
	}
	if *binary != "" {
		var err error
		if cfg.Version, err = hydra.FromBinary(*binary); err != nil {
			return err
		}
	}
	s, err := hydra.Start(ctx, cfg)
	if errors.Is(err, hydra.ErrOutside) {
		return fmt.Errorf("run this in a clone of hydra-admin-go, or give -binary: %w", err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("Hydra is running until you press Ctrl-C.\n\nexport HYDRA_ADMIN_URL=%s\nexport HYDRA_PUBLIC_URL=%s\n", s.AdminURL, s.PublicURL)
	<-ctx.Done()
	return s.Stop()
}
