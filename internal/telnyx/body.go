package telnyx

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/semaphore"
)

const (
	// maxBody limits an answer, decompressed, in bytes.
	maxBody = 16 << 20
	// maxRefusal limits how much of an unsuccessful answer is read: enough for any error.
	maxRefusal = 64 << 10
	// bodyBudget limits the answers that a Client holds at the same time, in bytes.
	bodyBudget = 64 << 20
	// smallBody is how much of an answer is read without acquiring room. For all connections together, that is part of the budget.
	smallBody = 256 << 10
	// largeBodies is how many larger answers may be read at the same time. Each acquires room for the largest at once, because
	// several that acquire more step by step could deadlock.
	largeBodies = (bodyBudget - MaxConnections*smallBody) / maxBody
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// bodyRoom is the memory for large answers, shared by all calls of a Client.
type bodyRoom struct{ large *semaphore.Weighted }

func newBodyRoom() bodyRoom { return bodyRoom{semaphore.NewWeighted(largeBodies)} }

// read reads at most limit bytes of an answer's body, and waits for room if it is large. With an error it also returns what it has
// read. The caller calls release when it no longer needs the body.
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
