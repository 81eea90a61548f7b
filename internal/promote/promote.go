// Package promote makes a tested version the live one if the results of its gate allow it. It reports success only after Telnyx shows the
// version as live.
package promote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/group"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// API is what promoting needs of Telnyx. Its errors are *telnyx.Error; PromoteVersion sends exactly one request.
type API interface {
	GetAssistant(ctx context.Context, assistantID string) (telnyx.Version, error)
	GetVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error)
	GetCanary(ctx context.Context, assistantID string) (telnyx.Canary, error)
	PromoteVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error)
}

// Settings are the inputs of a promotion.
type Settings struct {
	AssistantID     string
	VersionID       string        // never MainVersion
	BaseURL         string        // the API of the results must be this one
	MaxAge          time.Duration // of the oldest run of the results
	AllowUnverified bool          // count tests whose destination is a number or a URL
	EndCanary       bool          // a canary deploy may be deleted
	RequireProof    bool          // runs count only if their conversations show that the version answered
	DryRun          bool          // check everything, change nothing
	Timeout         time.Duration // limit of the whole promotion
	Gap             time.Duration // between two checks of what is live
	Grace           time.Duration // how long a check may take after a signal
}

// settleLive is how long to check what is live after the request to change it.
const settleLive = 30 * time.Second

// Status is the result of a promotion.
type Status string

// The statuses, each with its exit code.
const (
	Promoted     Status = "promoted"      // exit 0: Telnyx shows the version as the live one
	AlreadyLive  Status = "already-live"  // exit 0: it was live before; nothing was changed
	WouldPromote Status = "would-promote" // exit 0: a dry run without objections
	Refused      Status = "refused"       // exit 2: the evidence or the input does not allow it; nothing was changed
	Inconclusive Status = "inconclusive"  // exit 3: Telnyx gave no usable answer, or the live version is not what was tested
	Cancelled    Status = "cancelled"     // exit 129, 130 or 143: SIGHUP, SIGINT or SIGTERM
)

// Promotion is everything known at the end of an attempt to promote a version.
type Promotion struct {
	Status   Status
	Settings Settings
	Before   telnyx.Version // the version that was live; empty ID: unknown
	Version  telnyx.Version // the version to make live; empty ID: unknown
	Canary   telnyx.Canary  // as it was before
	Sent     bool           // the request to change what is live went out
	Live     bool           // Telnyx shows the version as the live one
	LiveHash string         // of the version after the request; empty: unknown
	Reasons  []string       // why the promotion did not succeed; may quote remote text
	Notes    []string       // further facts for the reader
	Signal   string         // one of Signals if that ended it
}

// ExitCode is the process's exit code for the status.
func (p *Promotion) ExitCode() int {
	switch p.Status {
	case Promoted, AlreadyLive, WouldPromote:
		return 0
	case Refused:
		return 2
	case Cancelled:
		return outcome.Cancelled{Signal: p.Signal}.ExitCode()
	}
	return 3
}

// Run makes a version the live one if the results of its gate allow it: they are passed, for exactly this version on this assistant and
// API, not too old, and the version has not changed since. It reports success only after Telnyx shows it.
func Run(ctx context.Context, api API, evidence *outcome.Outcome, s Settings) *Promotion {
	p := &Promotion{Settings: s, Notes: append(excusedIn(evidence), proofIn(evidence)...)}
	if reasons := refuseEvidence(evidence, s); len(reasons) > 0 {
		return p.end(Refused, reasons...)
	}
	bounded, cancel := context.WithTimeoutCause(ctx, s.Timeout, errors.New("timeout passed"))
	defer cancel()
	if !p.lookUp(bounded, api) {
		return p.cancelledBy(ctx)
	}
	for _, l := range evidence.AllLegs() {
		if l.Target.VersionHash != p.Version.Hash {
			return p.end(Refused, "the version was changed since the gate tested it: run the gate again")
		}
	}
	p.Live = telnyx.SameID(p.Before.ID, s.VersionID)
	if p.Live && !(p.Canary.Configured && s.EndCanary) {
		if p.Canary.Configured {
			p.Notes = append(p.Notes, "a canary deploy is configured and was left alone: "+p.canaryText())
		}
		return p.end(AlreadyLive)
	}
	if reasons := outcome.AgeProblems("the results", evidence.Results, s.MaxAge, time.Now()); len(reasons) > 0 {
		return p.end(Refused, reasons...)
	}
	if p.Canary.Configured && !s.EndCanary {
		return p.end(Refused, "a canary deploy is configured ("+p.canaryText()+"), and promoting deletes it: end it yourself, or add --end-canary")
	}
	if s.DryRun {
		return p.end(WouldPromote)
	}
	if bounded.Err() != nil {
		p.end(Inconclusive, "timeout passed before anything was changed")
		return p.cancelledBy(ctx)
	}
	p.send(bounded, api)
	return p.cancelledBy(ctx)
}

func (p *Promotion) end(status Status, reasons ...string) *Promotion {
	p.Status, p.Reasons = status, append(p.Reasons, reasons...)
	return p
}

// cancelledBy marks a promotion that a signal ended as cancelled, unless it had already succeeded or been refused.
func (p *Promotion) cancelledBy(ctx context.Context) *Promotion {
	c, ok := errors.AsType[outcome.Cancelled](context.Cause(ctx))
	if !ok || p.Status != Inconclusive {
		return p
	}
	p.Status, p.Signal = Cancelled, c.Signal
	return p
}

// lookUp requests everything concurrently, and reports whether all of it is known.
func (p *Promotion) lookUp(ctx context.Context, api API) bool {
	s := p.Settings
	var errLive, errVersion, errCanary error
	var work group.Group
	work.Go(func() { p.Before, errLive = api.GetAssistant(ctx, s.AssistantID) })
	work.Go(func() { p.Version, errVersion = api.GetVersion(ctx, s.AssistantID, s.VersionID) })
	work.Go(func() { p.Canary, errCanary = api.GetCanary(ctx, s.AssistantID) })
	work.Wait()
	switch {
	case telnyx.KindOf(errLive) == telnyx.KindNotFound:
		p.end(Refused, fmt.Sprintf("assistant %q (assistant-id) is not known to Telnyx for this API key (%v)", s.AssistantID, errLive))
	case telnyx.KindOf(errVersion) == telnyx.KindNotFound:
		p.end(Refused, fmt.Sprintf("version %q (version-id) no longer exists on assistant %q (%v)", s.VersionID, s.AssistantID, errVersion))
	default:
		for _, err := range []error{errLive, errVersion, errCanary} {
			if err != nil {
				p.fail("nothing was changed, because a look-up had no usable answer", err)
				return false
			}
		}
		if p.Before.ID == "" {
			p.end(Inconclusive, "nothing was changed: Telnyx does not show which version of the assistant is live, so nobody could check the promotion afterwards")
			return false
		}
		return true
	}
	return false
}

// fail ends with the meaning of an error: the input is wrong, or the API did not answer.
func (p *Promotion) fail(what string, err error) {
	status, advice := Inconclusive, ""
	switch telnyx.KindOf(err) {
	case telnyx.KindUnauthorized:
		status, advice = Refused, ": check that api-key is a valid API v2 key that may change this assistant"
	case telnyx.KindRedirect, telnyx.KindRejected, telnyx.KindNotFound:
		status = Refused
	}
	p.end(status, fmt.Sprintf("%s: %v%s", what, err, advice))
}

// send asks Telnyx once to change what is live and checks the result. Whatever the answer, what is live decides.
func (p *Promotion) send(ctx context.Context, api API) {
	s := p.Settings
	p.Sent = true
	_, err := api.PromoteVersion(ctx, s.AssistantID, s.VersionID)
	switch telnyx.KindOf(err) {
	case telnyx.KindUnauthorized, telnyx.KindRedirect, telnyx.KindRejected, telnyx.KindNotFound:
		p.fail("Telnyx refused to promote the version", err)
		return
	}
	looking, cancel := p.looking(ctx)
	defer cancel()
	seen := ""
	for {
		now, done := p.look(looking, api)
		if seen == "" || looking.Err() == nil { // a check that was cut off has no result
			seen = now
		}
		if p.Edited() {
			p.end(Inconclusive, "live, but not what was tested: the version was edited since the gate tested it; "+p.wayBack())
			return
		}
		if done {
			if err != nil {
				p.Notes = append(p.Notes, fmt.Sprintf("the request had no usable answer (%v), but Telnyx shows the version as the live one", err))
			}
			p.end(Promoted)
			return
		}
		if err != nil && (telnyx.KindOf(err) == telnyx.KindNotSent || telnyx.KindOf(err) == telnyx.KindRateLimited) {
			p.end(Inconclusive, fmt.Sprintf("the request did not reach Telnyx (%v), and %s: run promote again", err, seen))
			return
		}
		pause := time.NewTimer(s.Gap)
		select {
		case <-pause.C:
		case <-looking.Done():
			pause.Stop()
			answer := "Telnyx accepted the request"
			if err != nil {
				answer = fmt.Sprintf("the request had no usable answer (%v)", err)
			}
			p.end(Inconclusive, fmt.Sprintf("%s, but %s: check the assistant, then run promote again", answer, seen))
			return
		}
	}
}

// looking limits the checks of what is live. Even after a signal or the timeout there is time for one more check, because what is live must
// not stay unknown.
func (p *Promotion) looking(ctx context.Context) (context.Context, context.CancelFunc) {
	bound := settleLive
	if ctx.Err() != nil {
		bound = p.Settings.Grace
	}
	looking, cancel := context.WithTimeout(context.WithoutCancel(ctx), bound)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(p.Settings.Grace, cancel) })
	return looking, func() {
		stop()
		cancel()
	}
}

// look describes what is live, and reports whether the version is live as tested and no canary deploy takes traffic from it. An edit or a
// canary deploy made between the look-ups and the request shows only now.
func (p *Promotion) look(ctx context.Context, api API) (seen string, done bool) {
	s := p.Settings
	now, err := api.GetAssistant(ctx, s.AssistantID)
	switch {
	case err != nil:
		return fmt.Sprintf("the live version could not be read (%v)", err), false
	case now.ID == "":
		return "Telnyx does not show which version is live", false
	case !telnyx.SameID(now.ID, s.VersionID):
		p.Live = false
		return fmt.Sprintf("version %q is still live", now.ID), false
	}
	p.Live = true
	var version telnyx.Version
	var canary telnyx.Canary
	var errVersion, errCanary error
	var work group.Group
	work.Go(func() { version, errVersion = api.GetVersion(ctx, s.AssistantID, s.VersionID) })
	work.Go(func() { canary, errCanary = api.GetCanary(ctx, s.AssistantID) })
	work.Wait()
	if errVersion == nil {
		p.LiveHash = version.Hash
	}
	switch {
	case errVersion != nil:
		return fmt.Sprintf("the version is live, and the check that it is still what was tested failed (%v)", errVersion), false
	case errCanary != nil:
		return fmt.Sprintf("the version is live, and the check whether a canary deploy takes traffic from it failed (%v)", errCanary), false
	case canary.Configured:
		return "the version is live, and a canary deploy still takes traffic from it", false
	}
	return "it is live", true
}

// Edited reports whether the version that is live now is not what was tested.
func (p *Promotion) Edited() bool { return p.LiveHash != "" && p.LiveHash != p.Version.Hash }

// wayBack returns what to do about a live version that was not tested.
func (p *Promotion) wayBack() string {
	if telnyx.SameID(p.Before.ID, p.Settings.VersionID) {
		return "run the gate again"
	}
	return fmt.Sprintf("make version %q live again, or run the gate again", p.Before.ID)
}

func (p *Promotion) canaryText() string {
	if len(p.Canary.Versions) == 0 {
		return "Telnyx does not name its versions"
	}
	return "of version " + outcome.Quoted(p.Canary.Versions, 5)
}
