package main

import (
	"os"

	"github.com/go-analyze/charts"

	"github.com/hydra-sdk/hydra-admin-go/internal/peers/contest"
)

// draw draws the time of calls from memory, relative to a client written by hand, if
// that was measured.
func (r *results) draw(file string) error {
	const part, unit = "Memory", "sec/op"
	if r.values[key{part, contest.Operations[0], nameSDK, unit}] == nil {
		return nil
	}
	names := []string{nameV221, nameV1118, "v1.10.6", "stock oapi-codegen", nameFloor, nameSDK}
	values := make([][]float64, len(names))
	for i, name := range names {
		for _, op := range contest.Operations {
			values[i] = append(values[i], r.ratio(key{part, op, name, unit}, nameFloor).Center)
		}
	}
	o := charts.NewBarChartOptionWithData(values)
	o.Title.Text = "Time of a call, by hand = 1"
	o.CategoryAxis.Labels, o.CategoryAxis.LabelCount = contest.Operations, len(contest.Operations)
	o.Legend.SeriesNames = names
	o.Legend.Offset = charts.OffsetStr{Top: "30"}
	o.Padding = charts.NewBoxEqual(16)
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: 960, Height: 420})
	if err := p.BarChart(o); err != nil {
		return err
	}
	svg, err := p.Bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(file, svg, 0o600)
}
