package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

const typeJSON = "application/json"

// reply is a complete answer, encoded before any of it is sent.
type reply struct {
	status int
	header http.Header
	body   []byte
	cut    bool // end the connection in the middle of the body
}

func jsonReply(status int, value any) reply {
	r := reply{status: status, header: http.Header{}}
	if value == nil {
		return r
	}
	body, err := json.Marshal(value)
	if err != nil {
		// Validate has checked everything of a world that could fail here.
		panic(fmt.Sprintf("simulator: %v", err))
	}
	r.header.Set("Content-Type", typeJSON)
	r.body = body
	return r
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", m.name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// with replaces a member, or adds it.
func (o object) with(name string, value any) object {
	if i := slices.IndexFunc(o, func(m member) bool { return m.name == name }); i >= 0 {
		o[i].value = value
		return o
	}
	return append(o, member{name, value})
}

// optional adds a member that has a value. Without a value it is left out, as the
// OpenAPI requires (no field is nullable), or null, as FastAPI would write it.
func (s *Simulator) optional(o object, name string, value any, has bool) object {
	if has {
		return append(o, member{name, value})
	}
	if s.world.Nulls {
		return append(o, member{name, nil})
	}
	return o
}
