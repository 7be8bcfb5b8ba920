// Package programs has small programs of the kinds that use Hydra's admin API in public.
// README.md says what they are.
package programs
