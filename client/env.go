package client

import (
	"errors"
	"os"
)

// EnvAdminURL is the environment variable that [NewFromEnv] reads, as Hydra's own
// command line does.
const EnvAdminURL = "HYDRA_ADMIN_URL"

// NewFromEnv is [New] with the base URL in the environment variable HYDRA_ADMIN_URL. It
// is an [*ArgumentError] if that is not set.
func NewFromEnv(opts ...Option) (*AdminAPI, error) {
	a, err := New(os.Getenv(EnvAdminURL), opts...)
	if refused := (*ArgumentError)(nil); errors.As(err, &refused) && refused.Argument == "baseURL" {
		refused.Argument = EnvAdminURL
		if os.Getenv(EnvAdminURL) == "" {
			refused.Reason = "is not set"
		}
	}
	return a, err
}
