package main

import (
	"math"
	"slices"
)

// An interval is a median and where it lies with 95 % confidence, whatever the
// distribution: between two of the values in their order, by the binomial distribution.
type interval struct{ low, median, high float64 }

func medianOf(values []float64) interval {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	if n == 0 {
		return interval{math.NaN(), math.NaN(), math.NaN()}
	}
	half := 0.98 * math.Sqrt(float64(n)) // 1.96 standard deviations of a fair coin
	at := func(i float64) float64 { return v[min(max(int(i), 0), n-1)] }
	median := v[n/2]
	if n%2 == 0 {
		median = (v[n/2-1] + v[n/2]) / 2
	}
	middle := float64(n-1) / 2
	return interval{at(math.Floor(middle - half)), median, at(math.Ceil(middle + half))}
}
