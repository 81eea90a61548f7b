//go:build !unix

package report

import (
	"io/fs"
	"os"
)

// owner has nobody in it where files have no owner in numbers.
type owner struct{}

func ownerOf(fs.FileInfo) owner { return owner{} }

func (owner) give(*os.Root, string) {}
