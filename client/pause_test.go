package client_test

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// TestWhatServersAskFor: a call waits as long as it is told and a random time on top, or
// ends at once if it has less time than that. What cannot be read is ignored.
func TestWhatServersAskFor(t *testing.T) {
	t.Parallel()
	const retryAfter, reset = "Retry-After", "X-Ratelimit-Reset"
	// A bubble starts at the beginning of 2000.
	inNineSeconds := time.Date(2000, 1, 1, 0, 0, 9, 0, time.UTC)
	own := [2]time.Duration{50 * time.Millisecond, 150 * time.Millisecond}
	ended := [2]time.Duration{-1, -1}
	from := func(least time.Duration) [2]time.Duration {
		return [2]time.Duration{least, least + min(least, 5*time.Second)}
	}
	tests := map[string]struct {
		status int
		header map[string]string
		pause  [2]time.Duration // between these
		opts   []client.Option
	}{
		"seconds":                          {429, map[string]string{retryAfter: "7"}, from(7 * time.Second), nil},
		"seconds, with spaces":             {429, map[string]string{retryAfter: " 7 "}, from(7 * time.Second), nil},
		"seconds, with 503":                {503, map[string]string{retryAfter: "7"}, from(7 * time.Second), nil},
		"nothing":                          {429, nil, own, nil},
		"zero":                             {429, map[string]string{retryAfter: "0"}, own, nil},
		"less than nothing":                {429, map[string]string{retryAfter: "-5"}, own, nil},
		"a sign":                           {429, map[string]string{retryAfter: "+5"}, own, nil},
		"a fraction":                       {429, map[string]string{retryAfter: "7.5"}, own, nil},
		"a word":                           {429, map[string]string{retryAfter: "soon"}, own, nil},
		"a word, and the other header":     {429, map[string]string{retryAfter: "soon", reset: "7"}, from(7 * time.Second), nil},
		"both":                             {429, map[string]string{retryAfter: "3", reset: "7"}, from(3 * time.Second), nil},
		"a date":                           {429, map[string]string{retryAfter: inNineSeconds.Format(http.TimeFormat)}, from(9 * time.Second), nil},
		"a date of RFC 850":                {429, map[string]string{retryAfter: inNineSeconds.Format("Monday, 02-Jan-06 15:04:05 GMT")}, from(9 * time.Second), nil},
		"a date of asctime":                {429, map[string]string{retryAfter: inNineSeconds.Format(time.ANSIC)}, from(9 * time.Second), nil},
		"a date in the past":               {429, map[string]string{retryAfter: "Thu, 01 Jan 1970 00:00:00 GMT"}, own, nil},
		"a date without a zone":            {429, map[string]string{retryAfter: "Sat, 01 Jan 2000 00:00:09"}, own, nil},
		"more than the call has":           {429, map[string]string{retryAfter: "30"}, ended, nil},
		"a date after the call":            {429, map[string]string{retryAfter: "Fri, 31 Dec 2100 23:59:59 GMT"}, ended, nil},
		"almost as much as the call has":   {429, map[string]string{retryAfter: "29"}, [2]time.Duration{29 * time.Second, 30 * time.Second}, nil},
		"a large number":                   {429, map[string]string{retryAfter: "99999999999"}, ended, nil},
		"a number of the size of a time":   {429, map[string]string{retryAfter: "1000000000"}, ended, nil},
		"a number beyond 63 bits":          {429, map[string]string{retryAfter: "99999999999999999999999"}, ended, nil},
		"a large number, without deadline": {429, map[string]string{retryAfter: "99999999999"}, ended, []client.Option{client.WithTimeout(0)}},
		"299 seconds, without deadline":    {429, map[string]string{retryAfter: "299"}, [2]time.Duration{299 * time.Second, 5 * time.Minute}, []client.Option{client.WithTimeout(0)}},
		"300 seconds, without deadline":    {429, map[string]string{retryAfter: "300"}, ended, []client.Option{client.WithTimeout(0)}},
		"a minute, without deadline":       {429, map[string]string{retryAfter: "60"}, from(time.Minute), []client.Option{client.WithTimeout(0)}},
		"reset":                            {429, map[string]string{reset: "7"}, from(7 * time.Second), nil},
		"reset, with 503":                  {503, map[string]string{reset: "7"}, own, nil},
		"reset, a large number":            {429, map[string]string{reset: "99999999999"}, ended, nil},
		"reset, a word":                    {429, map[string]string{reset: "soon"}, own, nil},
		"reset, less than nothing":         {429, map[string]string{reset: "-1"}, own, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var came []time.Time
			_, _, err := attempted(t, "getOAuth2Client", func(*http.Request) (*http.Response, error) {
				came = append(came, time.Now())
				if len(came) > 1 {
					return httpmock.NewStringResponse(http.StatusOK, `{"client_id":"c"}`), nil
				}
				resp := httpmock.NewStringResponse(tt.status, "")
				for key, value := range tt.header {
					resp.Header.Set(key, value)
				}
				return resp, nil
			}, tt.opts...)
			if tt.pause == ended {
				require.ErrorIs(t, err, statusErrors[tt.status])
				assert.Len(t, came, 1)
				return
			}
			require.NoError(t, err)
			require.Len(t, came, 2)
			pause := came[1].Sub(came[0])
			assert.GreaterOrEqual(t, pause, tt.pause[0])
			assert.LessOrEqual(t, pause, tt.pause[1])
		})
	}
}

// TestResetAsUnixTime: some gateways send the time of the reset.
func TestResetAsUnixTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		after(2 * 365 * 24 * time.Hour) // 2001, the first year that is taken for one
		start, attempts := time.Now(), 0
		api := faulty(t, func(*http.Request) (*http.Response, error) {
			if attempts++; attempts > 1 {
				return httpmock.NewStringResponse(http.StatusOK, `{"client_id":"c"}`), nil
			}
			resp := httpmock.NewStringResponse(http.StatusTooManyRequests, "")
			resp.Header.Set("X-Ratelimit-Reset", strconv.FormatInt(start.Add(4*time.Second).Unix(), 10))
			return resp, nil
		})
		_, err := api.GetOAuth2Client(t.Context(), "c", client.WithRetries(1))
		require.NoError(t, err)
		assert.GreaterOrEqual(t, time.Since(start), 4*time.Second)
		assert.Less(t, time.Since(start), 9*time.Second)
	})
}

// TestPausesGrow: from 100 milliseconds to 5 seconds, each half more or less.
func TestPausesGrow(t *testing.T) {
	t.Parallel()
	var came []time.Time
	_, _, err := attempted(t, "getOAuth2Client", func(*http.Request) (*http.Response, error) {
		came = append(came, time.Now())
		return httpmock.NewStringResponse(http.StatusTooManyRequests, ""), nil
	}, client.WithTimeout(5*time.Minute))
	require.ErrorIs(t, err, client.ErrTooManyRequests)
	require.Greater(t, len(came), 20)
	usual := 100 * time.Millisecond
	for i := range came[1:] {
		pause := came[i+1].Sub(came[i])
		assert.GreaterOrEqual(t, pause, usual/2, i)
		assert.LessOrEqual(t, pause, usual*3/2, i)
		usual = min(2*usual, 5*time.Second)
	}
}

// TestCallersSpread: callers who are told to come back at the same time do not.
func TestCallersSpread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		start, arrivals := time.Now(), map[time.Duration]int{} // by tenths of a second
		api := faulty(t, func(*http.Request) (*http.Response, error) {
			if time.Since(start) == 0 {
				resp := httpmock.NewStringResponse(http.StatusTooManyRequests, "")
				resp.Header.Set("Retry-After", "1")
				return resp, nil
			}
			mu.Lock()
			defer mu.Unlock()
			arrivals[time.Since(start)/(100*time.Millisecond)]++
			return httpmock.NewStringResponse(http.StatusNoContent, ""), nil
		})
		var callers sync.WaitGroup
		for range 64 {
			callers.Go(func() { assert.NoError(t, api.DeleteOAuth2Client(t.Context(), "c", client.WithRetries(2))) })
		}
		callers.Wait()
		assert.GreaterOrEqual(t, slices.Min(slices.Collect(maps.Keys(arrivals))), time.Duration(10))
		assert.GreaterOrEqual(t, len(arrivals), 7, "%v", arrivals)
		assert.Less(t, slices.Max(slices.Collect(maps.Values(arrivals))), 24, "%v", arrivals)
	})
}
