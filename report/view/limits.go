package view

import "time"

// Most bytes of remote text in the summary and in JUnit attributes.
const (
	NameBytes   = 200
	RubricBytes = 1500
	ReasonBytes = 2000
)

// Most entries of a kind that are shown at once; what is above is folded or only counted.
const (
	CardsOpen    = 10
	RowsOpen     = 10
	CriteriaMost = 40
	NotesMost    = 40
)

// Most bytes of text in JUnit XML. GitLab reads at most 30 MB a file; the logs of all tests together stay well below.
const (
	MessageBytes   = 1000
	CaseTextBytes  = 16 << 10
	RerunTextBytes = 2 << 10
	TurnBytes      = 1500 // of one turn of a conversation
	LogBytes       = 64 << 10
	LogBytesAtAll  = 12 << 20
	LogBytesAlways = 512
)

const (
	// defaultHeartbeat is the longest time without a line in a log.
	DefaultHeartbeat = 30 * time.Second
	// mostSkipped is how many tests that were not run get a line of their own while the gate runs.
	MostSkipped = 5
	// nameColumns is the widest a name may be before it pushes what follows to the right.
	NameColumns = 60
	// lineColumns bounds a name or an id on a line of a log.
	LineColumns = 200
	// textColumns bounds a text on a line of a log. GitHub's live log shows 1024 characters of a line.
	TextColumns = 1000
	// heldHyphen stands for a hyphen while a text is broken into lines, which would break an id otherwise: one character
	// of a column, from the private use area, that no text has.
	HeldHyphen = "\uE02D"
)
