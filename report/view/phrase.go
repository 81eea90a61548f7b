package view

import (
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/report/safe"
)

// Phrase is a sentence in parts, so that a format can show the names in it in its own way.
type Phrase []Part

// Part is a part of a phrase: words of our own in plain ASCII, or remote text.
type Part struct {
	Text     string
	IsName   bool // remote text: the name or the id of something
	IsReason bool // may quote remote text
}

func text(words string) Phrase { return Phrase{{Text: words}} }

func (p Phrase) text(words string) Phrase {
	if words == "" {
		return p
	}
	return slices.Concat(p, text(words))
}

func (p Phrase) name(name string) Phrase { return slices.Concat(p, Phrase{{Text: name, IsName: true}}) }

func (p Phrase) reason(why string) Phrase {
	return slices.Concat(p, Phrase{{Text: why, IsReason: true}})
}

func (p Phrase) phrase(more Phrase) Phrase { return slices.Concat(p, more) }

// Show is the phrase with all remote text as show makes it.
func (p Phrase) Show(show func(text string) string) string {
	var b strings.Builder
	for _, part := range p {
		if part.IsName || part.IsReason {
			part.Text = show(part.Text)
		}
		b.WriteString(part.Text)
	}
	return b.String()
}

// Plain is the phrase on one line of plain text.
func (p Phrase) Plain() string {
	return p.Show(func(name string) string { return safe.PlainLine(name, MaxNameBytes) })
}
