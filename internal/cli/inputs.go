package cli

//go:generate go test -run ^TestGenerated -update .

import (
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
)

// kind is how an input's flag behaves.
type kind int

const (
	kindText kind = iota // one value; given twice it is refused
	kindList             // may be given several times, the values are taken together
	kindBool             // --name alone means true
)

// input declares one input. Its flag, the environment variables, the help, action.yml and the README's table follow
// from it.
type input struct {
	name        string
	alias       string // environment variable that is looked at last; empty: none
	def         string // value where none is given; empty: none
	shown       string // said in place of the default where def is empty, such as "required"
	help        string // one or two sentences without the default
	placeholder string // stands for the value in --help
	kind        kind
	secret      bool // no flag, and the value is never shown
	// neverEmpty refuses an empty flag: the value of another route would test another version than was meant.
	neverEmpty bool
	lines      func(value string) string // makes lines of one value of a list; nil: as it is
	parse      parser
}

// Words that are values of inputs.
const (
	simulatorURL = "simulator" // base-url: the built-in simulator
	noReports    = "none"      // report-dir: no files
	auto         = "auto"      // the gate decides
	defaultName  = "assistant-gate"
	required     = "required" // shown in place of a default
)

// declaration returns every input, in the order in which users see them.
func declaration() []input {
	return []input{
		{
			name: "api-key", alias: "TELNYX_API_KEY", shown: required, secret: true,
			help: "Telnyx API v2 key. Keep it in a secret: it is never printed, and it has no flag, because others can read " +
				"arguments.",
			parse: text(func(in *Inputs) *string { return &in.APIKey }, anything),
		},
		{
			name: "api-key-file", placeholder: "FILE",
			help:  "File that holds the API key, in place of `api-key` (Kubernetes and Docker secrets).",
			parse: text(func(in *Inputs) *string { return &in.APIKeyFile }, keyPath),
		},
		{
			name: "base-url", alias: "TELNYX_BASE_URL", def: "https://api.telnyx.com/v2", placeholder: "URL",
			help: "API root. The word `simulator` means the built-in one, which needs no key and no network. " +
				"Anything but Telnyx is marked in every report.",
			parse: baseURL,
		},
		{
			name: "test-ids", kind: kindList, placeholder: "IDS",
			help: "Tests to run: ids separated by newlines, commas or blanks; `#` starts a comment. Give these, " +
				"`test-suites` or both.",
			parse: testIDs,
		},
		{
			name: "test-suites", kind: kindList, placeholder: "SUITES",
			help: "Suites to run: names separated by newlines, or by commas if the value is a single line. End a single name " +
				"that has a comma with a newline.",
			lines: suiteLines, parse: testSuites,
		},
		{
			name: "version-id", shown: required, placeholder: "ID", neverEmpty: true,
			help: "Assistant version to test, sent as `destination_version_id`; the word `main` means the live one. " +
				"Never guessed: an empty value is refused.",
			parse: text(func(in *Inputs) *string { return &in.VersionID }, opaqueID),
		},
		{
			name: "version-name", placeholder: "NAME", neverEmpty: true,
			help: "With `assistant-id`, in place of `version-id`: the one version of exactly this name (teams use the commit " +
				"hash), looked up before anything is paid. None or several is refused.",
			parse: text(func(in *Inputs) *string { return &in.VersionName }, versionName),
		},
		{
			name: "assistant-id", placeholder: "ID", neverEmpty: true,
			help: "If given, the version must exist on this assistant, and every test whose destination is an " +
				"assistant must target it; checked before anything is paid.",
			parse: text(func(in *Inputs) *string { return &in.AssistantID }, opaqueID),
		},
		{
			name: "timeout", def: "30m", placeholder: "DURATION",
			help:  "Bound on the whole gate, such as `90s`, `30m` or `1h30m`.",
			parse: duration(func(in *Inputs) *time.Duration { return &in.Timeout }),
		},
		{
			name: "run-timeout", def: auto, placeholder: "DURATION",
			help: "Bound on one remote run, from its trigger; `auto` is the test's own `max_duration_seconds` and " +
				"5 minutes, 15 minutes where it has none.",
			parse: autoOr(
				func(in *Inputs) { in.RunTimeout = 0 },
				duration(func(in *Inputs) *time.Duration { return &in.RunTimeout })),
		},
		{
			name: "outage-timeout", def: "5m", placeholder: "DURATION",
			help: "How long the API may give no usable answer at all before the gate gives up; 2 minutes at most while " +
				"nothing is triggered yet.",
			parse: duration(func(in *Inputs) *time.Duration { return &in.OutageTimeout }),
		},
		{
			name: "max-in-flight", def: auto, placeholder: "N",
			help: "Most remote runs at the same time; `auto` is 5 of channel `phone_call` (an account's usual call " +
				"limit), others unbounded; `0` is no bound.",
			parse: autoOr(
				func(in *Inputs) { in.MaxInFlight = gate.AutoBound },
				number(func(in *Inputs) *int { return &in.MaxInFlight }, gate.Unbounded)),
		},
		{
			name: "max-runs", def: "200", placeholder: "N",
			help:  "Most remote runs that this gate may trigger in all: a budget.",
			parse: number(func(in *Inputs) *int { return &in.MaxRuns }, 1),
		},
		{
			name: "attempts", def: "1", placeholder: "POLICY",
			help: "How many runs make a verdict: `1`; `K-of-N` (K passes within at most N runs; `1-of-3` is a plain retry); " +
				"`confirm:N` (a first pass counts, a first failure is run again until a majority of N is certain; N odd). Runs " +
				"stop as soon as the answer is certain.",
			parse: policy,
		},
		{
			name: "error-reruns", def: "1", placeholder: "N",
			help: "How often, for each test, a run that ends in Telnyx's `error`, or cannot be read, is run again: it is no " +
				"vote. A timed-out run never is.",
			parse: number(func(in *Inputs) *int { return &in.ErrorReruns }, 0),
		},
		{
			name: "advisory-criteria", kind: kindList, placeholder: "NAMES",
			help:  "Names of rubric criteria, one a line, that are reported but do not fail a test.",
			parse: advisoryCriteria,
		},
		{
			name: "baseline-version", placeholder: "ID", neverEmpty: true,
			help: "`main` or a version id other than `version-id`: a failing test is run there too; two failures of two " +
				"there make it a known failure, which does not block. `main` is refused with `run-key`.",
			parse: text(func(in *Inputs) *string { return &in.BaselineVersion }, opaqueID),
		},
		{
			name: "quarantine-file", placeholder: "FILE",
			help:  "YAML list of tests that may fail for now: id, reason, owner, expires.",
			parse: text(func(in *Inputs) *string { return &in.QuarantineFile }, plainPath),
		},
		{
			name: "fail-fast", def: "false", kind: kindBool,
			help:  "`true` stops triggering after the first blocking failure; of use with `max-in-flight`.",
			parse: boolean(func(in *Inputs) *bool { return &in.FailFast }),
		},
		{
			name: "transcripts", def: auto, placeholder: "WHICH",
			help: "Whose conversations and logs go into reports, console and annotations: `none`, `failed`, `all`; `auto` is " +
				"`failed`, but `none` in a repository that the CI says is public. They may hold personal data.",
			parse: transcripts,
		},
		{
			name: "report-dir", def: "test-reports", placeholder: "DIR",
			help: "Where report files go, made if missing; inside the working directory unless absolute. " +
				"The word `none` means no files.",
			parse: reportDir,
		},
		{
			name: "name", def: defaultName, placeholder: "NAME",
			help: "Name of this gate in report titles and file names: letters, digits, dots, underscores and " +
				"hyphens, at most 64; not ending in `.ctrf` or `.comment`.",
			parse: text(func(in *Inputs) *string { return &in.Name }, gateName),
		},
		{
			name: "run-key", shown: "random", placeholder: "KEY",
			help: "Names this execution of the gate: a second start with the same key finds the runs of the first " +
				"instead of paying again. Needs a `version-id` and a `baseline-version` other than `main`.",
			parse: text(func(in *Inputs) *string { return &in.RunKey }, runKey),
		},
	}
}

// describe is the help of an input with its default, as --help and action.yml have it.
func (d input) describe() string {
	switch {
	case d.def != "":
		return d.help + " Default: `" + d.def + "`."
	case d.shown == required:
		return d.help + " Required."
	case d.shown != "":
		return d.help + " Default: " + d.shown + "."
	}
	return d.help
}
