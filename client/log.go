package client

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"
)

// WithLogger writes a line to l for each call: its operation, method and path template,
// the status of the response if there was one, how long it took, how many attempts it made,
// and retry_budget_empty if a retry was not made for that reason.
// Calls that succeed are of level Debug, others of level Info with their error; calls
// that are refused before anything is sent are not logged. No line has a secret of its call;
// section Secrets of the package documentation says what counts as one. Each page of an
// iterator is a call, and so is a request that another call needs to understand a response.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) error {
		if l == nil {
			return &ArgumentError{Argument: "l of WithLogger", Reason: "is nil"}
		}
		c.log = func(r *record, status int, err error) { r.writeTo(l, status, err) }
		return nil
	}
}

// record is what is logged about a call.
type record struct {
	ctx      context.Context //nolint:containedctx // of the call, and gone with it
	log      func(r *record, status int, err error)
	op       *operation
	start    time.Time
	attempts int

	budgetEmpty bool // there was no retry for that reason
}

// write ends the record of a call. It does nothing without a logger.
func (r *record) write(status int, err error) {
	if r != nil {
		r.log(r, status, err)
	}
}

func (r *record) writeTo(l *slog.Logger, status int, err error) {
	level := slog.LevelDebug
	attrs := []slog.Attr{slog.String("operation", r.op.ID), slog.String("method", r.op.Method), slog.String("path", r.op.Path)}
	if failure := (*Error)(nil); errors.As(err, &failure) {
		status = failure.StatusCode
	}
	if status != 0 {
		attrs = append(attrs, slog.Int("status", status))
	}
	attrs = append(attrs, slog.Duration("duration", time.Since(r.start)), slog.Int("attempts", r.attempts))
	if r.budgetEmpty {
		attrs = append(attrs, slog.Bool("retry_budget_empty", true))
	}
	if err != nil {
		level = slog.LevelInfo
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	l.LogAttrs(r.ctx, level, "call of Hydra's admin API", attrs...)
}

// LogValue logs the items as package log/slog logs one alone, without their secrets. It
// does not look into a slice.
func (p Page[T]) LogValue() slog.Value {
	items := make([]slog.Attr, len(p.Items))
	for i, item := range p.Items {
		items[i] = slog.Any(strconv.Itoa(i), item)
	}
	return slog.GroupValue(slog.Int("total", p.Total), slog.Bool("more", p.Next != ""), slog.Attr{Key: "items", Value: slog.GroupValue(items...)})
}

type operationKey struct{}

// OperationFromContext returns the operation that a request is made for, given the
// context of the request: for the transport of [WithHTTPClient], such as one that
// counts or traces calls and wants names that do not differ from call to call. It
// reports false for other contexts.
func OperationFromContext(ctx context.Context) (Operation, bool) {
	op, ok := ctx.Value(operationKey{}).(*Operation)
	if !ok {
		return Operation{}, false
	}
	return *op, true
}
