package archive

import (
	"errors"
	"math/bits"
	"os"
)

// smallestExtent is the minimum room of a text in a spillFile.
const smallestExtent = 4 << 10

// extent is the place of a text in a spillFile; the zero value is none.
type extent struct {
	from int64
	size int
}

// room is the size of the extent in the file: a power of two, so that freed room fits other texts.
func (e extent) room() int64 {
	return smallestExtent << bits.Len64(uint64(max(0, e.size-1))/smallestExtent)
}

// spillFile is a temporary file for texts, made with the first text. If the system allows it, the file loses its name at once: nobody
// else can open it, and nothing is left however the process ends.
type spillFile struct {
	file *os.File
	path string            // empty if it has no name
	end  int64             // bytes that were ever in use
	idle map[int64][]int64 // freed places, by room
}

// write writes a text, which must not be empty.
func (f *spillFile) write(text []byte) (extent, error) {
	if err := f.open(); err != nil {
		return extent{}, err
	}
	e := extent{size: len(text)}
	room := e.room()
	if idle := f.idle[room]; len(idle) > 0 {
		e.from = idle[len(idle)-1]
		f.idle[room] = idle[:len(idle)-1]
	} else {
		e.from = f.end
		f.end += room
	}
	if _, err := f.file.WriteAt(text, e.from); err != nil {
		f.free(e)
		return extent{}, err
	}
	return e, nil
}

func (f *spillFile) open() error {
	if f.file != nil {
		return nil
	}
	file, err := os.CreateTemp("", "assistant-gate-*") // with mode 0600
	if err != nil {
		return err
	}
	f.file, f.idle = file, map[int64][]int64{}
	if os.Remove(file.Name()) != nil { // Windows cannot remove an open file
		f.path = file.Name()
	}
	return nil
}

func (f *spillFile) read(e extent) ([]byte, error) {
	if f.file == nil {
		return nil, os.ErrClosed
	}
	text := make([]byte, e.size)
	_, err := f.file.ReadAt(text, e.from)
	return text, err
}

// free frees the room of a text.
func (f *spillFile) free(e extent) {
	if e.size > 0 && f.file != nil {
		f.idle[e.room()] = append(f.idle[e.room()], e.from)
	}
}

func (f *spillFile) close() error {
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	if f.path != "" {
		err = errors.Join(err, os.Remove(f.path))
	}
	*f = spillFile{}
	return err
}
