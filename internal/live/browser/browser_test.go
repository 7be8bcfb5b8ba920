//go:build live

package browser

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/internal/demo"
	"github.com/hydra-sdk/hydra-admin-go/internal/hydra"
)

var update = flag.Bool("update", false, "make the screenshots")

// start runs the demo and a browser.
func start(t *testing.T, version hydra.Version, n *network) (*demo.Demo, context.Context) {
	t.Helper()
	d, err := demo.Start(t.Context(), demo.Config{Version: version, Log: t.Output(), Transport: n, App: n.app})
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := d.Stop(); err != nil {
			t.Errorf("stopping the demo: %v", err)
		}
	})
	// A page of the back/forward cache confuses the driver.
	return d, chromium(t, chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,BackForwardCache"))
}

// chromium runs a browser.
func chromium(t *testing.T, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), flags...)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses to run as root with it
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	browser, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(browser), "Chromium is missing; on Debian: apt-get install chromium")
	return browser
}

// A visitor is a user with a browser without cookies.
type visitor struct {
	*testing.T
	*demo.Demo
	network *network
	ctx     context.Context
}

func newVisitor(browser context.Context, t *testing.T, d *demo.Demo, n *network) visitor {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(ctx)) // opens the tab, which ends with the context of this call
	n.heal()
	v := visitor{t, d, n, ctx}
	noScripts := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	v.do(chromedp.EmulateViewport(560, 720), noScripts)
	return v
}

func (v visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		require.NoError(v, err, "at %s", v.where())
	}
}

// result runs an action and returns its result.
func result[T any](v visitor, action chromedp.Action[T]) T {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, time.Minute)
	defer cancel()
	found, err := chromedp.Run(ctx, action)
	require.NoError(v, err)
	return found
}

// where returns the URL and the text of the current page.
func (v visitor) where() string {
	ctx, cancel := context.WithTimeout(v.ctx, 5*time.Second)
	defer cancel()
	url, _ := chromedp.Run(ctx, chromedp.Location())
	body, _ := chromedp.Run(ctx, chromedp.Text("body"))
	return url + "\n" + body
}

// open opens a page, and press presses the button or link with this text. Both wait for a
// page with the wanted heading.
func (v visitor) open(url, wanted string) {
	v.Helper()
	v.do(chromedp.Navigate(url))
	v.sees(wanted)
}

func (v visitor) press(text, wanted string) {
	v.Helper()
	v.do(chromedp.Click(button(text)))
	v.sees(wanted)
}

func button(text string) string {
	return `//*[(self::button or self::a) and normalize-space()="` + text + `"]`
}

// sees waits for a page with this heading.
func (v visitor) sees(heading string) {
	v.Helper()
	v.do(chromedp.WaitVisible(`//h1[normalize-space()="` + heading + `"]`))
}

// fill types into the field with this label.
func (v visitor) fill(label, text string) {
	v.Helper()
	field := `//input[@id=//label[normalize-space()="` + label + `"]/@for]`
	v.do(chromedp.SendKeys(field, text))
}

// tick clicks the checkbox with this label.
func (v visitor) tick(label string) {
	v.Helper()
	v.do(chromedp.Click(`//label[contains(normalize-space(), "` + label + `")]/input`))
}

// claims returns the claims of the ID token that the app shows.
func (v visitor) claims() string { return result(v, chromedp.Text("#claims")) }

// address returns the URL of the page, as a bookmark holds it.
func (v visitor) address() string { return result(v, chromedp.Location()) }

// picture takes a screenshot for the example, with -update: on v2, or where there are
// devices.
func (v visitor) picture(name string) {
	v.Helper()
	if !*update || v.Hydra.Version != hydra.V2 && name != "device" {
		return
	}
	file := filepath.Join("..", "..", "..", "examples", "login-consent", name+".png")
	require.NoError(v, os.WriteFile(file, result(v, chromedp.CaptureScreenshot()), 0o644))
}
