package hydra

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// UntilInterrupted returns a context that ends when the process is told to, by Ctrl-C or
// SIGTERM. The go command passes SIGTERM on to no program that it runs: such a program ends
// after the go command has.
func UntilInterrupted() (ctx context.Context, stop context.CancelFunc) {
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if path, err := os.Executable(); err == nil && strings.Contains(path, "go-build") {
		go stopWithParent(ctx, stop)
	}
	return ctx, stop
}

func stopWithParent(ctx context.Context, stop context.CancelFunc) {
	parent := os.Getppid()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if os.Getppid() != parent {
				stop()
			}
		}
	}
}
