package telnyx

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/semaphore"
)

const (
	// maxBody is how large an answer may be, decompressed, in bytes.
	maxBody = 16 << 20
	// maxRefusal is how much is read of an answer that is not a success: enough for any error.
	maxRefusal = 64 << 10
	// bodyBudget bounds the answers that a Client holds at the same time, in bytes.
	bodyBudget = 64 << 20
	// smallBody is how much of an answer is read without asking for room. What all connections can hold so is a part of the budget.
	smallBody = 256 << 10
	// largeBodies is how many answers may be larger at the same time: each takes room for the largest at once, because several
	// that ask for more and more could wait for each other.
	largeBodies = (bodyBudget - MaxConnections*smallBody) / maxBody
)

// errTooLarge is an answer beyond maxBody.
var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// bodyRoom is the room for large answers, shared by all calls of a Client.
type bodyRoom struct{ large *semaphore.Weighted }

func newBodyRoom() bodyRoom { return bodyRoom{semaphore.NewWeighted(largeBodies)} }

// read reads an answer's body to its end, at most limit bytes of it, and waits for room if it is large. What was read comes
// with an error too. The caller calls release when nothing of the body is needed any more.
func (b bodyRoom) read(ctx context.Context, r io.Reader, limit int64) (body []byte, release func(), err error) {
	release = func() {}
	var buffer bytes.Buffer
	n, err := buffer.ReadFrom(io.LimitReader(r, min(limit+1, smallBody)))
	if err == nil && n == smallBody && limit >= smallBody {
		if err := b.large.Acquire(ctx, 1); err != nil {
			return buffer.Bytes(), release, context.Cause(ctx)
		}
		release = func() { b.large.Release(1) }
		_, err = buffer.ReadFrom(io.LimitReader(r, limit+1-n))
	}
	if err == nil && int64(buffer.Len()) > limit {
		return buffer.Bytes()[:limit], release, errTooLarge
	}
	return buffer.Bytes(), release, err
}
