package view

import "time"

// Most bytes of remote text in the summary and in JUnit attributes.
const (
	MaxNameBytes   = 200
	MaxRubricBytes = 1500
	MaxReasonBytes = 2000
)

// Most entries of a kind that are shown at once; what is above is folded or only counted.
const (
	MaxOpenCards = 10
	MaxOpenRows  = 10
	MaxCriteria  = 40
	MaxNotes     = 40
)

// Most bytes of text in JUnit XML. GitLab reads at most 30 MB a file; the logs of all tests together stay well below.
const (
	MaxMessageBytes  = 1000
	MaxCaseBytes     = 16 << 10
	MaxRerunBytes    = 2 << 10
	MaxTurnBytes     = 1500 // of one turn of a conversation
	MaxLogBytes      = 64 << 10
	MaxLogBytesOfAll = 12 << 20
	MinLogBytes      = 512
)

const (
	// DefaultHeartbeat is the longest time without a line in a log.
	DefaultHeartbeat = 30 * time.Second
	// mostSkipped is how many tests that were not run get a line of their own while the gate runs.
	MaxSkipped = 5
	// nameColumns is the widest a name may be before it pushes what follows to the right.
	MaxNameColumns = 60
	// lineColumns bounds a name or an id on a line of a log.
	MaxLineColumns = 200
	// textColumns bounds a text on a line of a log. GitHub's live log shows 1024 characters of a line.
	MaxTextColumns = 1000
	// HeldHyphen stands for a hyphen while a text is broken into lines, which would break an id otherwise: one character
	// of a column, from the private use area, that no text has.
	HeldHyphen = "\uE02D"
)
