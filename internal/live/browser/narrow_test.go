//go:build live

package browser

import (
	"context"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// narrow goes through all pages on a phone, in light and in dark: nothing is wider than the
// screen.
func narrow(v visitor) {
	const width = 360
	for _, scheme := range []string{"light", "dark"} {
		v.do(chromedp.EmulateViewport(width, 740), prefers(scheme))
		fits := func(name string) {
			v.Helper()
			metrics := result(v, func(ctx context.Context, target *chromedp.Target) (page.GetLayoutMetricsResult, error) {
				return cdp.Call(ctx, target, page.GetLayoutMetrics, cdp.Empty{})
			})
			assert.LessOrEqual(v, metrics.CSSContentSize.Width, float64(width), "%s, %s", name, scheme)
			if dir := os.Getenv("SCREENSHOTS"); dir != "" {
				require.NoError(v, os.WriteFile(filepath.Join(dir, v.Hydra.Version.Name+"-"+name+"-"+scheme+".png"), result(v, chromedp.CaptureScreenshot()), 0o600))
			}
		}
		v.open(v.AppURL, shop)
		fits("shop")
		v.open(v.AppURL+"/login?as=bob", "Sign in")
		fits("login")
		v.fill("Password", "builder")
		v.tick("Keep me signed in")
		v.press("Sign in", asked)
		fits("consent")
		v.press("Allow", signedIn)
		fits("app")
		v.press("Sign out", "Sign out?")
		fits("logout")
		v.press("Sign out", shop)
		v.open(v.ProviderURL+"/error?error=invalid_request&error_description=The+request+is+missing+a+required+parameter,+includes+an+invalid+parameter+value.", "The app made a mistake")
		fits("error")
		if v.Hydra.Version.HasDeviceFlow() {
			k := v.findsKiosk()
			fits("kiosk")
			v.open(k.complete, connect)
			fits("device")
		}
	}
}

// prefers sets the colour scheme that pages are asked for.
func prefers(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
