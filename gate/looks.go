package gate

import (
	"context"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// look is a request about the conversation of an ended run: which version answered, or what was said.
type look struct {
	attempt  *attempt
	messages bool // what was said
	failed   int  // tries without a usable answer
}

// looks are the looks still to make. Triggers come before them.
type looks struct {
	messages []look       // the client paces these itself
	proofs   agenda[look] // looks at which version answered
	underWay looksUnderWay
	left     int       // proofs without a final answer
	until    time.Time // when to stop waiting for looks; zero while tests go on
	awaited  int       // left, when the last proof came
	giveUp   time.Time // when to stop waiting for required proofs, unless another comes

	live map[liveOf]string // the first version that answered as the live one, if its id is not known
}

// liveOf is an assistant whose live version answered, and the role of the run.
type liveOf struct {
	role      role
	assistant string
}

type looksUnderWay struct{ messages, proofs int }

// add queues the looks at an ended run.
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

// nextMessages returns the next look at what was said if fewer than limit are under way.
func (q *looks) nextMessages(limit int) (l look, ok bool) {
	if len(q.messages) == 0 || q.underWay.messages >= limit {
		return look{}, false
	}
	l, q.messages = q.messages[0], q.messages[1:]
	q.underWay.messages++
	return l, true
}

// proofDue returns how long to wait for the next look at which version answered; idle if there is none, or if limit are under way.
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

// worthWaiting reports whether to wait for looks after the last test has ended.
func (q *looks) worthWaiting(s Settings, now time.Time) bool {
	if q.until.IsZero() {
		q.until = now.Add(s.Timings.TranscriptWait)
	}
	if q.left > 0 && s.RequireVersionProof {
		if q.left != q.awaited { // a suite of any size can be proved, as long as answers come
			q.awaited, q.giveUp = q.left, now.Add(s.Timings.TranscriptWait+s.Timings.ProofWait)
		}
		return now.Before(q.giveUp)
	}
	return now.Before(q.until) && len(q.messages)+q.underWay.messages+q.left > 0
}

// answered handles the result of a look. It repeats a look at which version answered if another try may succeed.
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

// again reports whether to repeat a look at which version answered. If proof is required, a missing conversation may still appear.
func (l look) again(err error) bool {
	if l.attempt.rules.RequireVersionProof {
		return l.failed < maxRequiredLooks && (telnyx.Transient(err) || telnyx.KindOf(err) == telnyx.KindNotFound)
	}
	return l.failed < maxFailedLooks && telnyx.Transient(err)
}

// agree stops triggering if different versions answered as the live one; judgeAnswers records the problem.
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

// lookAnswer is the result of a look.
type lookAnswer struct {
	conversation telnyx.Conversation
	messages     []telnyx.Message
	err          error
}

// lookOnce makes a look. A look at what was said has more time, because the client paces it.
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
