package cli

//go:generate go test -run ^TestGenerated -update .

import (
	"github.com/assistant-gate/assistant-gate/gate"
)

// kind is how an input's flag behaves.
type kind int

const (
	kindText kind = iota // one value; given twice it is refused
	kindList             // may be given several times, the values are taken together
	kindBool             // --name alone means true
)

// The groups of flags in the help.
const (
	groupOptions = "Options" // the command's own flags, which are not inputs
	groupTelnyx  = "Telnyx"
	groupTests   = "What is tested"
	groupVerdict = "How verdicts are made"
	groupLimits  = "Limits and restarts"
	groupReports = "Reports"
)

// groups are the groups of flags in the order of the help.
func groups() []string {
	return []string{groupOptions, groupTelnyx, groupTests, groupVerdict, groupLimits, groupReports}
}

// input is one input: first its declaration, from which its flag, the environment variables, the help, action.yml and the
// README's table follow; then what came of it.
type input struct {
	name        string
	group       string // of its flag in the help
	alias       string // environment variable that is read last; empty: none
	def         string // value if none is given; empty: none
	shown       string // shown in place of the default if def is empty, such as "required"
	help        string // one or two sentences without the default
	placeholder string // stands for the value in --help
	kind        kind
	secret      bool // no flag, and the value is never shown
	// neverEmpty refuses an empty flag: the value of another source would test another version than was meant.
	neverEmpty bool
	lines      func(value string) string // makes lines of one value of a list; nil: as it is
	parse      parser

	flagged    []string // the values that its flag was given
	source     string   // of its value: "--timeout", "INPUT_TIMEOUT", "TELNYX_API_KEY" and so on; empty if none was given
	understood string   // its value, or its default, as it was understood
	refused    bool     // its value was refused
}

// Words that are values of inputs.
const (
	simulatorURL = "simulator" // base-url: the built-in simulator
	noReports    = "none"      // report-dir: no files
	auto         = "auto"      // the gate decides
	defaultName  = "assistant-gate"
	required     = "required" // shown in place of a default
)

// declaration is every input, each as a field, so that a rule about one can name it in code.
type declaration struct {
	apiKey, apiKeyFile, baseURL                                    *input
	testIDs, testSuites, versionID, versionName, assistantID       *input
	timeout, runTimeout, outageTimeout, maxInFlight, maxRuns       *input
	attempts, errorReruns, advisoryCriteria, baselineVersion       *input
	quarantineFile, failFast, transcripts, reportDir, name, runKey *input
}

// all lists the inputs in the order in which users see them.
func (d declaration) all() []*input {
	return []*input{
		d.apiKey, d.apiKeyFile, d.baseURL,
		d.testIDs, d.testSuites, d.versionID, d.versionName, d.assistantID,
		d.timeout, d.runTimeout, d.outageTimeout, d.maxInFlight, d.maxRuns,
		d.attempts, d.errorReruns, d.advisoryCriteria, d.baselineVersion,
		d.quarantineFile, d.failFast, d.transcripts, d.reportDir, d.name, d.runKey,
	}
}

// declare returns the inputs whose values go into in.
func declare(in *Inputs) declaration {
	return declaration{
		apiKey: &input{
			name: "api-key", group: groupTelnyx, alias: "TELNYX_API_KEY", shown: required, secret: true,
			help: "Telnyx API v2 key. Keep it in a secret: it is never printed, and it has no flag, because others can read " +
				"arguments.",
			parse: text(&in.APIKey, anything),
		},
		apiKeyFile: &input{
			name: "api-key-file", group: groupTelnyx, placeholder: "FILE",
			help:  "File that holds the API key, in place of `api-key` (Kubernetes and Docker secrets).",
			parse: text(&in.APIKeyFile, keyPath),
		},
		baseURL: &input{
			name: "base-url", group: groupTelnyx, alias: "TELNYX_BASE_URL", def: "https://api.telnyx.com/v2", placeholder: "URL",
			help: "API root. The word `simulator` means the built-in one, which needs no key and no network. " +
				"Anything but Telnyx is marked in every report.",
			parse: in.parseBaseURL,
		},
		testIDs: &input{
			name: "test-ids", group: groupTests, kind: kindList, placeholder: "IDS",
			help: "Tests to run: ids separated by newlines, commas or blanks; `#` starts a comment. Give these, " +
				"`test-suites` or both.",
			parse: in.parseTestIDs,
		},
		testSuites: &input{
			name: "test-suites", group: groupTests, kind: kindList, placeholder: "SUITES",
			help: "Suites to run: names separated by newlines, or by commas if the value is a single line. End a single name " +
				"that has a comma with a newline.",
			lines: suiteLines, parse: in.parseTestSuites,
		},
		versionID: &input{
			name: "version-id", group: groupTests, shown: required, placeholder: "ID", neverEmpty: true,
			help: "Assistant version to test, sent as `destination_version_id`; the word `main` means the live one. " +
				"Never guessed: an empty value is refused.",
			parse: text(&in.VersionID, opaqueID),
		},
		versionName: &input{
			name: "version-name", group: groupTests, placeholder: "NAME", neverEmpty: true,
			help: "With `assistant-id`, in place of `version-id`: the one version of exactly this name (teams use the commit " +
				"hash), looked up before anything is paid. None or several is refused.",
			parse: text(&in.VersionName, versionName),
		},
		assistantID: &input{
			name: "assistant-id", group: groupTests, placeholder: "ID", neverEmpty: true,
			help: "If given, the version must exist on this assistant, and every test whose destination is an " +
				"assistant must target it; checked before anything is paid.",
			parse: text(&in.AssistantID, opaqueID),
		},
		timeout: &input{
			name: "timeout", group: groupLimits, def: "30m", placeholder: "DURATION",
			help:  "Bound on the whole gate, such as `90s`, `30m` or `1h30m`.",
			parse: duration(&in.Timeout),
		},
		runTimeout: &input{
			name: "run-timeout", group: groupLimits, def: auto, placeholder: "DURATION",
			help: "Bound on one remote run, from its trigger; `auto` is the test's own `max_duration_seconds` and " +
				"5 minutes, 15 minutes where it has none.",
			parse: autoOr(&in.RunTimeout, 0, duration(&in.RunTimeout)),
		},
		outageTimeout: &input{
			name: "outage-timeout", group: groupLimits, def: "5m", placeholder: "DURATION",
			help: "How long the API may give no usable answer at all before the gate gives up; 2 minutes at most while " +
				"nothing is triggered yet.",
			parse: duration(&in.OutageTimeout),
		},
		maxInFlight: &input{
			name: "max-in-flight", group: groupLimits, def: auto, placeholder: "N",
			help: "Most remote runs at the same time; `auto` is 5 of channel `phone_call` (an account's usual call " +
				"limit), others unbounded; `0` is no bound.",
			parse: autoOr(&in.MaxInFlight, gate.AutoBound, number(&in.MaxInFlight, gate.Unbounded)),
		},
		maxRuns: &input{
			name: "max-runs", group: groupLimits, def: "200", placeholder: "N",
			help:  "Most remote runs that this gate may trigger in all: a budget.",
			parse: number(&in.MaxRuns, 1),
		},
		attempts: &input{
			name: "attempts", group: groupVerdict, def: "1", placeholder: "POLICY",
			help: "How many runs make a verdict: `1`; `K-of-N` (K passes within at most N runs; `1-of-3` is a plain retry); " +
				"`confirm:N` (a first pass counts, a first failure is run again until a majority of N is certain; N odd). Runs " +
				"stop as soon as the answer is certain.",
			parse: in.parsePolicy,
		},
		errorReruns: &input{
			name: "error-reruns", group: groupVerdict, def: "1", placeholder: "N",
			help: "How often, for each test, a run that ends in Telnyx's `error`, or cannot be read, is run again: it is no " +
				"vote. A timed-out run never is.",
			parse: number(&in.ErrorReruns, 0),
		},
		advisoryCriteria: &input{
			name: "advisory-criteria", group: groupVerdict, kind: kindList, placeholder: "NAMES",
			help:  "Names of rubric criteria, one a line, that are reported but do not fail a test.",
			parse: in.parseAdvisory,
		},
		baselineVersion: &input{
			name: "baseline-version", group: groupVerdict, placeholder: "ID", neverEmpty: true,
			help: "`main` or a version id other than `version-id`: a failing test is run there too; two failures of two " +
				"there make it a known failure, which does not block. `main` is refused with `run-key`.",
			parse: text(&in.BaselineVersion, opaqueID),
		},
		quarantineFile: &input{
			name: "quarantine-file", group: groupVerdict, placeholder: "FILE",
			help:  "YAML list of tests that may fail for now: id, reason, owner, expires.",
			parse: text(&in.QuarantineFile, plainPath),
		},
		failFast: &input{
			name: "fail-fast", group: groupLimits, def: "false", kind: kindBool,
			help:  "`true` stops triggering after the first blocking failure; of use with `max-in-flight`.",
			parse: boolean(&in.FailFast),
		},
		transcripts: &input{
			name: "transcripts", group: groupReports, def: auto, placeholder: "WHICH",
			help: "Whose conversations and logs go into reports, console and annotations: `none`, `failed`, `all`; `auto` is " +
				"`failed`, but `none` in a repository that the CI says is public. They may hold personal data.",
			parse: in.parseTranscripts,
		},
		reportDir: &input{
			name: "report-dir", group: groupReports, def: "test-reports", placeholder: "DIR",
			help: "Where report files go, made if missing; inside the working directory unless absolute. " +
				"The word `none` means no files.",
			parse: in.parseReportDir,
		},
		name: &input{
			name: "name", group: groupReports, def: defaultName, placeholder: "NAME",
			help: "Name of this gate in report titles and file names: letters, digits, dots, underscores and " +
				"hyphens, at most 64; not ending in `.ctrf` or `.comment`.",
			parse: text(&in.Name, gateName),
		},
		runKey: &input{
			name: "run-key", group: groupLimits, shown: "random", placeholder: "KEY",
			help: "Names this execution of the gate: a second start with the same key finds the runs of the first " +
				"instead of paying again. Needs a `version-id` and a `baseline-version` other than `main`.",
			parse: text(&in.RunKey, runKey),
		},
	}
}

// describe is the help of an input with its default, as --help and action.yml have it.
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
