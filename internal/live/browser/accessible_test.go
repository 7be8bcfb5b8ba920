//go:build live

package browser

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// accessible checks that each control has a name, and that the page has a language, a
// title and one heading of the first level.
func (v visitor) accessible() {
	v.Helper()
	tree := result(v, func(ctx context.Context, target *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		return cdp.Call(ctx, target, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	found := map[string]int{}
	for _, node := range tree.Nodes {
		if node.Ignored {
			continue
		}
		role := text(node.Role)
		found[role]++
		switch role {
		case "button", "checkbox", "textbox", "link", "RootWebArea":
			assert.NotEmpty(v, text(node.Name), "a %s has no name", role)
		}
	}
	assert.Positive(v, found["button"])
	assert.Positive(v, found["textbox"]+found["checkbox"])
	assert.Equal(v, 1, found["heading"])
	assert.Equal(v, 1, found["main"])
	assert.Equal(v, "en", result(v, chromedp.AttributeValue("html", "lang")).Value)
}

func text(value *accessibility.Value) string {
	if value == nil {
		return ""
	}
	return strings.Trim(string(value.Value), `"`)
}
