package main

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// number returns the numbers of a version such as v1.11. What is not released yet comes
// after all others.
func number(version string) []int {
	var n []int
	for part := range strings.SplitSeq(strings.TrimPrefix(version, "v"), ".") {
		i, err := strconv.Atoi(part)
		if err != nil {
			return []int{math.MaxInt}
		}
		n = append(n, i)
	}
	return n
}

func compareVersions(a, b string) int { return slices.Compare(number(a), number(b)) }

// since returns the versions from v2 or v25.4 on.
func (e *extract) since(first string) versionSet {
	return e.where(func(v string) bool { return compareVersions(v, first) >= 0 })
}

// until returns the versions up to v1.11, with all of its patches.
func (e *extract) until(last string) versionSet {
	return e.where(func(v string) bool {
		n, end := number(v), number(last)
		return slices.Compare(n[:min(len(n), len(end))], end) <= 0
	})
}

func (e *extract) where(has func(version string) bool) (set versionSet) {
	for i, v := range e.versions {
		if has(v) {
			set |= 1 << i
		}
	}
	return set
}

// narrow returns the versions of set that x-since and x-until of openapi/admin.yaml name.
func (e *extract) narrow(extensions map[string]any, set versionSet) versionSet {
	if first, ok := extensions["x-since"].(string); ok {
		set &= e.since(first)
	}
	if last, ok := extensions["x-until"].(string); ok {
		set &= e.until(last)
	}
	return set
}
