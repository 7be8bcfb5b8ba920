//go:build live

package browser

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// A tab is one of a browser without cookies.
type tab struct {
	*testing.T
	*rig

	ctx context.Context
}

func newTab(browser context.Context, t *testing.T, r *rig) tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(ctx))
	r.posted.Store(0)
	r.beyond.Store(0)
	r.getWithPassword.Store(0)
	r.lacking.Store(0)
	r.signedOut.Store(0)
	return tab{t, r, ctx}
}

func (v tab) pause() { _ = pause(v.Context(), 20*time.Millisecond) }

// do runs steps, as long as something happens. Their errors are seen on the page.
func (v tab) do(steps ...chromedp.Action[chromedp.Void]) {
	ctx, cancel := context.WithCancel(v.ctx)
	defer cancel()
	go func() {
		for p := v.patience(); ctx.Err() == nil && !p.isOver(); {
			v.pause()
		}
		cancel()
	}()
	_ = chromedp.Do(ctx, steps...)
}

func (v tab) open(page string) { v.do(chromedp.Navigate(page)) }

// evaluate runs a script. The page may be going away meanwhile.
func evaluate[T any](v tab, script string) (result T) {
	ctx, cancel := context.WithTimeout(v.ctx, 5*time.Second)
	defer cancel()
	result, _ = chromedp.Run(ctx, chromedp.Evaluate[T](script))
	return result
}

func (v tab) run(script string) { evaluate[any](v, script); v.pause(); v.pause() }

// back goes back, and waits until another page is there: from a cache, it is not loaded.
func (v tab) back() {
	v.run(`window.left = true`)
	v.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		history, err := chromedp.NavigationEntries()(ctx, target)
		if err != nil || history.CurrentIndex == 0 {
			return err
		}
		to := page.NavigateToHistoryEntryParams{EntryID: history.Entries[history.CurrentIndex-1].ID}
		_, err = cdp.Call(ctx, target, page.NavigateToHistoryEntry, to)
		return err
	}))
	v.waitFor(func() bool { return !evaluate[bool](v, `window.left === true`) })
}

func (v tab) heading() string {
	return evaluate[string](v, `document.readyState !== 'complete' ? '' : (document.querySelector('h1') || document.body).innerText`)
}

func (v tab) address() string { return evaluate[string](v, `location.href`) }

// start is the app that starts a login: the user follows a link of the app.
func (v tab) start(prompt string) string {
	v.open(v.appURL + "/?prompt=" + prompt)
	v.do(chromedp.Click("#start"))
	return v.wait("Sign in", "Allow?", "code", "error")
}

// wait waits for a page with one of the headings, and returns what is there in place of
// it.
func (v tab) wait(headings ...string) string {
	v.Helper()
	return v.waitFor(func() bool {
		at := v.heading()
		return slices.ContainsFunc(headings, func(h string) bool { return strings.HasPrefix(at, h) })
	})
}

func (v tab) waitFor(done func() bool) string {
	v.Helper()
	for p := v.patience(); !done(); {
		if p.isOver() {
			at, _, _ := strings.Cut(v.address(), "?")
			heading := v.heading()
			return at + ": " + heading[:min(len(heading), 100)]
		}
		v.pause()
	}
	return ""
}

// A patience ends when the servers have had no request for a while, at the latest after two
// minutes. It counts looks at the page, not seconds: a busy machine looks less often.
type patience struct {
	rig   *rig
	begun int32
	looks int
	end   time.Time
}

func (r *rig) patience() *patience { return &patience{rig: r, end: time.Now().Add(2 * time.Minute)} }

func (p *patience) isOver() bool {
	ended, begun := p.rig.ended.Load(), p.rig.begun.Load()
	if begun != ended || begun != p.begun {
		p.begun, p.looks = begun, 0
	}
	p.looks++
	return p.looks > 200 || time.Now().After(p.end)
}
