package junit

import (
	"encoding/xml"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// readByModel reads with a model that is not the writer's, as most readers do.
type readByModel struct {
	Suites []struct {
		Name  string `xml:"name,attr"`
		Cases []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Type    string `xml:"type,attr"`
				Message string `xml:"message,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
			Error *struct {
				Type    string `xml:"type,attr"`
				Message string `xml:"message,attr"`
			} `xml:"error"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
			Properties []struct {
				Name  string `xml:"name,attr"`
				Value string `xml:"value,attr"`
			} `xml:"properties>property"`
			Out string `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func read(t *testing.T, o *outcome.Outcome) readByModel {
	t.Helper()
	var doc readByModel
	if err := xml.Unmarshal(junitOf(t, o), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}
