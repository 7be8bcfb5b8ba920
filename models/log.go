package models

import (
	"log/slog"
	"net/url"
	"reflect"
	"strconv"
	"time"
)

// A member is a member of a model that may be logged.
type member struct {
	name  string
	value any
}

// logValue returns a group of the members that are set.
func logValue(members ...member) slog.Value {
	attrs := make([]slog.Attr, 0, len(members))
	for _, m := range members {
		value := reflect.ValueOf(m.value)
		if !value.IsValid() || value.IsZero() {
			continue
		}
		switch v := m.value.(type) {
		case *bool:
			attrs = append(attrs, slog.Bool(m.name, *v))
		case string, bool, int64, time.Time, []string, slog.LogValuer, slog.Value:
			attrs = append(attrs, slog.Any(m.name, v))
		default:
			if value.Kind() == reflect.String { // an enumeration
				attrs = append(attrs, slog.String(m.name, value.String()))
			}
		}
	}
	if len(attrs) == 0 { // a group without members would not be logged at all
		return slog.StringValue("[redacted]")
	}
	return slog.GroupValue(attrs...)
}

// logList returns a group with an entry for each model: package slog does not call
// LogValue of the elements of a slice.
func logList[T slog.LogValuer](list []T) slog.Value {
	attrs := make([]slog.Attr, len(list))
	for i, v := range list {
		attrs[i] = slog.Any(strconv.Itoa(i), v)
	}
	return slog.GroupValue(attrs...)
}

// withoutQuery returns a URL without its query, which holds challenges, verifiers and
// the parameters of the client.
func withoutQuery(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "[redacted]"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
