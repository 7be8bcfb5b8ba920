package clienttest

import (
	"encoding/json"
	"slices"
	"strings"
)

// diff shows the lines that want and got do not share.
func diff(want, got []string) string {
	common := make([][]int, len(want)+1) // common[i][j] lines are shared by want[i:] and got[j:]
	for i := range common {
		common[i] = make([]int, len(got)+1)
	}
	for i, line := range slices.Backward(want) {
		for j := len(got) - 1; j >= 0; j-- {
			if line == got[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var b strings.Builder
	b.WriteString("  --- wanted\n  +++ got\n")
	i, j := 0, 0
	line := func(sign, text string) { b.WriteString("  " + sign + " " + text + "\n") }
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			line(" ", want[i])
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			line("-", want[i])
			i++
		default:
			line("+", got[j])
			j++
		}
	}
	return b.String()
}

// lines formats JSON with one member per line, sorted by name.
func lines(body []byte) []string {
	var v any
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return strings.Split(string(body), "\n")
	}
	indented, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return strings.Split(string(body), "\n")
	}
	return strings.Split(string(indented), "\n")
}
