//go:build live

package browser

import (
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

const (
	connect      = "Connect a device"
	connected    = "Your device is connected"
	deviceAsks   = "Corner Bakery Kiosk asks for access"
	kioskWaits   = "Connect this kiosk"
	kioskIsReady = "This kiosk is connected"
)

// A kiosk has the texts and links on the screen of the device.
type kiosk struct{ screen, code, address, complete string }

// findsKiosk opens the kiosk of the app, which starts a device flow.
func (v visitor) findsKiosk() kiosk {
	v.Helper()
	v.open(v.AppURL, shop)
	v.press("Connect a kiosk", kioskWaits)
	k := kiosk{screen: v.address(), code: result(v, chromedp.Text("#code"))}
	k.address = result(v, chromedp.AttributeValue("#address", "href")).Value
	k.complete = result(v, chromedp.AttributeValue("#complete", "href")).Value
	assert.Len(v, k.code, 8)
	return k
}

// allows signs in for a device, and waits until it is connected.
func (v visitor) allows(k kiosk) {
	v.Helper()
	v.sees("Sign in")
	v.logIn(false)
	v.press("Sign in", deviceAsks)
	v.press("Allow", connected)
	v.open(k.screen, kioskIsReady)
	assert.Contains(v, v.claims(), `"sub": "alice"`)
	assert.Contains(v, v.claims(), `"name": "Alice Liddell"`)
}

func connectsDevice(v visitor) {
	k := v.findsKiosk()
	v.open(k.address, connect)
	v.accessible()
	v.picture("device")
	v.fill("Code", " "+k.code+" ")
	v.press("Connect", "Sign in")
	v.allows(k)
}

func confirmsDevice(v visitor) {
	k := v.findsKiosk()
	v.open(k.complete, connect)
	assert.Equal(v, k.code, result(v, chromedp.Value("#code")))
	v.press("Connect", "Sign in")
	v.allows(k)
}

func correctsCode(v visitor) {
	k := v.findsKiosk()
	v.open(k.address, connect)
	v.fill("Code", "wrong")
	v.isRefused()
	v.accessible()
	v.do(chromedp.Clear("#code"))
	v.fill("Code", k.code)
	v.press("Connect", "Sign in")
	v.allows(k)
}

func usesCodeTwice(v visitor) {
	k := v.findsKiosk()
	v.open(k.complete, connect)
	v.press("Connect", "Sign in")
	v.allows(k)
	v.open(k.complete, connect)
	v.isRefused()
}

// isRefused presses the button, and waits for the page that refuses the code.
func (v visitor) isRefused() {
	v.Helper()
	v.press("Connect", connect)
	v.do(chromedp.WaitVisible(`//*[@role="alert" and contains(., "This code does not work")]`))
}

var deviceStories = []story{
	{"connects a device by its code", connectsDevice},
	{"confirms the code of a link", confirmsDevice},
	{"corrects a wrong code", correctsCode},
	{"uses a code twice", usesCodeTwice},
}
