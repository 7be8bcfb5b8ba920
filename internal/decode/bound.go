package decode

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/models"
)

// ErrTooLarge is the error of a document that would take much more memory than its size
// accounts for. A list of a million empty objects, 3 bytes each, would take 900 bytes for
// each.
var ErrTooLarge = errors.New("it would take much more memory than its size accounts for")

// What a document may take beside the copies of its texts: room for a page of Hydra with
// nearly empty items, and a multiple of its size. What Hydra sends takes 1 to 3 times its
// size, and claims of nothing but short numbers 15 times.
const (
	baseRoom       = 4 << 20
	roomForOneByte = 16
)

// room returns that for a document of n bytes. An int of 32 bits may be too small for it.
func room(n int) int { return int(min(baseRoom+roomForOneByte*int64(n), math.MaxInt)) }

// What the values of a list or an object without a type of their own take, memory of
// earlier sizes included, in bytes. TestMemoryIsBounded measures what this comes to.
const (
	ofMap    = 48
	ofFirst  = 288 // a first member makes room for eight
	ofMember = 128 // any other
	ofHeader = 16  // a string, or an interface
)

// take accounts for n bytes that are about to be allocated, and reports whether there is
// room for them.
func (r *reader) take(n int) bool {
	if r.room -= n; r.room < 0 {
		r.refused = true
		r.giveUp()
	}
	return !r.refused
}

// takeMember accounts for the member of a map that has n members already.
func (r *reader) takeMember(n int) bool {
	switch {
	case n == 0:
		return r.take(ofFirst)
	case n < 8:
		return !r.refused
	}
	return r.take(ofMember)
}

// grown returns the list with room for another element. It grows by doubling, so that all
// of its earlier memory together is as large as the last.
func grown[T any](r *reader, list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return resized(r, list, max(2*cap(list), 1))
}

// resized returns the list with room for n elements, or unchanged if r refuses that.
func resized[T any](r *reader, list []T, n int) []T {
	if !r.take(n * int(reflect.TypeFor[T]().Size())) {
		return list
	}
	return append(make([]T, 0, n), list...)
}

// What encoding/json takes, in bytes.
const (
	ofGrowth     = 5    // times the size of an element, since slices grow by a quarter
	ofElement    = 16   // the least size of an element, so that 32 bits refuse what 64 do
	ofMismatch   = 128  // the error of a value of another type; Go 1.26 takes 80
	ofOpenObject = 1024 // its members are decoded twice
	ofOpenMember = 256
	ofAny        = 64 // a value in an interface, that was a json.Number before
	deepest      = 10_000
)

// fits reports whether encoding/json can decode the document into a value of type t
// with the room that is left. A document that is not valid takes nothing there.
func (r *reader) fits(t reflect.Type) bool {
	r.pos, r.depth, r.maxDepth, r.gaveUp = 0, 0, deepest, false
	r.weigh(t)
	return !r.refused
}

// weigh skips a value and takes what encoding/json allocates for it.
func (r *reader) weigh(t reflect.Type) {
	switch c := r.peek(); {
	case t == reflect.TypeFor[models.Claims]() || t.Kind() == reflect.Interface:
		r.weighAny()
	case t.Kind() == reflect.Slice && c == '[' && t != reflect.TypeFor[json.RawMessage]():
		for ok := r.list(); ok && r.take(ofGrowth*max(int(t.Elem().Size()), ofElement)); ok = r.more() {
			r.weigh(t.Elem())
		}
	case t.Kind() == reflect.Struct && c == '{' && t != reflect.TypeFor[time.Time]():
		r.weighStruct(t)
	default:
		if mismatch(t, c) {
			r.take(ofMismatch)
		}
		r.skip()
	}
}

// mismatch reports whether encoding/json makes an error of a value of type t that starts
// with c. It goes on after it.
func mismatch(t reflect.Type, c byte) bool {
	switch {
	case c == 'n' || t == reflect.TypeFor[json.RawMessage]():
		return false
	case t.Kind() == reflect.String || t == reflect.TypeFor[time.Time]():
		return c != '"'
	case t.Kind() == reflect.Slice:
		return c != '['
	case t.Kind() == reflect.Struct:
		return c != '{'
	}
	return c == '"' || c == '[' || c == '{' // the rest are numbers and bools
}

func (r *reader) weighStruct(t reflect.Type) {
	all := fieldsOf(t)
	open := slices.ContainsFunc(all, func(f field) bool { return f.member == "-" })
	if open {
		r.take(ofOpenObject)
	}
	for ok := r.enter('{', '}'); ok; ok = r.another('}') {
		r.peek()
		start := r.pos
		r.quoted()
		name := Text(r.data[start:r.pos])
		r.expect(':')
		if open {
			r.take(ofOpenMember)
		}
		// encoding/json matches names without regard to case.
		if i := slices.IndexFunc(all, func(f field) bool { return strings.EqualFold(f.member, name) }); i >= 0 {
			r.weigh(all[i].value)
		} else {
			r.skip()
		}
	}
}

// A field is that of a struct for a member of an object.
type field struct {
	member string
	value  reflect.Type
}

var fields sync.Map // of reflect.Type to []field

func fieldsOf(t reflect.Type) (all []field) {
	if known, found := fields.Load(t); found {
		return known.([]field) //nolint:forcetypeassert // nothing else is stored
	}
	for f := range t.Fields() {
		member, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		all = append(all, field{member, f.Type})
	}
	fields.Store(t, all)
	return all
}

func (r *reader) weighAny() {
	r.take(ofAny)
	switch r.peek() {
	case '{':
		r.take(ofMap)
		n := 0
		for ok := r.enter('{', '}'); ok && r.takeMember(n); ok = r.another('}') {
			r.quoted()
			r.expect(':')
			r.weighAny()
			n++
		}
	case '[':
		for ok := r.list(); ok && r.take(ofGrowth*ofHeader); ok = r.more() {
			r.weighAny()
		}
	default:
		r.skip()
	}
}
