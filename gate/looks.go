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
	failed   int  // how often it had no usable answer
}

// looks are those that are still to be made. They come after what the policies wait for.
type looks struct {
	messages []look       // take their turn in the rate by themselves
	proofs   agenda[look] // show who answered
	underWay looksUnderWay
	left     int       // proofs that are still to come
	until    time.Time // when waiting for looks ends; zero while tests go on
	awaited  int       // proofs that were left when waiting for them was last worthwhile
	giveUp   time.Time // when waiting for proofs that are required ends, unless one comes

	live map[liveOf]string // the first version that answered where nobody knows which is live
}

// liveOf is whose live version answered, and what for.
type liveOf struct {
	role      role
	assistant string
}

type looksUnderWay struct{ messages, proofs int }

// add queues the looks at a run that has ended.
func (q *looks) add(a *attempt, now time.Time) {
	t := a.series.test
	if a.Answered == notProved {
		t.looks++
		q.left++
		q.proofs.add(look{attempt: a}, now)
	}
	if a.wantsTranscript() {
		t.looks++
		q.messages = append(q.messages, look{attempt: a, messages: true})
	}
}

// nextMessages takes the next look at what was said, if fewer than limit are under way.
func (q *looks) nextMessages(limit int) (l look, ok bool) {
	if len(q.messages) == 0 || q.underWay.messages >= limit {
		return look{}, false
	}
	l, q.messages = q.messages[0], q.messages[1:]
	q.underWay.messages++
	return l, true
}

// proofDue returns how long until the next look at who answered may be made; idle if there is none, or limit are under way.
func (q *looks) proofDue(limit int, now time.Time) time.Duration {
	wait, ok := q.proofs.until(now)
	if !ok || q.underWay.proofs >= limit {
		return idle
	}
	return wait
}

func (q *looks) nextProof() look {
	q.underWay.proofs++
	return q.proofs.next()
}

// worthWaiting reports, after the last test has ended, whether to wait for looks.
func (q *looks) worthWaiting(s Settings, now time.Time) bool {
	if q.until.IsZero() {
		q.until = now.Add(s.Timings.TranscriptWait)
	}
	if q.left > 0 && s.RequireVersionProof {
		if q.left != q.awaited { // as long as they come, a suite of any size can be proved
			q.awaited, q.giveUp = q.left, now.Add(s.Timings.TranscriptWait+s.Timings.ProofWait)
		}
		return now.Before(q.giveUp)
	}
	return now.Before(q.until) && len(q.messages)+q.underWay.messages+q.left > 0
}

// answered takes what a look came back with. One that shows who answered is made again if it may succeed then.
func (q *looks) answered(l look, r lookAnswer, now time.Time) stop {
	a := l.attempt
	if l.messages {
		q.underWay.messages--
		a.series.test.looks--
		a.transcribed(r.messages, r.err)
		return stop{}
	}
	q.underWay.proofs--
	if l.failed++; l.again(r.err) {
		q.proofs.add(l, now.Add(a.rules.Timings.backoff(l.failed)))
		return stop{}
	}
	a.series.test.looks--
	q.left--
	by := a.rules.askedFor(a.role, *a.test)
	return a.answeredBy(prove(r.conversation, r.err, by)).or(q.agree(a, by))
}

// again reports whether a look at who answered is made once more. If that must be known, a conversation that is not there may come.
func (l look) again(err error) bool {
	if l.attempt.rules.RequireVersionProof {
		return l.failed < maxRequiredLooks && (telnyx.Transient(err) || telnyx.KindOf(err) == telnyx.KindNotFound)
	}
	return l.failed < maxFailedLooks && telnyx.Transient(err)
}

// agree stops triggering if different versions answered as the live one: judgeAnswers will say so.
func (q *looks) agree(a *attempt, by asked) stop {
	if by.version != "" || a.Answered.Proof != outcome.ProofConfirmed {
		return stop{}
	}
	of, version := liveOf{a.role, telnyx.IDKey(a.Answered.Assistant)}, telnyx.IDKey(a.Answered.Version)
	if q.live == nil {
		q.live = map[liveOf]string{}
	}
	if first, seen := q.live[of]; seen && first != version {
		return stop{kind: stopTriggering, reason: notTriggered + "different versions answered as the live one"}
	}
	q.live[of] = version
	return stop{}
}

// lookAnswer is what a look came back with.
type lookAnswer struct {
	conversation telnyx.Conversation
	messages     []telnyx.Message
	err          error
}

// lookOnce makes a look. Those at what was said may wait for their turn in the rate.
func lookOnce(ctx context.Context, api API, l look, id string) response {
	s := l.attempt.rules.Settings
	wait := s.Timings.TranscriptWait
	if l.messages || s.RequireVersionProof {
		wait += s.Timings.ProofWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	r := response{look: l}
	if l.messages {
		r.looked.messages, r.looked.err = api.ListMessages(ctx, id, outcome.MaxMessages)
	} else {
		r.looked.conversation, r.looked.err = api.GetConversation(ctx, id)
	}
	return r
}
