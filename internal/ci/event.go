package ci

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"syscall"
)

// maxEvent is the most that is read of an event's payload, in bytes. GitHub caps webhook payloads at 25 MB.
const maxEvent = 32 << 20

// readEvent decodes the payload of the event at path. It is a regular file: reading anything else may never end.
func readEvent(path string, into any) error {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // nothing was written
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, errors.New("no regular file"))
	}
	return json.NewDecoder(io.LimitReader(file, maxEvent)).Decode(into)
}
