//go:build !unix || aix || solaris

package report

// claim claims nothing where files cannot be locked as on Unix.
type claim struct{}

func (d *outputDir) claim(string) (*claim, error) { return nil, nil }

func (c *claim) release() {}
