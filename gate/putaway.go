package gate

// putAway leaves nothing long in memory of what a decision's run has left so far.
func (e *engine) putAway(d *decision) {
	switch {
	case e.settings.Transcripts == TranscriptsNone:
		d.attempt.DropLogs()
	case e.settings.Archive != nil:
		d.attempt.PutAway(e.settings.Archive)
	}
}
