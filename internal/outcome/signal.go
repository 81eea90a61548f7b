package outcome

// Cancelled is the cause of a context that a signal ended.
type Cancelled struct{ Signal string } // one of Signals

// Error names the signal.
func (c Cancelled) Error() string { return "cancelled by " + c.Signal }

// Signals are the signals that end a gate, by name.
func Signals() []string { return []string{"SIGHUP", "SIGINT", "SIGTERM"} }

// ExitCode is 128 and the signal's number, as in a shell.
func (c Cancelled) ExitCode() int {
	switch c.Signal {
	case "SIGHUP":
		return 129
	case "SIGTERM":
		return 143
	}
	return 130
}
