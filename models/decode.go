package models

import (
	"encoding/json"

	"github.com/hydra-sdk/hydra-admin-go/internal/wire"
)

// Unmarshal decodes data into v as [encoding/json.Unmarshal] does: the same values and
// the same errors, in a fraction of the time if v points to a type of this package or
// a slice of one. After an error what v holds is undefined.
func Unmarshal(data []byte, v any) error {
	if read(data, v) {
		return nil
	}
	return json.Unmarshal(data, v)
}

// A model is what package wire can read, as a pointer to T.
type model[T any] interface {
	*T
	read(r *wire.Reader)
}

// readModel reports whether it has read data into v; if not, v is as it was.
func readModel[T any, M model[T]](data []byte, v *T) bool {
	if v == nil {
		return false
	}
	before := *v
	r := wire.NewReader(data)
	defer r.Release()
	if M(v).read(r); r.Done() {
		return true
	}
	*v = before
	return false
}

func readModels[T any, M model[T]](data []byte, v *[]T) bool {
	if v == nil {
		return false
	}
	before := *v
	r := wire.NewReader(data)
	defer r.Release()
	r.Remember()
	if readSlice[T, M](r, v); r.Done() {
		return true
	}
	*v = before
	return false
}

// readSlice takes the first element for as large as the others, to allocate once. A
// slice that is not empty it leaves to encoding/json, which reads into its elements.
func readSlice[T any, M model[T]](r *wire.Reader, v *[]T) {
	if r.Null() {
		*v = nil
		return
	}
	if *v != nil {
		r.GiveUp()
		return
	}
	list := []T{}
	for ok := r.List(); ok; ok = r.More() {
		if len(list) == 1 {
			list = append(make([]T, 0, r.Estimate()), list...)
		}
		list = append(list, *new(T))
		M(&list[len(list)-1]).read(r)
	}
	*v = list
}

// readPointer leaves a pointer that is not nil to encoding/json as well.
func readPointer[T any, M model[T]](r *wire.Reader, v **T) {
	if r.Null() {
		*v = nil
		return
	}
	if *v != nil {
		r.GiveUp()
		return
	}
	*v = new(T)
	M(*v).read(r)
}
