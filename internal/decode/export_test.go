package decode

// Room returns how many bytes a document of n bytes may take.
func Room(n int) int { return room(n) }

// Reads reports whether the reader reads all of a document into v, without encoding/json.
func Reads(data []byte, v any) bool {
	r := newReader(data)
	defer r.release()
	return read(r, v) == done
}

// Skips reports whether the reader finds the first value in data, without encoding/json.
func Skips(data []byte) bool { return first(data) != nil }

// ReadsText reports whether the reader reads a string, without encoding/json.
func ReadsText(data []byte) bool {
	r := newReader(data)
	defer r.release()
	r.text()
	return r.done()
}
