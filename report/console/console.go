// Package console shows a gate in a log or on a terminal while it runs.
package console

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// defaultHeartbeat is the maximum time without a line in a log.
	defaultHeartbeat = 30 * time.Second
	// maxSkipped is how many tests that were not run get a line of their own while the gate runs.
	maxSkipped = 5
)

// Config says where and how a Console writes.
type Config struct {
	Out io.Writer  // each line is one call of Write
	CI  *ci.System // folds the log if it can; nil for none
	// Title is the first line, such as the name of the gate and the version of the program; may be empty.
	Title string
	// NotReal names what takes the place of Telnyx, such as "simulator"; empty for the real one.
	NotReal string
	// Terminal has a status redrawn in place. It is ignored on GitHub, where every redraw would be a line.
	Terminal  bool
	Width     func() int    // columns of the terminal; nil, or not above 0, if nobody knows
	Links     bool          // the terminal makes links of addresses
	Color     bool          // never carries meaning alone
	Heartbeat time.Duration // in a log, the longest time without a line; 0 means 30 seconds
}

// Console writes what happens while the gate runs, for a person to follow, and how it ended. It may be used from several
// goroutines. Errors of the writer are ignored: a closed output must not end a gate.
type Console struct {
	mu      sync.Mutex
	cfg     Config
	paint   palette
	display display

	names   int // columns that names are padded to
	target  outcome.Target
	now     progress
	grouped bool              // a group of the CI's log is open
	warned  map[string]bool   // by text: whether the group of the log hides it
	reasons map[string]string // by text: the id of the test that said it first
}

// display is where lines go: a terminal with a status line, or a log.
type display interface {
	// print writes lines, each without its line end.
	print(lines ...string)
	// progress shows how far the gate is, now or when it is due.
	progress()
	// clearStatus takes away what is not to stay.
	clearStatus()
}

// New makes a Console. Nothing is written yet.
func New(cfg Config) *Console {
	if cfg.CI == nil {
		cfg.CI = ci.Detect(func(string) (string, bool) { return "", false }, io.Discard)
	}
	if cfg.Heartbeat <= 0 {
		cfg.Heartbeat = defaultHeartbeat
	}
	c := &Console{cfg: cfg, paint: palette(cfg.Color), names: maxNameColumns, warned: map[string]bool{}, reasons: map[string]string{}}
	if cfg.Terminal && !cfg.CI.IsGitHub() {
		c.display = &terminal{out: cfg.Out, now: &c.now, row: c.runningRow, width: c.width, paint: c.paint}
	} else {
		c.display = &logLines{out: cfg.Out, now: &c.now, heartbeat: cfg.Heartbeat, last: time.Now()}
	}
	return c
}

// Observe handles an event of the gate.
func (c *Console) Observe(e outcome.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := e.(type) {
	case outcome.PlanReady:
		c.planReady(e.Plan)
	case outcome.RunTriggered:
		c.runTriggered(e)
	case outcome.RunEnded:
		c.now.running.remove(e.RunID)
	case outcome.TestEnded:
		c.testEnded(e)
	case outcome.Progress:
		c.now.Progress = e
		c.display.progress()
	case outcome.Warning:
		c.warn(e.Text)
	case outcome.Notice:
		c.display.print(c.wrapped("  ", "  ", safe.Line(e.Text, view.MaxTextColumns))...)
	}
}

// planReady prints what will be run, and opens the group that the tests' lines go into.
func (c *Console) planReady(p *outcome.Plan) {
	c.names, c.target = c.nameWidth(p), p.Target
	var lines []string
	if c.cfg.Title != "" {
		lines = append(lines, c.paint.bold(safe.Line(c.cfg.Title, view.MaxLineColumns)))
	}
	for _, text := range []string{planned(p), view.OnlyLastFailed(p.LastFailed).Show(nameLine), assistant(p.Target), bounds(p), attempts(p)} {
		if text != "" {
			lines = append(lines, c.wrapped("  ", "  ", text)...)
		}
	}
	if c.cfg.NotReal != "" {
		lines = append(lines, "  "+c.paint.yellow(view.NotRealAPI(safe.Line(c.cfg.NotReal, view.MaxLineColumns))))
	}
	for _, text := range p.Notes {
		lines = append(lines, c.wrapped("  ", "  ", "note: "+safe.Line(text, view.MaxTextColumns))...)
	}
	c.display.print(lines...)
	for _, text := range p.Warnings {
		c.warn(text)
	}
	if c.cfg.CI.Folds() {
		c.cfg.CI.Group(view.Plural(len(p.Tests), "test", "tests"))
		c.grouped = true
		return
	}
	c.display.print("")
}

// planned says what will be run against which version.
func planned(p *outcome.Plan) string {
	suites := map[string]bool{}
	for _, t := range p.Tests {
		if t.Suite != "" {
			suites[t.Suite] = true
		}
	}
	text := view.Plural(len(p.Tests), "test", "tests")
	if len(suites) > 0 {
		text += " in " + view.Plural(len(suites), "suite", "suites")
	}
	text += view.OnVersion(p.Target).Show(nameLine)
	if p.Target.Baseline != "" {
		text += ", failures compared with " + nameLine(p.Target.Baseline)
	}
	return text
}

// nameLine is a name or an id as the console shows it.
func nameLine(s string) string { return safe.Line(s, view.MaxLineColumns) }

// assistant names the assistant, or what is not checked without one.
func assistant(t outcome.Target) string {
	name, id := safe.Line(t.AssistantName, view.MaxLineColumns), safe.Line(t.AssistantID, view.MaxLineColumns)
	switch {
	case name != "" && id != "":
		return "assistant " + name + " (" + id + ")"
	case id != "":
		return "assistant " + id
	}
	return "not checked " + view.Unchecked(t)
}

// bounds says what it can cost: runs and time.
func bounds(p *outcome.Plan) string {
	if p.RunsAtMost <= p.RunsAtLeast {
		return view.Plural(p.RunsAtLeast, "run", "runs") + timeBound(", ", p)
	}
	text := fmt.Sprintf("%s at least, %d at most", view.Plural(p.RunsAtLeast, "run", "runs"), p.RunsAtMost)
	return text + timeBound("; the first take ", p)
}

// attempts says what auto was resolved to.
func attempts(p *outcome.Plan) string {
	if !p.Policy.Auto() {
		return ""
	}
	return "attempts " + view.Ladder(p.Policy)
}

func timeBound(before string, p *outcome.Plan) string {
	if p.TimeAtMost <= 0 {
		return ""
	}
	return before + view.Clock(p.TimeAtMost) + " at most"
}

func (c *Console) runTriggered(e outcome.RunTriggered) {
	name := safe.Line(e.TestName, view.MaxLineColumns)
	if e.OnBaseline {
		name = "baseline: " + name
	}
	c.now.running.add(run{id: e.Attempt.RunID, name: name, began: time.Now(), bound: e.TimeAtMost})
	if c.cfg.CI.Debug() {
		c.display.print("  " + c.paint.faint("run "+safe.Line(e.Attempt.RunID, view.MaxLineColumns)+" triggered: "+name))
	}
}

func (c *Console) testEnded(e outcome.TestEnded) {
	for _, a := range view.AllRuns(e.Result) {
		c.now.running.remove(a.RunID)
	}
	c.now.count(&e.Result)
	if e.Result.State != outcome.StateNotRun || c.now.ended.BlockingByState.NotRun <= maxSkipped {
		c.display.print(c.resultLines(e.Result)...)
	}
	if e.Ended == e.Total && !c.cfg.CI.IsGitHub() { // there, annotations follow
		c.endGroup()
	}
}

// runningRow is a run under way as a row of the same table as the results.
func (c *Console) runningRow(r run) string {
	took, of := timeOf(r)
	prefix := "  " + c.paint.cyan("\u00b7 "+safe.Pad("RUNNING", wordColumns)) + "  "
	name := c.isolated(safe.Line(r.name, c.names))
	return prefix + safe.Pad(name, c.names) + leftPadded(took, durationColumns) + c.paint.faint(of)
}

func (c *Console) endGroup() {
	if c.grouped {
		c.cfg.CI.EndGroup()
		c.grouped = false
	}
}

// warn says a warning once.
func (c *Console) warn(text string) {
	if _, said := c.warned[text]; said {
		return
	}
	c.warned[text] = c.grouped
	c.display.print(c.warningLines(text)...)
}

func (c *Console) warningLines(text string) []string {
	lines := c.wrapped("  ! ", "    ", "warning: "+safe.Line(text, view.MaxTextColumns))
	lines[0] = "  " + c.paint.yellow("!") + strings.TrimPrefix(lines[0], "  !")
	return lines
}
