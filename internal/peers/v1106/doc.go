// Package v1106 is the part of package peers for hydra-client-go v1.10.6.
package v1106
