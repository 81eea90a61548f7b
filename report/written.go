package report

// Paths lists the files that were written, in the order in which people look for them.
func (w Written) Paths() []string {
	var out []string
	for _, path := range []string{w.Summary, w.JUnit, w.Results, w.Env} {
		if path != "" {
			out = append(out, path)
		}
	}
	return out
}
