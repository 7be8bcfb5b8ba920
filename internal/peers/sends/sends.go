// Package sends finds out what a client of the admin API can send: it calls each of its
// methods with everything that can be given to it, and looks at the requests.
package sends

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hydra-sdk/hydra-admin-go/client"
)

// A Recorder is a transport that keeps what requests have, and responds with an empty
// object.
type Recorder struct {
	// Sent has parameters and members of bodies, as "query owner", "form token" and
	// "body jwks.keys.kid", by the method and the path without /admin.
	Sent map[string]map[string]bool
	// IDs are the operations of this SDK, by the method and the path.
	IDs map[string]string
}

// New makes a Recorder.
func New() *Recorder {
	return &Recorder{map[string]map[string]bool{}, map[string]string{}}
}

// SDK returns all that this SDK can send.
func SDK() (*Recorder, error) {
	r := New()
	for _, base := range []string{"http://hydra", "http://hydra/admin"} {
		admin, err := client.New(base, client.WithHTTPClient(&http.Client{Transport: r}), client.WithRetries(0))
		if err != nil {
			return nil, err
		}
		r.CallAll(admin)
	}
	return r, nil
}

// RoundTrip keeps what a request has.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	key := req.Method + " " + strings.TrimPrefix(req.URL.Path, "/admin")
	if op, ok := client.OperationFromContext(req.Context()); ok {
		r.IDs[key] = op.ID
	}
	sent := r.Sent[key]
	if sent == nil {
		sent = map[string]bool{}
		r.Sent[key] = sent
	}
	parameters(sent, "query ", req.URL.Query())
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		var v any
		if json.Unmarshal(body, &v) == nil {
			members(sent, "", v)
		} else if form, err := url.ParseQuery(string(body)); err == nil {
			parameters(sent, "form ", form)
		}
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader("{}")),
	}, nil
}

func parameters(sent map[string]bool, kind string, values url.Values) {
	for name := range values {
		if slices.Contains([]string{"limit", "offset", "page_size", "page_token"}, name) {
			name = "page" // each version of Hydra has its own way
		}
		sent[kind+name] = true
	}
}

func members(sent map[string]bool, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for member, value := range v {
			members(sent, strings.TrimPrefix(name+"."+member, "."), value)
		}
	case []any:
		for _, element := range v {
			members(sent, name, element)
		}
	default:
		if name != "" {
			sent["body "+name] = true
		}
	}
}

// Has reports whether something can be sent. The value of "body metadata.*" is free.
func Has(sent map[string]bool, what string) bool {
	if sent[what] {
		return true
	}
	free, isFree := strings.CutSuffix(what, ".*")
	for other := range sent {
		if prefix, ok := strings.CutSuffix(other, ".*"); ok && strings.HasPrefix(what, prefix+".") || isFree && strings.HasPrefix(other, free) {
			return true
		}
	}
	return false
}

// Differences compares what a client and this SDK can send, as rows of a table. What this
// SDK cannot send needs a reason, by operation. The paths of the public port are left out.
func (r *Recorder) Differences(sdk *Recorder, public []string, reasons map[string]string) (table string, problems []string) {
	operations := map[string][]string{} // by the rest of the row
	for path, theirs := range r.Sent {
		ours, id := sdk.Sent[path], sdk.IDs[path]
		if ours == nil {
			if !slices.Contains(public, path) {
				problems = append(problems, path+" is an operation that this SDK does not have")
			}
			continue
		}
		there, here := missing(theirs, ours), missing(ours, theirs)
		if there != "" && reasons[id] == "" {
			problems = append(problems, id+" cannot send "+there+": add it to openapi/admin.yaml, or the reason to this test")
		}
		if there == "" && reasons[id] != "" {
			problems = append(problems, id+" can send everything: remove the reason from this test")
		}
		if there != "" {
			there += ": " + reasons[id]
		}
		if there != "" || here != "" {
			row := there + " | " + here
			operations[row] = append(operations[row], "`"+id+"`")
		}
	}
	rows := make([]string, 0, len(operations))
	for row, ids := range operations {
		slices.Sort(ids)
		rows = append(rows, "| "+strings.Join(ids, ", ")+" | "+row+" |\n")
	}
	slices.Sort(rows)
	return "| operation | can be sent only there | can be sent only here |\n|---|---|---|\n" + strings.Join(rows, ""), problems
}

// missing lists what is in one set and not in another.
func missing(set, other map[string]bool) string {
	var names []string
	for what := range set {
		if !Has(other, what) {
			_, name, _ := strings.Cut(what, " ")
			names = append(names, "`"+strings.TrimSuffix(name, ".*")+"`")
		}
	}
	slices.Sort(names)
	return strings.ReplaceAll(strings.Join(names, ", "), "`page`", "pages")
}

// CallAll calls the methods of an API, whose client has the recorder for a transport.
func (r *Recorder) CallAll(api any) {
	for method, v := range reflect.ValueOf(api).Methods() {
		if strings.HasSuffix(method.Name, "Execute") {
			continue
		}
		for _, args := range arguments(v.Type()) {
			for _, result := range v.Call(args) {
				execute(result)
			}
		}
	}
}

// arguments returns lists of arguments for a method. This SDK refuses some parameters and
// members to be given together: so there is a list without each member of a body, and one
// for each pair of parameters.
func arguments(method reflect.Type) (lists [][]reflect.Value) {
	lists = [][]reflect.Value{nil}
	for i := range method.NumIn() {
		in := method.In(i)
		values := []reflect.Value{filled(in)}
		switch {
		case in.Kind() == reflect.Func, in.Kind() == reflect.Interface && in != reflect.TypeFor[context.Context]():
			return nil // not an operation
		case method.IsVariadic() && i == method.NumIn()-1:
			continue
		case in.Kind() == reflect.Struct && strings.HasSuffix(in.Name(), "Params"):
			for a := range in.NumField() {
				for b := range a + 1 {
					pair := reflect.New(in).Elem()
					pair.Field(a).Set(values[0].Field(a))
					pair.Field(b).Set(values[0].Field(b))
					values = append(values, pair)
				}
			}
		case in.Kind() == reflect.Struct:
			for f := range in.Fields() {
				if f.IsExported() {
					without := reflect.New(in).Elem()
					without.Set(values[0])
					without.FieldByIndex(f.Index).SetZero()
					values = append(values, without)
				}
			}
		}
		var longer [][]reflect.Value
		for _, list := range lists {
			for _, value := range values {
				longer = append(longer, append(slices.Clip(list), value))
			}
		}
		lists = longer
	}
	return lists
}

// execute sends the request of a builder, if v is one.
func execute(v reflect.Value) {
	if v.Kind() != reflect.Struct || !v.MethodByName("Execute").IsValid() {
		return
	}
	for i := range v.NumMethod() { //nolint:modernize // v changes
		if m := v.Method(i).Type(); m.NumIn() == 1 && m.NumOut() == 1 && m.Out(0) == v.Type() {
			v = v.Method(i).Call([]reflect.Value{filled(m.In(0))})[0]
		}
	}
	v.MethodByName("Execute").Call(nil)
}

func filled(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	fill(v, "")
	return v
}

// valid are values of members that this SDK checks.
var valid = map[string]string{"Op": "replace", "Path": "/owner"}

func fill(v reflect.Value, name string) {
	t := v.Type()
	anything := map[string]any{"*": 1}
	switch {
	case t == reflect.TypeFor[context.Context]():
		v.Set(reflect.ValueOf(context.Background()))
	case t == reflect.TypeFor[*http.Client]():
	case t == reflect.TypeFor[json.RawMessage]():
		v.SetBytes([]byte(`{"*":1}`))
	case t.Kind() == reflect.Interface && t.NumMethod() == 0:
		v.Set(reflect.ValueOf(anything))
	case reflect.TypeFor[map[string]any]().ConvertibleTo(t):
		v.Set(reflect.ValueOf(anything).Convert(t))
	case reflect.TypeFor[time.Time]().ConvertibleTo(t):
		v.Set(reflect.ValueOf(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)).Convert(t))
	case t.Kind() == reflect.String:
		v.SetString("x")
		if s := valid[name]; s != "" {
			v.SetString(s)
		}
	case t.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(1)
	case v.CanFloat():
		v.SetFloat(1)
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		fill(v.Elem(), name)
	case t.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(t, 1, 1))
		fill(v.Index(0), name)
	case t.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(filled(t.Key()), filled(t.Elem()))
	case t.Kind() == reflect.Struct:
		if set := v.Addr().MethodByName("Set"); set.IsValid() && set.Type().NumIn() == 1 { // a NullableString and the like
			set.Call([]reflect.Value{filled(set.Type().In(0))})
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && f.Name != "AdditionalProperties" {
				fill(v.Field(i), f.Name)
			}
		}
	}
}
