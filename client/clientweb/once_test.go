package clientweb_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hydra-sdk/hydra-admin-go/client"
	"github.com/hydra-sdk/hydra-admin-go/client/clientweb"
	"github.com/hydra-sdk/hydra-admin-go/models"
)

// counter returns a call that counts how often it was called, and says so in its response.
func counter(calls *atomic.Int64) func(context.Context) (*models.CompletedRequest, error) {
	return func(context.Context) (*models.CompletedRequest, error) {
		return &models.CompletedRequest{RedirectTo: fmt.Sprint(calls.Add(1))}, nil
	}
}

func TestSubmitsAtOnceGetOneResponse(t *testing.T) {
	t.Parallel()
	var once clientweb.Once
	var calls atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			done, err := once.Do(t.Context(), "challenge", "alice", counter(&calls))
			if assert.NoError(t, err) {
				assert.Equal(t, "1", done.RedirectTo)
				done.RedirectTo = "changed by one of them"
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, calls.Load())
}

func TestOtherChallengesAndDecisionsAreCalled(t *testing.T) {
	t.Parallel()
	var once clientweb.Once
	var calls atomic.Int64
	for _, form := range [][2]string{{"a", "alice"}, {"a", "bob"}, {"b", "alice"}, {"", ""}, {"aa", "lice"}} {
		for range 2 {
			_, err := once.Do(t.Context(), form[0], form[1], counter(&calls))
			require.NoError(t, err)
		}
	}
	assert.EqualValues(t, 5, calls.Load())
}

func TestTheSecondClickDoesNotStopTheFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		first, leave := context.WithCancel(t.Context())
		go func() {
			_, err := once.Do(first, "challenge", "allow", func(ctx context.Context) (*models.CompletedRequest, error) {
				time.Sleep(time.Second) // in the bubble: Hydra is slow
				return &models.CompletedRequest{RedirectTo: "first"}, ctx.Err()
			})
			assert.NoError(t, err)
		}()
		synctest.Wait()
		leave()
		done, err := once.Do(t.Context(), "challenge", "allow", func(context.Context) (*models.CompletedRequest, error) {
			return nil, errors.New("called again")
		})
		require.NoError(t, err)
		assert.Equal(t, "first", done.RedirectTo)
	})
}

func TestAWaitingSubmitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		go once.Do(t.Context(), "challenge", "allow", func(context.Context) (*models.CompletedRequest, error) {
			time.Sleep(time.Minute)
			return &models.CompletedRequest{}, nil
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := once.Do(ctx, "challenge", "allow", nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		time.Sleep(time.Minute)
	})
}

func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	var once clientweb.Once
	var calls atomic.Int64
	lost := errors.New("lost")
	for _, failing := range []func(context.Context) (*models.CompletedRequest, error){
		func(context.Context) (*models.CompletedRequest, error) { return nil, lost },
		func(context.Context) (*models.CompletedRequest, error) { return nil, nil }, //nolint:nilnil // a mistake
	} {
		done, err := once.Do(t.Context(), "challenge", "alice", failing)
		require.Error(t, err)
		assert.Nil(t, done)
	}
	assert.Panics(t, func() {
		_, _ = once.Do(t.Context(), "challenge", "alice", func(context.Context) (*models.CompletedRequest, error) { panic("a bug") })
	})
	done, err := once.Do(t.Context(), "challenge", "alice", counter(&calls))
	require.NoError(t, err)
	assert.Equal(t, "1", done.RedirectTo)
}

func TestThoseWhoWaitForAPanicGetAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		go func() {
			defer func() { _ = recover() }()
			_, _ = once.Do(t.Context(), "challenge", "allow", func(context.Context) (*models.CompletedRequest, error) {
				time.Sleep(time.Second)
				panic("a bug")
			})
		}()
		synctest.Wait()
		_, err := once.Do(t.Context(), "challenge", "allow", nil)
		require.Error(t, err)
	})
}

func TestResponsesAreKeptForAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		var calls atomic.Int64
		for _, want := range []string{"1", "1", "2"} {
			done, err := once.Do(t.Context(), "challenge", "alice", counter(&calls))
			require.NoError(t, err)
			assert.Equal(t, want, done.RedirectTo)
			time.Sleep(31 * time.Second)
		}
	})
}

func TestOnlyTheLatestResponsesAreKept(t *testing.T) {
	t.Parallel()
	var once clientweb.Once
	var calls atomic.Int64
	do := func(i int) string {
		done, err := once.Do(t.Context(), fmt.Sprint(i), "", counter(&calls))
		require.NoError(t, err)
		return done.RedirectTo
	}
	for i := range 5000 {
		do(i)
	}
	assert.Equal(t, "4999", do(4998), "one of the latest")
	assert.Equal(t, "5001", do(0), "one of the first")
}

// granted is what Hydra returns to an accepted consent.
func granted(context.Context) (*models.CompletedRequest, error) {
	return &models.CompletedRequest{RedirectTo: "https://auth.example.com/oauth2/auth?client_id=app&consent_verifier=x"}, nil
}

func TestAConsentIsNotDecidedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		require.NoError(t, once.Decided("challenge"))
		for _, wait := range []time.Duration{0, 0, 100 * time.Millisecond, 400 * time.Millisecond, 1499 * time.Millisecond} {
			time.Sleep(wait)
			_, err := once.Do(t.Context(), "challenge", "allow", granted)
			require.NoError(t, err, "a second click")
			require.ErrorIs(t, once.Decided("challenge"), clientweb.ErrDecidedBefore)
		}
		for _, wait := range []time.Duration{time.Millisecond, time.Minute, 50 * time.Minute} {
			time.Sleep(wait)
			for _, decision := range []string{"allow", "deny"} {
				_, err := once.Do(t.Context(), "challenge", decision, granted)
				require.ErrorIs(t, err, clientweb.ErrDecidedBefore)
				require.ErrorIs(t, err, client.ErrConflict)
				assert.Equal(t, http.StatusConflict, clientweb.Explain(err).Status)
			}
		}
		_, err := once.Do(t.Context(), "another challenge", "allow", granted)
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		require.NoError(t, once.Decided("challenge"))
		_, err = once.Do(t.Context(), "challenge", "allow", granted)
		require.NoError(t, err, "forgotten: Hydra has let it expire")
	})
}

func TestASecondClickWhileHydraTakesLongIsNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		for range 2 {
			go func() {
				_, err := once.Do(t.Context(), "challenge", "allow", func(ctx context.Context) (*models.CompletedRequest, error) {
					time.Sleep(10 * time.Second)
					return granted(ctx)
				})
				assert.NoError(t, err)
			}()
			time.Sleep(3 * time.Second)
		}
		time.Sleep(5 * time.Second)
		_, err := once.Do(t.Context(), "challenge", "allow", granted)
		require.NoError(t, err, "the first response came a second ago")
	})
}

func TestLoginsAreDecidedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		for range 3 {
			_, err := once.Do(t.Context(), "challenge", "alice", func(context.Context) (*models.CompletedRequest, error) {
				return &models.CompletedRequest{RedirectTo: "https://auth.example.com/oauth2/auth?login_verifier=x"}, nil
			})
			require.NoError(t, err)
			require.NoError(t, once.Decided("challenge"))
			time.Sleep(10 * time.Second)
		}
	})
}

func TestOnlyTheLatestConsentsAreKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var once clientweb.Once
		decide := func(i int) error {
			_, err := once.Do(t.Context(), fmt.Sprint(i), "allow", granted)
			return err
		}
		for i := range 66_000 {
			require.NoError(t, decide(i))
		}
		time.Sleep(time.Minute)
		require.ErrorIs(t, decide(65_999), clientweb.ErrDecidedBefore)
		require.NoError(t, decide(0))
	})
}
