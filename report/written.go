package report

// Map returns the paths as change makes them; those of files that were not written stay empty.
func (w Written) Map(change func(path string) string) Written {
	for _, path := range []*string{&w.HTML, &w.JUnit, &w.Summary, &w.Results, &w.CTRF, &w.Env} {
		if *path != "" {
			*path = change(*path)
		}
	}
	return w
}

// Paths lists the files that were written, in the order in which people look for them.
func (w Written) Paths() []string {
	var out []string
	for _, path := range []string{w.HTML, w.Summary, w.JUnit, w.Results, w.CTRF, w.Env} {
		if path != "" {
			out = append(out, path)
		}
	}
	return out
}
