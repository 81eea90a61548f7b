package cli

import (
	"bytes"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/golden"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const otherAssistant = "assistant-00000000-0000-4000-8000-00000000000b"

func someTests() []telnyx.Test {
	test := func(i int, name, suite string, channel telnyx.Channel, destination string) telnyx.Test {
		return telnyx.Test{ID: simtest.TestID(i), Name: name, Suite: suite, Channel: channel, Destination: destination}
	}
	return []telnyx.Test{
		test(0, "Books a first appointment", "Booking", telnyx.ChannelWebChat, simtest.Assistant),
		test(1, "Promises no refund, even if the caller asks for the manager", "Billing questions", telnyx.ChannelWebChat, simtest.Assistant),
		test(2, "Calls back", "Booking", telnyx.ChannelPhoneCall, "+13125550142"),
		test(3, "予約を別の日に変更できることを確認するテスト", "Booking", telnyx.ChannelWebCall, strings.ToUpper(simtest.Assistant[:10])+simtest.Assistant[10:]),
		test(4, "##[error]\x1b[31mhostile", "", "", ""),
		test(5, "Texts", "Booking", telnyx.ChannelSMSChat, "+13125550143"),
		test(6, "Of another assistant", "Booking", telnyx.ChannelWebChat, otherAssistant),
	}
}

// TestTables: a table fits the terminal; if it is too wide, there is one for each suite. In a log it has all its columns.
func TestTables(t *testing.T) {
	for name, width := range map[string]int{"log": 0, "80": 80, "120": 120} {
		text, err := (lister{session: &session{}}).tests(nil)
		if err != nil || text != "0 tests\n" {
			t.Errorf("%q, %v", text, err)
		}
		var all []string
		for _, group := range byAssistant(someTests()) {
			all = append(all, testTables(group, width))
		}
		text = strings.Join(all, "\n")
		golden.Compare(t, filepath.Join("testdata", "list", name+".txt"), text)
		for line := range strings.Lines(text) {
			if w := ansi.StringWidth(strings.TrimRight(line, "\n")); width > 0 && w > width {
				t.Errorf("%d columns, want %d at most: %s", w, width, line)
			}
		}
	}
}

// TestColumnWidths: the widest column gives way first, and the ids are never wrapped.
func TestColumnWidths(t *testing.T) {
	row := func(widths ...int) (cells []string) {
		for _, w := range widths {
			cells = append(cells, strings.Repeat("x", w))
		}
		return cells
	}
	for _, tt := range []struct {
		widths []int
		width  int
		want   []int
	}{
		{[]int{30, 20, 10}, 0, []int{30, 20, 10}},
		{[]int{30, 20, 10}, 64, []int{30, 20, 10}},
		{[]int{30, 20, 10}, 60, []int{26, 20, 10}},
		{[]int{30, 20, 10}, 50, []int{18, 18, 10}},
		{[]int{30, 20, 90}, 50, []int{12, 12, 90}},
		{[]int{90}, 50, []int{90}},
	} {
		if got := columnWidths([][]string{row(1, 1, 1)[:len(tt.widths)], row(tt.widths...)}, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("%v in %d columns: %v, want %v", tt.widths, tt.width, got, tt.want)
		}
	}
}

func TestGlobPattern(t *testing.T) {
	for _, tt := range []struct {
		glob, name string
		want       bool
	}{
		{"Books*", "Books a visit", true},
		{"Books*", "books a visit", false},
		{"*", "a\nb", true},
		{"*visit", "Books a visit", true},
		{"visit", "Books a visit", false},
		{"B?oks*", "Books a visit", true},
		{"B?ks", "Books", false},
		{"a.c", "abc", false},
		{"[ab]*", "[ab] c", true},
		{`\*`, `\x`, true},
	} {
		if got := globPattern(tt.glob).MatchString(tt.name); got != tt.want {
			t.Errorf("%q selects %q: %v", tt.glob, tt.name, got)
		}
	}
}

func TestCountSuites(t *testing.T) {
	want := []listedSuite{{"Booking", 5}, {"Billing questions", 1}}
	if got := countSuites(someTests()); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// countingTransport counts requests.
type countingTransport struct {
	next http.RoundTripper
	n    atomic.Int64
}

func (c *countingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.next.RoundTrip(req)
}

// TestLargeAccount: the list of 10,000 tests takes one request for each page of 100 and nothing else. From 20 requests a second on,
// which is where a Pacer starts, that is less than 5 s.
func TestLargeAccount(t *testing.T) {
	world := simtest.World(10_000)
	for _, args := range [][]string{{"list"}, {"list", "--suites", "--assistant-id", simtest.Assistant}} {
		synctest.Test(t, func(t *testing.T) {
			wire := &countingTransport{next: simulator.New(world).Transport()}
			env := vars{"TELNYX_API_KEY": simulator.DefaultKey}.environment(nil)
			var stdout, stderr bytes.Buffer
			start := time.Now()
			code := Main(t.Context(), Process{Args: args, Lookup: env.Lookup, Environ: env.Environ, Stdout: &stdout, Stderr: &stderr, Transport: wire})
			took := time.Since(start)
			if code != 0 || wire.n.Load() != 100 || took >= 5*time.Second {
				t.Errorf("%q: exit %d, %d requests in %v; %s", args, code, wire.n.Load(), took, &stderr)
			}
		})
	}
}

func TestListFlags(t *testing.T) {
	for _, tt := range []struct {
		args []string
		part string
	}{
		{[]string{"--suites", "--versions", "--assistant-id=a"}, "--versions and --suites are different lists: give one of them"},
		{[]string{"--assistants", "--name=x"}, "--name selects tests: leave out --assistants or --name"},
		{[]string{"--suites", "--suite=x"}, "--suite selects tests: leave out --suites or --suite"},
		{[]string{"--versions"}, "assistant-id is missing: --versions needs the assistant"},
		{[]string{"--versions", "--assistant-id="}, "assistant-id (from --assistant-id): the value is empty"},
		{[]string{"--name="}, `--name: "": give a name`},
		{[]string{"--suite", "a\nb"}, `--suite: "a\nb": give a name of one line`},
	} {
		_, err := Parse(append([]string{"list"}, tt.args...), enough().environment(nil))
		if len(problems(t, err)) != 1 {
			t.Errorf("%q: %v", tt.args, err)
		}
		wantProblem(t, err, tt.part)
	}
}
