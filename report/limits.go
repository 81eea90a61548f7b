package report

import "time"

// Most bytes of remote text in the summary and in JUnit attributes.
const (
	nameBytes   = 200
	rubricBytes = 1500
	reasonBytes = 2000
)

// Most entries of a kind that are shown at once; what is above is folded or only counted.
const (
	cardsOpen    = 10
	rowsOpen     = 10
	criteriaMost = 40
	notesMost    = 40
)

// Most bytes of text in JUnit XML. GitLab reads at most 30 MB a file; the logs of all tests together stay well below.
const (
	messageBytes   = 1000
	caseTextBytes  = 16 << 10
	rerunTextBytes = 2 << 10
	logBytes       = 64 << 10
	logBytesAtAll  = 12 << 20
	logBytesAlways = 512
)

const (
	// defaultHeartbeat is the longest time without a line in a log.
	defaultHeartbeat = 30 * time.Second
	// mostSkipped is how many tests that were not run get a line of their own while the gate runs.
	mostSkipped = 5
	// nameColumns is the widest a name may be before it pushes what follows to the right.
	nameColumns = 60
	// lineColumns bounds a name or an id on a line of a log.
	lineColumns = 200
	// textColumns bounds a text on a line of a log. GitHub's live log shows 1024 characters of a line.
	textColumns = 1000
	// heldHyphen stands for a hyphen while a text is broken into lines, which would break an id otherwise: one character
	// of a column, from the private use area, that no text has.
	heldHyphen = "\uE02D"
)
