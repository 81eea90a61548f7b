package gate_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// fakeAPI is a Telnyx whose every answer a test can choose. Its runs advance with the (faked) clock.
type fakeAPI struct {
	mu       sync.Mutex
	tests    []telnyx.Test
	versions map[string][]telnyx.Version // by assistant
	takes    time.Duration               // how long runs take; a test's entry in ends may differ
	ends     map[string]telnyx.Run       // by test id: how its runs end; passed where there is none
	never    map[string]bool             // tests whose runs never end

	onTrigger      func(n int, r telnyx.TriggerRequest) error // n counts all triggers from 1; an error makes no run
	onPoll         func(n int, testID string, age time.Duration) (telnyx.Run, error, bool)
	onGetTest      func(id string) error
	onVersion      func(v telnyx.Version) telnyx.Version // how a version that is asked for by itself is answered
	onFind         func(ctx context.Context, ids []string) ([]telnyx.Test, error)
	onConversation func(ctx context.Context, id string) (telnyx.Conversation, error)
	onMessages     func(ctx context.Context, conversationID string) ([]telnyx.Message, error)
	onMade         func(run telnyx.Run, version string) // a run was made
	onEnd          func(run *telnyx.Run)                // how a run that has ended is answered

	onSuite func(n int, made []telnyx.Run) ([]telnyx.Run, error) // what answers the nth trigger of a suite, from 1
	onPage  func(n int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error)

	triggers []telnyx.TriggerRequest
	suites   []telnyx.SuiteTriggerRequest
	pages    int
	runs     []fakeRun
	polls    int
	finds    int

	hintError error // of the lists of suites and versions
	peak      int
}

type fakeRun struct {
	run  telnyx.Run
	from time.Time
}

func newFake(n int) *fakeAPI {
	f := &fakeAPI{takes: 10 * time.Second, ends: map[string]telnyx.Run{}, never: map[string]bool{}}
	for i := range n {
		f.tests = append(f.tests, telnyx.Test{
			ID: fmt.Sprintf("t%d", i+1), Name: fmt.Sprintf("test %d", i+1), Suite: "suite",
			Channel: telnyx.ChannelWebChat, Destination: "assistant-a", MaxDuration: time.Minute,
			Rubric: []telnyx.Criterion{{Name: "polite", Text: "is polite"}},
		})
	}
	return f
}

func (f *fakeAPI) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	return lookUp(ctx, func() (telnyx.Test, error) { return f.getTest(id) })
}

// lookUp asks again as the client does.
func lookUp[T any](ctx context.Context, ask func() (T, error)) (T, error) {
	hear := telnyx.Patience(ctx)
	for {
		answer, err := ask()
		if ctx.Err() == nil && hear != nil {
			hear(err)
		}
		if hear == nil || !telnyx.Transient(err) || telnyx.Hopeless(err) {
			return answer, err
		}
		select {
		case <-time.After(1700 * time.Millisecond):
		case <-ctx.Done():
			return answer, err
		}
	}
}

func (f *fakeAPI) getTest(id string) (telnyx.Test, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.onGetTest != nil {
		if err := f.onGetTest(id); err != nil {
			return telnyx.Test{}, err
		}
	}
	for _, t := range f.tests {
		if t.ID == id {
			return t, nil
		}
	}
	return telnyx.Test{}, &telnyx.Error{Op: "get test " + id, Kind: telnyx.KindNotFound, Status: 404, Code: "10005", Detail: "Resource not found"}
}

// FindTests knows all tests, unless the test says otherwise.
func (f *fakeAPI) FindTests(ctx context.Context, ids []string) ([]telnyx.Test, error) {
	f.finds++
	if f.onFind != nil {
		return f.onFind(ctx, ids)
	}
	return slices.DeleteFunc(slices.Clone(f.tests), func(t telnyx.Test) bool { return !slices.Contains(ids, t.ID) }), nil
}

func (f *fakeAPI) ListTests(_ context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error) {
	var out []telnyx.Test
	for _, t := range f.tests {
		if filter.Suite == "" || t.Suite == filter.Suite || filter.Suite == "leaky" {
			out = append(out, t)
		}
	}
	return out, nil
}

func (f *fakeAPI) ListSuites(ctx context.Context) ([]string, error) {
	return lookUp(ctx, func() ([]string, error) { return []string{"suite"}, f.hintError })
}

// ListAssistants has those whose versions the test gives, by their first one.
func (f *fakeAPI) ListAssistants(ctx context.Context) ([]telnyx.Assistant, error) {
	return lookUp(ctx, func() (all []telnyx.Assistant, err error) {
		for id, versions := range f.versions {
			a := telnyx.Assistant{ID: id}
			if len(versions) > 0 {
				a.Name = versions[0].AssistantName
			}
			all = append(all, a)
		}
		return all, f.hintError
	})
}

// GetAssistant takes the first version for the live one.
func (f *fakeAPI) GetAssistant(_ context.Context, assistantID string) (telnyx.Version, error) {
	if versions := f.versions[assistantID]; len(versions) > 0 {
		return versions[0], nil
	}
	return telnyx.Version{}, &telnyx.Error{Op: "get assistant " + assistantID, Kind: telnyx.KindNotFound, Status: 404}
}

func (f *fakeAPI) GetVersion(_ context.Context, assistantID, versionID string) (telnyx.Version, error) {
	for _, v := range f.versions[assistantID] {
		if v.ID == versionID && f.onVersion != nil {
			return f.onVersion(v), nil
		}
		if v.ID == versionID {
			return v, nil
		}
	}
	return telnyx.Version{}, &telnyx.Error{Op: "get version " + versionID, Kind: telnyx.KindNotFound, Status: 404}
}

func (f *fakeAPI) ListVersions(ctx context.Context, assistantID string) ([]telnyx.Version, error) {
	if f.hintError != nil {
		return lookUp(ctx, func() ([]telnyx.Version, error) { return nil, f.hintError })
	}
	if versions, ok := f.versions[assistantID]; ok {
		return versions, nil
	}
	return nil, &telnyx.Error{Op: "list versions of " + assistantID, Kind: telnyx.KindNotFound, Status: 404}
}

func (f *fakeAPI) TriggerTest(_ context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.triggers = append(f.triggers, r)
	if f.onTrigger != nil {
		if err := f.onTrigger(len(f.triggers), r); err != nil {
			return telnyx.Triggered{}, err
		}
	}
	return telnyx.Triggered{Run: f.make(r.TestID, r.VersionID, "")}, nil
}

func (f *fakeAPI) make(testID, version, suiteRun string) telnyx.Run {
	run := telnyx.Run{ID: fmt.Sprintf("r%d", len(f.runs)+1), TestID: testID, Status: telnyx.StatusPending, CreatedAt: time.Now(), SuiteRunID: suiteRun}
	f.runs = append(f.runs, fakeRun{run: run, from: time.Now()})
	if f.onMade != nil {
		f.onMade(run, version)
	}
	f.peak = max(f.peak, f.inFlight())
	return run
}

func (f *fakeAPI) TriggerSuite(_ context.Context, r telnyx.SuiteTriggerRequest) (telnyx.SuiteTriggered, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.suites = append(f.suites, r)
	var made []telnyx.Run
	for _, t := range f.tests {
		if t.Suite == r.Suite || r.Suite == "leaky" {
			made = append(made, f.make(t.ID, r.VersionID, fmt.Sprintf("s%d", len(f.suites))))
		}
	}
	if f.onSuite == nil {
		return telnyx.SuiteTriggered{Runs: made}, nil
	}
	runs, err := f.onSuite(len(f.suites), made)
	return telnyx.SuiteTriggered{Runs: runs}, err
}

func (f *fakeAPI) GetSuiteRuns(_ context.Context, r telnyx.SuiteRunsRequest) (telnyx.SuiteRuns, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages++
	var all []telnyx.Run
	for _, run := range slices.Backward(f.runs) {
		if run.run.SuiteRunID == r.SuiteRunID {
			all = append(all, f.at(run, time.Since(run.from)))
		}
	}
	from := min(len(all), (r.Page-1)*telnyx.RunsPage)
	page := telnyx.SuiteRuns{Runs: all[from:min(len(all), from+telnyx.RunsPage)], Total: len(all)}
	if f.onPage == nil {
		return page, nil
	}
	return f.onPage(f.pages, page)
}

func (f *fakeAPI) ListSuiteRuns(_ context.Context, suite string, most int) ([]telnyx.Run, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []telnyx.Run
	for _, r := range slices.Backward(f.runs) {
		if r.run.SuiteRunID != "" && len(out) < most {
			out = append(out, f.at(r, time.Since(r.from)))
		}
	}
	return out, nil
}

// sent is how many runs were asked for.
func (f *fakeAPI) sent() int {
	n := len(f.triggers)
	for _, r := range f.runs {
		if r.run.SuiteRunID != "" {
			n++
		}
	}
	return n
}

func (f *fakeAPI) inFlight() int {
	n := 0
	for _, r := range f.runs {
		if f.never[r.run.TestID] || time.Since(r.from) < f.takes {
			n++
		}
	}
	return n
}

func (f *fakeAPI) GetRun(_ context.Context, testID, runID string) (telnyx.Run, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.polls++
	for _, r := range f.runs {
		if r.run.ID != runID || r.run.TestID != testID {
			continue
		}
		age := time.Since(r.from)
		if f.onPoll != nil {
			if run, err, ok := f.onPoll(f.polls, testID, age); ok {
				run.ID, run.TestID = runID, testID
				return run, err
			}
		}
		return f.at(r, age), nil
	}
	return telnyx.Run{}, &telnyx.Error{Op: "get run", Kind: telnyx.KindNotFound, Status: 404}
}

func (f *fakeAPI) at(r fakeRun, age time.Duration) telnyx.Run {
	run := r.run
	run.Status = telnyx.StatusRunning
	if f.never[run.TestID] || age < f.takes {
		return run
	}
	run.Status = telnyx.StatusPassed
	run.Criteria = []telnyx.CriterionResult{{Name: "polite", Status: telnyx.StatusPassed}}
	run.CompletedAt = r.from.Add(f.takes)
	if end, ok := f.ends[run.TestID]; ok {
		run.Status, run.Criteria, run.Logs = end.Status, end.Criteria, end.Logs
	}
	if f.onEnd != nil {
		f.onEnd(&run)
	}
	return run
}

// ListRuns returns the newest runs first.
func (f *fakeAPI) ListRuns(_ context.Context, testID string, most int) ([]telnyx.Run, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []telnyx.Run
	for _, r := range slices.Backward(f.runs) {
		if r.run.TestID == testID && len(out) < most {
			out = append(out, r.run)
		}
	}
	return out, nil
}

// GetConversation keeps no conversation unless the test says otherwise.
func (f *fakeAPI) GetConversation(ctx context.Context, id string) (telnyx.Conversation, error) {
	if f.onConversation != nil {
		return f.onConversation(ctx, id)
	}
	return telnyx.Conversation{}, apiError(telnyx.KindNotFound, 404)
}

func (f *fakeAPI) ListMessages(ctx context.Context, conversationID string, _ int) ([]telnyx.Message, error) {
	if f.onMessages != nil {
		return f.onMessages(ctx, conversationID)
	}
	return nil, &telnyx.Error{Op: "list messages", Kind: telnyx.KindNotFound, Status: 404}
}

// freePace lets every request go at once.
type freePace struct{}

func (freePace) Take() time.Duration   { return 0 }
func (freePace) Paused() time.Duration { return 0 }

// settingsFor selects every test of f.
func settingsFor(f *fakeAPI) gate.Settings {
	s := gate.Settings{
		VersionID: "v1", Timeout: 30 * time.Minute, OutageTimeout: 5 * time.Minute, MaxInFlight: gate.AutoBound, MaxRuns: 200,
		RunKey: "key", Policy: outcome.OneRun(), Timings: gate.DefaultTimings(),
	}
	for _, t := range f.tests {
		s.TestIDs = append(s.TestIDs, t.ID)
	}
	return s
}

// runGate runs the gate and checks what holds for every outcome.
func runGate(t *testing.T, ctx context.Context, f *fakeAPI, s gate.Settings) (*outcome.Outcome, []outcome.Event) {
	t.Helper()
	return runArchived(t, ctx, f, s, nil)
}

// runArchived is runGate with an archive.
func runArchived(t *testing.T, ctx context.Context, f *fakeAPI, s gate.Settings, archive outcome.Archive) (*outcome.Outcome, []outcome.Event) {
	t.Helper()
	var events []outcome.Event
	o := gate.Run(ctx, gate.Config{Settings: s, API: f, Pacer: freePace{}, Archive: archive, Observe: func(e outcome.Event) { events = append(events, e) }})
	c := o.Counts()
	if sum := c.Passed + c.Failed + c.Errored + c.TimedOut + c.NotRun; sum != c.Total {
		t.Errorf("the counts add up to %d, not to the total of %d", sum, c.Total)
	}
	if o.Paid > s.MaxRuns {
		t.Errorf("%d runs were paid, but max-runs is %d", o.Paid, s.MaxRuns)
	}
	if o.ExitCode() == 0 && (c.Passed == 0 || c.Passed+c.Excused != c.Total) {
		t.Errorf("exit 0 with %d of %d tests passed and %d excused", c.Passed, c.Total, c.Excused)
	}
	return o, events
}

func states(o *outcome.Outcome) string {
	var out string
	for i, r := range o.Results {
		if i > 0 {
			out += " "
		}
		out += string(r.State)
	}
	return out
}

// answers makes every poll at a run come back as one after the other says; the last repeats.
func answers(f *fakeAPI, runs ...telnyx.Run) {
	n := 0
	f.onPoll = func(int, string, time.Duration) (telnyx.Run, error, bool) {
		run := runs[min(n, len(runs)-1)]
		n++
		return run, nil, true
	}
}
