package gate

import (
	"context"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// look is a request about the conversation of a run that has ended: who answered, or what was said.
type look struct {
	attempt  *attempt
	messages bool // what was said
}

// looks are those that are still to be made. They come after what the policies wait for.
type looks struct {
	queue    []look
	underWay int
	proofs   int       // of those that are still to come, how many show who answered
	until    time.Time // when waiting for them ends; zero while tests go on
	awaited  int       // proofs when waiting for those was last worthwhile
	giveUp   time.Time // when waiting for proofs that are required ends, unless one comes
}

// add queues the looks at a run that has ended.
func (q *looks) add(a *attempt) {
	if a.Answered == notProved {
		q.proofs++
		q.push(look{attempt: a})
	}
	if a.wantsTranscript() {
		q.push(look{attempt: a, messages: true})
	}
}

func (q *looks) push(l look) {
	l.attempt.series.test.looks++
	q.queue = append(q.queue, l)
}

// next takes the next look to make, if fewer than limit are under way.
func (q *looks) next(limit int) (l look, ok bool) {
	if len(q.queue) == 0 || q.underWay >= limit {
		return look{}, false
	}
	l, q.queue = q.queue[0], q.queue[1:]
	q.underWay++
	return l, true
}

// worthWaiting reports, after the last test has ended, whether to wait for looks.
func (q *looks) worthWaiting(s Settings, now time.Time) bool {
	if q.until.IsZero() {
		q.until = now.Add(s.Timings.TranscriptWait)
	}
	if q.proofs > 0 && s.RequireVersionProof {
		if q.proofs != q.awaited { // as long as they come, a suite of any size can be proved
			q.awaited, q.giveUp = q.proofs, now.Add(s.Timings.TranscriptWait+s.Timings.ProofWait)
		}
		return now.Before(q.giveUp)
	}
	return now.Before(q.until) && len(q.queue)+q.underWay > 0
}

// answered takes what a look came back with.
func (q *looks) answered(l look, r lookAnswer) stop {
	q.underWay--
	a := l.attempt
	a.series.test.looks--
	if l.messages {
		a.transcribed(r.messages, r.err)
		return stop{}
	}
	q.proofs--
	return a.answeredBy(prove(r.conversation, r.err, a.rules.askedFor(a.role, *a.test)))
}

// lookAnswer is what a look came back with.
type lookAnswer struct {
	conversation telnyx.Conversation
	messages     []telnyx.Message
	err          error
}

// lookOnce makes a look.
func lookOnce(ctx context.Context, api API, l look, id string) response {
	t := l.attempt.rules.Timings
	ctx, cancel := context.WithTimeout(ctx, t.TranscriptWait+t.ProofWait) // its turn in the rate may be far
	defer cancel()
	r := response{look: l}
	if l.messages {
		r.looked.messages, r.looked.err = api.ListMessages(ctx, id, outcome.MaxMessages)
	} else {
		r.looked.conversation, r.looked.err = api.GetConversation(ctx, id)
	}
	return r
}
