package view

// Maximum bytes of remote text in documents.
const (
	MaxNameBytes   = 200
	MaxRubricBytes = 1500
	MaxReasonBytes = 2000
	// MaxCommandBytes bounds the command that runs a gate again. It is never shortened: that would run something else.
	MaxCommandBytes = 64 << 10
)

// Maximum columns of remote text in a log.
const (
	MaxLineColumns = 200  // of a name or an id
	MaxTextColumns = 1000 // of a text; GitHub's live log shows 1024 characters of a line
)

// Maximum number of entries of a kind. What is above is folded or counted.
const (
	MaxOpenCards = 10
	MaxOpenRows  = 10
	MaxCriteria  = 40
	MaxNotes     = 40 // of a test
)

// Maximum bytes of text in JUnit XML. GitLab reads at most 30 MB a file; the logs of all tests together stay well below.
const (
	MaxMessageBytes   = 1000
	MaxCaseTextBytes  = 16 << 10
	MaxRerunTextBytes = 2 << 10
	MaxTurnBytes      = 1500 // of one turn of a conversation
	MaxLogBytes       = 64 << 10
	MaxTotalLogBytes  = 12 << 20
	MinLogBytes       = 512 // of each test, however many there are
)
