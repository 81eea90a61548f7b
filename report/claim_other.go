//go:build !unix || aix || solaris

package report

// claim claims nothing: files cannot be locked here as on other Unix systems.
type claim struct{}

func (d *outputDir) claim(string) (*claim, error) { return nil, nil }

func (c *claim) release() {}
