package report

import (
	"reflect"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// Redacted returns a copy of o without the secrets. Reports are made of the copy rather than redacted when they are
// written, because a secret that is a word, as in a trial with the key "test", would take their markup apart. The verdict
// stays what it was.
func Redacted(r *secret.Redactor, o *outcome.Outcome) *outcome.Outcome {
	if r.Empty() {
		return o
	}
	clean := *o
	redactIn(r, reflect.ValueOf(&clean).Elem())
	clean.Signal = o.Signal
	return &clean
}

// RedactedPromotion returns a copy of p without the secrets; its status stays what it was.
func RedactedPromotion(r *secret.Redactor, p *promote.Promotion) *promote.Promotion {
	clean := *p
	if !r.Empty() {
		redactIn(r, reflect.ValueOf(&clean).Elem())
		clean.Signal = p.Signal
	}
	return &clean
}

// Types whose words decide the verdict or have to be read back, or may hold such a word.
var (
	typeState   = reflect.TypeFor[outcome.State]()
	typeVerdict = reflect.TypeFor[outcome.Verdict]()
	typeExcuse  = reflect.TypeFor[outcome.ExcuseKind]()
	typeChoice  = reflect.TypeFor[outcome.ChoiceKind]()
	typeStatus  = reflect.TypeFor[telnyx.Status]()
	typeEnd     = reflect.TypeFor[promote.Status]()
)

// redactIn redacts every string in v, so that no field is forgotten. It changes v itself, but no list that v shares: that
// becomes a copy if anything in it changes.
func redactIn(r *secret.Redactor, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if dirty(r, v) {
			v.SetString(safe.Redact(r, v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() { // others are not exported
				redactIn(r, field)
			}
		}
	case reflect.Slice:
		if !dirty(r, v) {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
		for i := range own.Len() {
			redactIn(r, own.Index(i))
		}
	}
}

// dirty reports whether there is anything in v to redact. Words that decide the verdict stay.
func dirty(r *secret.Redactor, v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		t, text := v.Type(), v.String()
		if t == typeState || t == typeVerdict || t == typeExcuse || t == typeChoice || t == typeEnd || t == typeStatus && telnyx.Status(text).Known() {
			return false
		}
		return safe.Redact(r, text) != text
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanInterface() && dirty(r, field) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if dirty(r, v.Index(i)) {
				return true
			}
		}
	}
	return false
}
