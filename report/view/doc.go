// Package view decides once what every report says: headline, counts, groups, facts, notes, reasons, durations and limits. The
// formats only mark it up.
//
// Remote text in what it returns is as it came from Telnyx: the format makes the whole safe for its own place. A Phrase marks the
// names in a sentence, for formats that show them in another way than the words around them.
package view
