package cli

//go:generate go test -run ^TestGenerated -update .

import (
	"github.com/assistant-gate/assistant-gate/gate"
)

// kind decides how an input's flag behaves.
type kind int

const (
	kindText kind = iota // one value; refused if given twice
	kindList             // may be repeated; the values are combined
	kindBool             // --name alone means true
)

// The groups of flags in the help.
const (
	groupOptions = "Options" // flags of the command that are not inputs
	groupTests   = "What to test"
	groupVerdict = "How strict"
	groupLimits  = "Limits"
	groupReports = "Reports"
	groupMachine = "Machine"
)

// groups returns the groups of flags in the order of the help.
func groups() []string {
	return []string{groupOptions, groupTests, groupVerdict, groupLimits, groupReports, groupMachine}
}

// input is one input. The first fields declare it; its flag, environment variables, help, action.yml and row in docs/inputs.md
// come from them. The other fields hold what the user gave.
type input struct {
	name        string
	group       string // of its flag in the help
	alias       string // environment variable with the lowest priority; empty: none
	def         string // default value; empty: none
	shown       string // shown as the default if def is empty, such as "required"
	help        string // one or two sentences without the default
	placeholder string // for the value in --help
	kind        kind
	secret      bool // has no flag, and the value is never shown
	// neverEmpty refuses an empty flag. Falling back to another source could test the wrong version.
	neverEmpty bool
	lines      func(value string) string // splits one value of a list into lines; nil: no change
	parse      parser

	flagged    []string // values of its flag
	source     string   // source of the value: "--timeout", "INPUT_TIMEOUT", "TELNYX_API_KEY" and so on; empty if none was given
	understood string   // the value or the default, as the gate understood it
	refused    bool     // the value was refused
	mistyped   bool     // its flag was probably meant by an unknown one
}

// Special values of inputs.
const (
	simulatorURL = "simulator" // base-url: the built-in simulator
	noReports    = "none"      // report-dir: no files
	auto         = "auto"      // the gate decides
	defaultName  = "assistant-gate"
	required     = "required" // shown as the default
)

// declaration has a field for each input, so that code can refer to it by name.
type declaration struct {
	apiKey, apiKeyFile, baseURL                                              *input
	testNames, minTests, lastFailed                                          *input
	testIDs, testSuites, versionID, versionName, assistantID                 *input
	timeout, runTimeout, outageTimeout, maxInFlight, maxRuns                 *input
	attempts, errorReruns, advisoryCriteria, baselineVersion, baselineRounds *input
	requireVersionProof, quarantineFile, failFast                            *input
	transcripts, reportDir, name, runKey                                     *input
}

// all returns the inputs in the order in which users see them.
func (d declaration) all() []*input {
	return []*input{
		d.apiKey, d.apiKeyFile, d.baseURL,
		d.testNames, d.testIDs, d.testSuites, d.minTests, d.lastFailed, d.versionID, d.versionName, d.assistantID,
		d.timeout, d.runTimeout, d.outageTimeout, d.maxInFlight, d.maxRuns,
		d.attempts, d.errorReruns, d.advisoryCriteria, d.baselineVersion, d.baselineRounds,
		d.requireVersionProof, d.quarantineFile, d.failFast, d.transcripts, d.reportDir, d.name, d.runKey,
	}
}

// declare returns the inputs, whose values are stored in in.
func declare(in *Inputs) declaration {
	return declaration{
		apiKey: &input{
			name: "api-key", group: groupMachine, alias: "TELNYX_API_KEY", shown: required, secret: true,
			help: "Telnyx API v2 key. Store it as a secret. It is never printed, and it has no flag because other users " +
				"of the machine can read arguments.",
			parse: text(&in.APIKey, anything),
		},
		apiKeyFile: &input{
			name: "api-key-file", group: groupMachine, placeholder: "FILE",
			help:  "File that holds the API key, such as a mounted Kubernetes or Docker secret. Replaces `api-key`.",
			parse: text(&in.APIKeyFile, keyPath),
		},
		baseURL: &input{
			name: "base-url", group: groupMachine, alias: "TELNYX_BASE_URL", def: "https://api.telnyx.com/v2", placeholder: "URL",
			help: "API root. `simulator` uses the built-in simulator, which needs no key and no network. Every report " +
				"marks results that are not from the real Telnyx.",
			parse: in.parseBaseURL,
		},
		testNames: &input{
			name: "test-names", group: groupTests, kind: kindList, placeholder: "NAMES",
			help: "Tests that talk to `assistant-id`, by name: one pattern per line, in which `*` stands for any text and `?` for one " +
				"character; `*` alone selects all. A pattern that selects nothing is refused. A line that begins with `!` takes out tests, " +
				"also those of `test-ids` and `test-suites`. Only there upper and lower case matter.",
			parse: in.parseTestNames,
		},
		minTests: &input{
			name: "min-tests", group: groupTests, def: "1", placeholder: "N",
			help:  "Refuse to run fewer tests than this: a guard against a selection that shrank.",
			parse: number(&in.MinTests, 1),
		},
		lastFailed: &input{
			name: "last-failed", group: groupTests, placeholder: "FILE",
			help: "Results file (`NAME.json`) of an earlier gate on the same assistant: run only the tests that blocked in it, in place of " +
				"`test-names`, `test-ids` and `test-suites`. `merge` and `promote` refuse such results.",
			parse: text(&in.LastFailedFile, plainPath),
		},
		testIDs: &input{
			name: "test-ids", group: groupTests, kind: kindList, placeholder: "IDS",
			help: "Ids of the tests to run, separated by newlines, commas or blanks. `#` starts a comment. Can be combined with " +
				"`test-names` and `test-suites`.",
			parse: in.parseTestIDs,
		},
		testSuites: &input{
			name: "test-suites", group: groupTests, kind: kindList, placeholder: "SUITES",
			help: "Names of the suites to run, separated by newlines, or by commas if the value is a single line. If a " +
				"single name contains a comma, end it with a newline.",
			lines: suiteLines, parse: in.parseTestSuites,
		},
		versionID: &input{
			name: "version-id", group: groupTests, shown: required, placeholder: "ID", neverEmpty: true,
			help: "Assistant version to test (`destination_version_id`). `main` is the live version. The gate never " +
				"guesses: an empty value is refused.",
			parse: text(&in.VersionID, opaqueID),
		},
		versionName: &input{
			name: "version-name", group: groupTests, placeholder: "NAME", neverEmpty: true,
			help: "Name of the version to test, in place of `version-id`; teams often use the commit hash. Needs " +
				"`assistant-id`. Exactly one version must have the name; it is looked up before anything is paid.",
			parse: text(&in.VersionName, versionName),
		},
		assistantID: &input{
			name: "assistant-id", group: groupTests, placeholder: "ID", neverEmpty: true,
			help: "Assistant under test. If given, the gate checks before it pays anything that the version exists on " +
				"this assistant and that every test whose destination is an assistant targets this one.",
			parse: text(&in.AssistantID, opaqueID),
		},
		timeout: &input{
			name: "timeout", group: groupLimits, def: "30m", placeholder: "DURATION",
			help:  "Maximum time for the whole gate, such as `90s`, `30m` or `1h30m`.",
			parse: duration(&in.Timeout),
		},
		runTimeout: &input{
			name: "run-timeout", group: groupLimits, def: auto, placeholder: "DURATION",
			help: "Maximum time for one run, from its trigger. `auto` is the test's own `max_duration_seconds` plus 5 " +
				"minutes, or 15 minutes if it has none.",
			parse: autoOr(&in.RunTimeout, 0, duration(&in.RunTimeout)),
		},
		outageTimeout: &input{
			name: "outage-timeout", group: groupLimits, def: "5m", placeholder: "DURATION",
			help: "Give up after this long without a usable answer from the API, or after at most 2 minutes if nothing " +
				"was triggered yet.",
			parse: duration(&in.OutageTimeout),
		},
		maxInFlight: &input{
			name: "max-in-flight", group: groupLimits, def: auto, placeholder: "N",
			help: "Maximum concurrent runs. `auto` limits `phone_call` tests to 5 (the usual account limit) and leaves " +
				"other channels unlimited. `0` removes the limit.",
			parse: autoOr(&in.MaxInFlight, gate.AutoBound, number(&in.MaxInFlight, gate.Unbounded)),
		},
		maxRuns: &input{
			name: "max-runs", group: groupLimits, def: "200", placeholder: "N",
			help:  "Budget: the maximum number of runs that this gate may trigger.",
			parse: number(&in.MaxRuns, 1),
		},
		attempts: &input{
			name: "attempts", group: groupVerdict, def: "1", placeholder: "POLICY",
			help: "How many runs decide a test: `1`; `K-of-N` (K passes within at most N runs; `1-of-3` is a plain " +
				"retry); `confirm:N` (a first pass counts; after a first failure, the majority of N runs decides; N " +
				"is odd); `ladder:A0,A1,...` (A0 passes are enough without a failure, A1 after one failure, and so on); " +
				"`auto` (the cheapest ladder that keeps `auto:healthy=95,broken=30,red=5,slip=10`, in percent; give any of " +
				"them). Runs stop as soon as the result is certain. N is at most 25.",
			parse: in.parsePolicy,
		},
		errorReruns: &input{
			name: "error-reruns", group: groupVerdict, def: "1", placeholder: "N",
			help: "How many times to repeat a run that ended in Telnyx's `error`, could not be judged or could not be read, per test. Such a " +
				"run counts neither way. A run that timed out is never repeated.",
			parse: number(&in.ErrorReruns, 0),
		},
		advisoryCriteria: &input{
			name: "advisory-criteria", group: groupVerdict, kind: kindList, placeholder: "NAMES",
			help:  "Names of rubric criteria, one per line, that are reported but don't fail a test.",
			parse: in.parseAdvisory,
		},
		baselineVersion: &input{
			name: "baseline-version", group: groupVerdict, placeholder: "ID", neverEmpty: true,
			help: "Failing tests also run on this version: `main` or a version id other than `version-id`. A test that " +
				"fails there twice in two runs is a known failure and does not block. `main` cannot be combined with " +
				"`run-key`.",
			parse: text(&in.BaselineVersion, opaqueID),
		},
		baselineRounds: &input{
			name: "baseline-rounds", group: groupVerdict, placeholder: "R",
			help: "With `baseline-version`: compare a failing test with the baseline side by side, in at most this many rounds " +
				"(2 to 9) of a fresh run on each version. It is a regression once the baseline is two rounds ahead, and does " +
				"not block once that is out of reach. Advised: `7`, or `5` if conversations are long.",
			parse: in.parseBaselineRounds,
		},
		requireVersionProof: &input{
			name: "require-version-proof", group: groupVerdict, def: "false", kind: kindBool,
			help: "`true`: a run counts only if its conversation shows that the version that was asked for answered. " +
				"Needs the assistant's data retention.",
			parse: boolean(&in.RequireVersionProof),
		},
		quarantineFile: &input{
			name: "quarantine-file", group: groupVerdict, placeholder: "FILE",
			help:  "YAML list of tests that may fail for now: id, reason, owner, expires.",
			parse: text(&in.QuarantineFile, plainPath),
		},
		failFast: &input{
			name: "fail-fast", group: groupVerdict, def: "false", kind: kindBool,
			help:  "`true` stops triggering after the first failure that blocks. Most useful with `max-in-flight`.",
			parse: boolean(&in.FailFast),
		},
		transcripts: &input{
			name: "transcripts", group: groupReports, def: auto, placeholder: "WHICH",
			help: "Which runs' conversations and logs appear in reports, console and annotations: `none`, `failed` " +
				"(with those of the baseline, to compare) or `all`. `auto` is `failed`, but `none` in a repository that the CI reports as public. Conversations " +
				"often contain personal data.",
			parse: in.parseTranscripts,
		},
		reportDir: &input{
			name: "report-dir", group: groupReports, def: "test-reports", placeholder: "DIR",
			help: "Directory for report files, created if missing. Must be inside the working directory unless " +
				"absolute. `none` writes no files.",
			parse: in.parseReportDir,
		},
		name: &input{
			name: "name", group: groupReports, def: defaultName, placeholder: "NAME",
			help: "Name of this gate in report titles and file names: at most 64 letters, digits, dots, underscores and " +
				"hyphens, not ending in `.ctrf` or `.comment`.",
			parse: text(&in.Name, gateName),
		},
		runKey: &input{
			name: "run-key", group: groupMachine, shown: "random", placeholder: "KEY",
			help: "Identifies this execution of the gate. If a pod or job may restart, set it (for example to the Job's " +
				"UID): a second start with the same key finds the runs of the first instead of paying again. Needs a " +
				"`version-id`, and a `baseline-version` if any, other than `main`.",
			parse: text(&in.RunKey, runKey),
		},
	}
}

// describe returns the help of an input with its default, for --help and action.yml.
func (d *input) describe() string {
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
