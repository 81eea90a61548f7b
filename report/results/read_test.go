package results

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/archive"
	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/ctrf"
	"github.com/assistant-gate/assistant-gate/report/junit"
	"github.com/assistant-gate/assistant-gate/report/page"
	"github.com/assistant-gate/assistant-gate/report/summary"
)

// TestReadResultsGivesTheSameReports reads results back and holds that every report made of them is the one that was made
// of the outcome itself.
func TestReadResultsGivesTheSameReports(t *testing.T) {
	all := sample.Outcomes()
	all["side-by-side"] = sample.SideBySide()
	side := &all["side-by-side"].Results[1].Compared[0]
	side.Transcript, side.Logs = sample.Cancelling(), "logs of a round"
	for name, o := range all {
		if name == "hostile" { // says what no gate says
			continue
		}
		t.Run(name, func(t *testing.T) {
			archive := archive.New(nil)
			defer func() { _ = archive.Close() }()
			back, err := Read(bytes.NewReader(resultsOf(t, o)), archive)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range back.Results {
				for _, a := range r.Runs() {
					if a.Logs != "" || len(a.Transcript) > 0 {
						t.Errorf("the texts of run %s are not in the archive", a.RunID)
					}
				}
			}
			// What is not in the file: where the job and the quarantine file are.
			o.JobURL, o.QuarantineFile = "", ""
			for _, render := range []func(io.Writer, *outcome.Outcome) error{
				Write, junit.Write, ctrf.Write, page.Write,
				func(w io.Writer, o *outcome.Outcome) error {
					return summary.Write(w, o, summary.Limit, "x.json")
				},
			} {
				var want, got bytes.Buffer
				if err := render(&want, o); err != nil {
					t.Fatal(err)
				}
				if err := render(&got, back); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want.String(), got.String()); diff != "" {
					t.Errorf("differs (-written +read back):\n%s", diff)
				}
			}
		})
	}
}

// TestReadResultsIsNeverGreener holds that what was not passed is not passed when it is read back.
func TestReadResultsIsNeverGreener(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		back, err := Read(bytes.NewReader(resultsOf(t, o)), nil)
		if err == nil && back.Verdict() == outcome.VerdictPassed && o.Verdict() != outcome.VerdictPassed {
			t.Fatalf("%s is read as passed", o.Verdict())
		}
	})
}

// edit changes a results file as someone would who wants it green.
type edit func(f map[string]any)

func at(f map[string]any, path ...any) any {
	var value any = f
	for _, step := range path {
		switch s := step.(type) {
		case string:
			value = value.(map[string]any)[s]
		case int:
			value = value.([]any)[s]
		}
	}
	return value
}

func set(value any, path ...any) edit {
	return func(f map[string]any) {
		last := path[len(path)-1].(string)
		at(f, path[:len(path)-1]...).(map[string]any)[last] = value
	}
}

func without(path ...any) edit {
	return func(f map[string]any) {
		delete(at(f, path[:len(path)-1]...).(map[string]any), path[len(path)-1].(string))
	}
}

func edited(t *testing.T, o *outcome.Outcome, edits ...edit) string {
	t.Helper()
	var f map[string]any
	if err := json.Unmarshal(resultsOf(t, o), &f); err != nil {
		t.Fatal(err)
	}
	for _, change := range edits {
		change(f)
	}
	document, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(document)
}

func TestReadResultsRefuses(t *testing.T) {
	green := string(resultsOf(t, sample.Green()))
	for name, c := range map[string]struct{ document, want string }{
		"nothing":                {"", "not complete JSON"},
		"half a file":            {green[:len(green)/2], "not complete JSON"},
		"half a text":            {"{\"schema\": 1, \"verdict\": \"pass\n", "not complete JSON"},
		"a page":                 {"<html>", "not JSON"},
		"text":                   {`"passed"`, "not a results file"},
		"null":                   {"null", "names no schema"},
		"a list":                 {"[]", "not a results file"},
		"another document":       {`{"verdict": "passed"}`, "names no schema"},
		"schema as text":         {edited(t, sample.Green(), set("1", "schema")), "its schema is not a number"},
		"an older schema":        {edited(t, sample.Green(), set(0, "schema")), "has schema 0"},
		"a choice of no kind":    {edited(t, sample.Part(), set("mood", "tests", 0, "chosen_by", 0, "by")), `"mood" is not a way to choose a test`},
		"last failed of no file": {edited(t, sample.Part(), set("", "last_failed", "file")), "last_failed names no file"},
		"a newer schema":         {edited(t, sample.Green(), set(2, "schema")), "written by a newer one"},
		"half a schema":          {edited(t, sample.Green(), set(1.5, "schema")), "has schema 1.5"},
		"invalid UTF-8":          {strings.Replace(green, "clinic", "\xff", 1), "not valid UTF-8"},
		"more behind":            {green + "{}", "invalid character '{' after top-level value"},
		"no verdict":             {edited(t, sample.Green(), without("verdict")), `"" is not a verdict`},
		"tests as an object":     {edited(t, sample.Green(), set(map[string]any{}, "tests")), `"/tests" is not the kind of value`},
		"unknown verdict":        {edited(t, sample.Green(), set("fine", "verdict")), `"fine" is not a verdict`},
		"unknown state":          {edited(t, sample.Green(), set("ok", "tests", 0, "state")), `"ok" is not a state`},
		"a ladder that falls":    {edited(t, climbed(t), set([]any{2, 1}, "policy", "ladder")), "no number is smaller"},
		"an empty ladder":        {edited(t, climbed(t), set([]any{}, "policy", "ladder")), "the ladder is empty"},
		"a ladder of another":    {edited(t, climbed(t), set("confirm:5", "policy", "attempts")), "confirm:5 is ladder:1,3,3"},
		"unknown run state":      {edited(t, sample.Green(), set("ok", "tests", 0, "attempts", 0, "state")), `"ok" is not a state`},
		"unknown signal":         {edited(t, sample.Green(), set("SIGKILL", "signal")), "SIGKILL"},
		"unknown excuse":         {edited(t, sample.Excused(), setExcuse("kind", "friday")), `"friday" is not an excuse`},
		"no time":                {edited(t, sample.Green(), set("soon", "started_at")), `"soon" is not a time`},
		"verdict twice":          {strings.Replace(green, `"verdict":`, `"verdict": "passed", "verdict":`, 1), `"/verdict" is there twice`},
		"an exit code as text":   {edited(t, sample.Green(), set("0", "exit_code")), `"/exit_code" is not the kind of value`},
		"a field of a run twice": {strings.Replace(green, `"may_exist":`, `"may_exist": false, "may_exist":`, 1), `may_exist" is there twice`},
		"no state":               {edited(t, sample.Green(), set([]any{nil}, "tests", 0, "attempts")), `"" is not a state`},
		"a number too large":     {strings.Replace(green, `"exit_code": 0`, `"exit_code": 1e99`, 1), "exit_code"},
		"a very deep one":        {`{"schema": 1, "x": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", "depth"},
	} {
		_, err := Read(strings.NewReader(c.document), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// setExcuse changes a field of the first excuse there is.
func setExcuse(field string, value any) edit {
	return func(f map[string]any) {
		for _, test := range f["tests"].([]any) {
			if excuse, ok := test.(map[string]any)["excuse"].(map[string]any); ok {
				excuse[field] = value
				return
			}
		}
	}
}

// expireQuarantine moves every entry's last day to one before the gate.
func expireQuarantine(f map[string]any) {
	for _, test := range f["tests"].([]any) {
		if entry, ok := test.(map[string]any)["quarantine"].(map[string]any); ok {
			entry["last_day"] = "2001-01-01"
		}
	}
}

const lowerRun = "4ab66a0d-13f2-4f43-a5c8-27a1a3a6b001"

// knownOutcome is green beside a known failure.
func knownOutcome() *outcome.Outcome {
	return sample.Policy(sample.KnownFailure(0, "ff"), sample.InSeries(1, "pp"), sample.InSeries(2, "pp"))
}

// evenOutcome is green beside a test that is not worse than the baseline: it passed 3 of 4 rounds there, and as many here.
func evenOutcome() *outcome.Outcome {
	o := sample.SideBySide()
	o.Results = slices.Delete(o.Results, 1, 2) // the regression
	return o
}

// failAll makes all runs in a list failed ones.
func failAll(path ...any) edit {
	return func(f map[string]any) {
		for i := range at(f, path...).([]any) {
			set("failed", append(slices.Clone(path), i, "state")...)(f)
			set("failed", append(slices.Clone(path), i, "remote_status")...)(f)
		}
	}
}

// passAll gives the criteria of a run the status passed.
func passAll(path ...any) edit {
	return func(f map[string]any) {
		for _, criterion := range at(f, path...).([]any) {
			criterion.(map[string]any)["status"] = "passed"
		}
	}
}

// advise makes the first test's run a failed one of which the first criterion was not counted.
func advise(f map[string]any) {
	name := at(f, "tests", 0, "attempts", 0, "criteria", 0, "name")
	set("failed", "tests", 0, "attempts", 0, "remote_status")(f)
	set("failed", "tests", 0, "attempts", 0, "criteria", 0, "status")(f)
	set([]any{name}, "tests", 0, "attempts", 0, "advisory")(f)
}

// adviseAll leaves no criterion that counts.
func adviseAll(f map[string]any) {
	advise(f)
	criteria := at(f, "tests", 0, "attempts", 0, "criteria").([]any)
	set(criteria[:1], "tests", 0, "attempts", 0, "criteria")(f)
}

// climbed passed by a ladder that auto was resolved to.
func climbed(t *testing.T) *outcome.Outcome {
	t.Helper()
	o := sample.Green()
	p, err := outcome.ParsePolicy("auto:slip=90")
	if err != nil {
		t.Fatal(err)
	}
	if o.Policy, err = odds.Resolve(p, len(o.Results)); err != nil {
		t.Fatal(err)
	}
	o.Settings = append(o.Settings, outcome.Setting{Name: "attempts", Value: o.Policy.Given()})
	return o
}

func setAttempts(value string) edit {
	return func(f map[string]any) {
		settings := f["settings"].([]any)
		settings[len(settings)-1].(map[string]any)["value"] = value
	}
}

// TestReadResultsKeepsThePolicy: of every form, and of one that only a later version knows.
func TestReadResultsKeepsThePolicy(t *testing.T) {
	o := climbed(t)
	for name, document := range map[string]string{
		o.Policy.Given(): edited(t, o),
		"ladder:1,5":     edited(t, o, set("ladder:1,5", "policy", "attempts"), set([]any{1, 5}, "policy", "ladder"), setAttempts("ladder:1,5")),
		"confirm:3":      edited(t, o, set("confirm:3", "policy", "attempts"), set([]any{1, 2}, "policy", "ladder"), setAttempts("confirm:3")),
		"climb:1":        edited(t, o, set("climb:1", "policy", "attempts"), set([]any{1, 2, 2}, "policy", "ladder"), setAttempts("climb:1")),
	} {
		back, err := Read(strings.NewReader(document), nil)
		if err != nil || back.Verdict() != outcome.VerdictPassed || back.Policy.Given() != name || back.Policy.Decide(1, 0) != outcome.Pass {
			t.Errorf("%s: %v, %+v, policy %+v", name, err, back.Problems, back.Policy)
		}
	}
}

func TestReadResultsFindsContradictions(t *testing.T) {
	merged := mergedOutcome(t)
	green := string(resultsOf(t, sample.Green()))
	for name, c := range map[string]struct {
		document, want string
	}{
		"green but failed":      {edited(t, sample.Failed(), set("passed", "verdict"), set(0, "exit_code")), `"verdict" is "passed", but what else they hold makes it "failed"`},
		"passed with exit 1":    {edited(t, sample.Green(), set(1, "exit_code")), `"exit_code" is 1, but what else they hold makes it 0`},
		"failed but all passed": {edited(t, sample.Green(), set("failed", "verdict"), set(1, "exit_code")), `"verdict" is "failed"`},
		"counts":                {edited(t, sample.Green(), set(11, "counts", "passed")), `"counts.passed" is 11`},
		"blocking":              {edited(t, sample.Green(), set(true, "tests", 0, "blocking")), `"tests[0].blocking" is true`},
		"no exit code":          {edited(t, sample.Green(), without("exit_code")), `"exit_code" is missing`},
		"no tests":              {edited(t, sample.Green(), without("tests")), `"tests" is missing`},
		"no blocking":           {edited(t, sample.Green(), without("tests", 2, "blocking")), `"tests[2].blocking" is missing`},
		"null tests":            {edited(t, sample.Green(), set(nil, "tests")), `"tests" is missing`},
		"null notes":            {edited(t, sample.Green(), set(nil, "tests", 1, "notes")), `"tests[1].notes" is null`},
		"a null note":           {edited(t, sample.Green(), set([]any{nil}, "notes")), `"notes[0]" is null`},
		"a null suite":          {edited(t, sample.Mixed(), set(nil, "unplanned_runs")), `"unplanned_runs" is null, which no gate writes there`},
		"verdict in capitals":   {strings.Replace(green, `"verdict":`, `"Verdict": "passed", "verdict":`, 1), `"Verdict" is "passed"`},
		"a Kelvin sign":         {strings.Replace(green, `"run_key":`, `"run_\u212aey": "x", "run_key":`, 1), `which no gate writes there`},
		"a long s":              {strings.Replace(green, `"settings":`, `"\u017fettings": [], "settings":`, 1), `which no gate writes there`},
		"null in capitals":      {edited(t, sample.Green(), set(nil, "tests", 0, "EXCUSE")), `"tests[0].EXCUSE" is null`},
		"an excuse for nothing": {edited(t, sample.Green(), set(map[string]any{"kind": "quarantined", "reason": "r"}, "tests", 0, "excuse")), `"tests[0].excuse"`},
		"a shorter run":         {edited(t, sample.Green(), set(0.5, "tests", 0, "attempts", 0, "duration_seconds")), `"tests[0].attempts[0].duration_seconds" is 0.5`},
		"still running":         {edited(t, sample.Green(), set(true, "tests", 0, "attempts", 0, "running")), `"tests[0].attempts[0].running" is true`},
		"another page":          {edited(t, sample.Green(), set("https://example.com", "tests", 0, "portal_url")), `"tests[0].portal_url"`},
		"passed without a run":  {edited(t, sample.Green(), set([]any{}, "tests", 0, "attempts")), "passed without a run that did"},
		"without a run id":      {edited(t, sample.Green(), without("tests", 0, "attempts", 0, "run_id")), "passed, but not by its status and criteria"},
		"by no status":          {edited(t, sample.Green(), set("running", "tests", 0, "attempts", 0, "remote_status")), "not by its status"},
		"by a failed criterion": {edited(t, sample.Green(), set("failed", "tests", 0, "attempts", 0, "criteria", 0, "status")), "not by its status and criteria"},
		"a run twice":           {edited(t, sample.Green(), func(f map[string]any) { set(at(f, "tests", 0, "attempts"), "tests", 1, "attempts")(f) }), "is there twice"},
		"a test twice":          {edited(t, sample.Green(), func(f map[string]any) { set(at(f, "tests", 0, "id"), "tests", 1, "id")(f) }), "is there twice"},
		"a leg of no merge":     {edited(t, sample.Green(), set("x", "tests", 0, "leg")), "which is not there"},
		"real, but simulated":   {edited(t, sample.Green(), set("simulator", "base_url")), "real_telnyx is true"},
		"simulated, but real":   {edited(t, sample.Green(), set(false, "real_telnyx")), "real_telnyx is false"},
		"a passed problem":      {edited(t, sample.Green(), set([]any{map[string]any{"verdict": "passed", "text": ""}}, "problems")), "a problem has the verdict passed"},
		"negative runs":         {edited(t, sample.Green(), set(-1, "runs_paid")), "negative"},
		"version changed":       {edited(t, sample.Green(), set("sha256:0", "target", "version_hash"), set("sha256:1", "target", "version_hash_end")), "its version was changed"},
		"no content":            {edited(t, sample.Green(), without("target", "version_hash"), without("target", "version_hash_end")), "nothing of the version that was tested"},
		"by advice on all":      {edited(t, sample.Green(), adviseAll), "not by its status and criteria"},
		"by advice on none":     {edited(t, sample.Green(), adviseAll, set([]any{}, "tests", 0, "attempts", 0, "criteria")), "not by its status and criteria"},
		"by advice of nobody":   {edited(t, sample.Green(), advise, set([]any{map[string]any{"name": "advisory-criteria", "value": "Another"}}, "settings")), "is not in advisory-criteria"},
		"passed by advice on all": {edited(t, sample.Green(), adviseAll, set("passed", "tests", 0, "attempts", 0, "remote_status"),
			set([]any{map[string]any{"name": "advisory-criteria", "value": "Greets by the clinic's name"}}, "settings")), "not by its status and criteria"},
		"a criterion left out": {edited(t, sample.Green(), func(f map[string]any) {
			criteria := at(f, "tests", 0, "attempts", 0, "criteria").([]any)
			set(criteria[1:], "tests", 0, "attempts", 0, "criteria")(f)
		}), "passed, but nothing is said of its criterion"},
		"by too few runs":              {edited(t, sample.Green(), set([]any{map[string]any{"name": "attempts", "value": "2-of-3"}}, "settings")), "do not make that by attempts 2-of-3"},
		"by too few for the ladder":    {edited(t, climbed(t), set([]any{2, 2, 2}, "policy", "ladder"), set("ladder:2,2,2", "policy", "attempts"), setAttempts("ladder:2,2,2")), "1 passed and 0 failed runs do not make that by attempts ladder:2,2,2"},
		"another policy than attempts": {edited(t, climbed(t), setAttempts("confirm:5")), `the policy is "auto:healthy=95,broken=30,red=5,slip=90", but attempts is "confirm:5"`},
		"a ladder below the targets":   {edited(t, climbed(t), set([]any{1}, "policy", "ladder")), "ladder:1 does not keep"},
		"auto without its ladder":      {edited(t, climbed(t), without("policy")), "nothing says which ladder"},
		"a leg below its ladder":       {edited(t, merged, set(map[string]any{"attempts": "2-of-3", "ladder": []any{2, 2}}, "legs", 0, "policy")), "do not make that by attempts 2-of-3"},
		"a failed run, not flaky": {edited(t, sample.Green(), func(f map[string]any) {
			run := maps.Clone(at(f, "tests", 0, "attempts", 0).(map[string]any))
			run["state"], run["run_id"] = "failed", "another"
			set([]any{at(f, "tests", 0, "attempts", 0), run}, "tests", 0, "attempts")(f)
		}), "is not flaky, but one of its runs failed"},
		"a run twice in other letters":           {edited(t, sample.Green(), set(lowerRun, "tests", 0, "attempts", 0, "run_id"), set(strings.ToUpper(lowerRun), "tests", 1, "attempts", 0, "run_id")), "is there twice"},
		"a run that is none":                     {edited(t, sample.Green(), set("../x", "tests", 0, "attempts", 0, "run_id")), "passed, but not by its status and criteria"},
		"a baseline of no name":                  {edited(t, knownOutcome(), without("target", "baseline")), "is not another version"},
		"its own baseline":                       {edited(t, knownOutcome(), set("20261005T140211118273", "target", "baseline")), "is not another version"},
		"a baseline that passed once":            {edited(t, knownOutcome(), set("passed", "tests", 0, "baseline", 0, "state")), "is not a known failure"},
		"a baseline that failed once":            {edited(t, knownOutcome(), func(f map[string]any) { set(at(f, "tests", 0, "baseline").([]any)[:1], "tests", 0, "baseline")(f) }), "is not a known failure"},
		"a baseline not judged so":               {edited(t, knownOutcome(), set("running", "tests", 0, "baseline", 0, "remote_status")), "is not a known failure"},
		"not worse than no baseline":             {edited(t, evenOutcome(), without("target", "baseline")), "is not another version"},
		"not worse than itself":                  {edited(t, evenOutcome(), set("20261005T140211118273", "target", "baseline")), "is not another version"},
		"not worse, two rounds behind":           {edited(t, evenOutcome(), failAll("tests", 1, "compared"), set([]any{}, "settings")), "which its runs side by side do not make"},
		"a round answered by another":            {edited(t, evenOutcome(), set(map[string]any{"proof": "other", "version": "v9", "why": "w"}, "tests", 1, "compared", 0, "answered")), "another version answered it"},
		"not worse in uneven rounds":             {edited(t, evenOutcome(), func(f map[string]any) { set(at(f, "tests", 1, "compared").([]any)[1:], "tests", 1, "compared")(f) }, set([]any{}, "settings")), "which its runs side by side do not make"},
		"not worse than what passed no run":      {edited(t, evenOutcome(), failAll("tests", 1, "compared"), failAll("tests", 1, "baseline"), set([]any{}, "settings")), "which its runs side by side do not make"},
		"not worse by a run not judged so":       {edited(t, evenOutcome(), set("passed", "tests", 1, "baseline", 2, "remote_status"), passAll("tests", 1, "baseline", 2, "criteria")), "which its runs side by side do not make"},
		"a broken environment":                   {edited(t, sample.Policy(sample.KnownFailure(0, "ff"), sample.KnownFailure(1, "ff"), sample.KnownFailure(2, "ff"), sample.InSeries(3, "pp"), sample.Quarantined(sample.InSeries(4, "ff"), 3), sample.Quarantined(sample.InSeries(5, "ff"), 8))), "which excuses none of them"},
		"runs of no plan":                        {edited(t, sample.Green(), set([]any{map[string]any{"run_id": "r", "test_id": "t", "suite": "s"}}, "unplanned_runs")), "some runs are not of the plan"},
		"quarantined from nowhen":                {edited(t, sample.Excused(), without("started_at")), "quarantined by an entry that had expired"},
		"quarantined long ago":                   {edited(t, sample.Excused(), expireQuarantine, set("2000-12-31T00:00:00Z", "started_at")), "but its runs are much younger"},
		"the baseline is the version under test": {edited(t, knownOutcome(), set("20261005T140211118273", "tests", 0, "baseline", 0, "answered", "version")), "is confirmed by the version under test"},
		"confirmed by another baseline":          {edited(t, knownOutcome(), set("v0", "target", "baseline")), `but "v0" was asked for`},
		"confirmed by another live version":      {edited(t, sample.Green(), set("main", "target", "version_id"), set("v7", "target", "live_version_id")), `but "v7" was asked for`},
		"a vote of another version":              {edited(t, sample.Green(), set("other", "tests", 0, "attempts", 0, "answered", "proof")), "counts, but another version answered it"},
		"confirmed by another version":           {edited(t, sample.Green(), set("v9", "tests", 0, "attempts", 0, "answered", "version")), `is confirmed by version "v9", but`},
		"the whole of another version":           {edited(t, merged, set("v9", "target", "version_id")), `but the whole of "v9"`},
		"a part, but nothing says so":            {edited(t, sample.Part(), without("last_failed")), "last-failed is"},
		"a part, and the input forgotten":        {edited(t, sample.Part(), without("last_failed"), set([]any{}, "settings")), "chosen by last-failed and last_failed of"},
		"a part, chosen by nothing":              {edited(t, sample.Part(), without("tests", 0, "chosen_by")), "chosen by last-failed and last_failed of"},
		"a whole that says it is a part":         {edited(t, sample.Green(), set(map[string]any{"file": "r.json", "tests": 10}, "last_failed")), "chosen by last-failed and last_failed of"},
		"a part of a part":                       {edited(t, sample.Part(), set(3, "last_failed", "tests")), `3 tests blocked in "test-reports/assistant-gate.json", but 2 were selected`},
		"fewer than min-tests":                   {edited(t, sample.Green(), set([]any{map[string]any{"name": "min-tests", "value": "99"}}, "settings")), "tests, but min-tests is 99"},
		"leg twice":                              {edited(t, merged, set("booking", "legs", 1, "leg")), "is there twice"},
		"leg not green":                          {edited(t, merged, set("failed", "legs", 1, "verdict"), set(1, "legs", 1, "exit_code")), "not that of every matrix job"},
		"leg of a failed test":                   {edited(t, merged, set("failed", "tests", 0, "state"), set(true, "tests", 0, "blocking")), "is passed, but one of its tests blocks"},
		"an expired quarantine":                  {edited(t, sample.Excused(), expireQuarantine), "quarantined by an entry that had expired"},
		"leg against itself":                     {edited(t, merged, set("failed", "legs", 1, "verdict")), "is failed with exit code 0"},
		"leg of its own reality":                 {edited(t, merged, set("http://127.0.0.1/v2", "legs", 1, "base_url")), "real_telnyx of matrix job"},
		"test of no leg":                         {edited(t, merged, set("other", "tests", 0, "leg")), "which is not there"},
	} {
		o, err := Read(strings.NewReader(c.document), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found := ""
		for _, p := range o.Problems {
			found += p.Text + "\n"
		}
		if o.Verdict() == outcome.VerdictPassed || !strings.Contains(found, c.want) {
			t.Errorf("%s: %s, want %q in\n%s", name, o.Verdict(), c.want, found)
		}
	}
}

func TestReadResultsSaysWhatItPassesOver(t *testing.T) {
	o, err := Read(strings.NewReader(edited(t, sample.Green(), set(map[string]any{"x": nil}, "tests", 0, "mood"))), nil)
	if err != nil || o.Verdict() != outcome.VerdictPassed || len(o.Warnings) != 1 || !strings.Contains(o.Warnings[0], `"tests[0].mood"`) {
		t.Errorf("%v, %+v", err, o)
	}
}

// TestReadResultsOfARunningClock: times of the gate's own have a monotonic part, which no file says.
func TestReadResultsOfARunningClock(t *testing.T) {
	o := sample.Green()
	o.Started = time.Now()
	for i := range o.Results {
		a := &o.Results[i].Attempts[0]
		a.CreatedAt, a.CompletedAt = time.Time{}, time.Time{}
		a.TriggeredAt, a.SeenAt = time.Now(), time.Now().Add(time.Duration(i)*time.Millisecond+123*time.Microsecond)
		if i%2 == 0 {
			a.SeenAt = a.SeenAt.Round(0).Add(5 * time.Second) // the wall clock was set forward
		}
	}
	o.Ended = time.Now().Add(1500 * time.Microsecond)
	back, err := Read(bytes.NewReader(resultsOf(t, o)), nil)
	if err != nil || len(back.Problems) > 0 {
		t.Errorf("%v, %v", err, back.Problems)
	}
}

// TestReadResultsWritesThemAgain: what a gate writes is read as it was written, in whatever form its JSON is.
func TestReadResultsWritesThemAgain(t *testing.T) {
	check := func(t rapid.TB, o *outcome.Outcome) {
		t.Helper()
		document := resultsOf(t, o)
		var compact bytes.Buffer
		if err := json.Compact(&compact, document); err != nil {
			t.Fatal(err)
		}
		var f File
		if err := json.Unmarshal(document, &f); err != nil {
			t.Fatal(err)
		}
		back, err := outcomeOf(f)
		if err != nil {
			t.Skip(err) // what no gate says
		}
		for _, form := range [][]byte{document, compact.Bytes()} {
			if unknown, different, err := roundTrip(form, back); err != nil || unknown != "" || len(different) > 0 {
				t.Fatalf("%v, unknown %q, different %q in\n%s", err, unknown, different, form)
			}
		}
		if again := resultsOf(t, back); !bytes.Equal(document, again) {
			t.Fatal(cmp.Diff(string(document), string(again)))
		}
	}
	for name, o := range sample.Outcomes() {
		if name != "hostile" { // says what no gate says
			t.Run(name, func(t *testing.T) { check(t, o) })
		}
	}
	t.Run("merged", func(t *testing.T) { check(t, mergedOutcome(t)) })
	t.Run("random", func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { check(t, sample.Random(t)) }) })
}

// mergedOutcome is two green legs.
func mergedOutcome(t testing.TB) *outcome.Outcome {
	t.Helper()
	var files []outcome.LegFile
	for i, name := range []string{"booking", "billing"} {
		leg := sample.Green()
		leg.Name, leg.Results = name, leg.Results[5*i:5*i+5]
		for j := range leg.Results {
			run := &leg.Results[j].Attempts[0]
			run.TriggeredAt, run.CreatedAt = time.Now(), time.Now()
		}
		leg.Target.VersionID = []string{"20261005T140211118273", "20261004T100000000001"}[i]
		for j := range leg.Results {
			leg.Results[j].Attempts[0].Answered.Version = leg.Target.VersionID
		}
		files = append(files, outcome.LegFile{Path: name + ".json", Outcome: leg})
	}
	o := &outcome.Outcome{Name: "all", GateVersion: "1.2.3"}
	outcome.Merge(o, files, outcome.MergeSettings{Expect: 2, AllowVersions: true, MaxAge: time.Hour})
	if o.Verdict() != outcome.VerdictPassed {
		t.Fatal(o.Problems)
	}
	return o
}

func FuzzReadResults(f *testing.F) {
	for _, o := range []*outcome.Outcome{sample.Outcome(sample.JudgedResult(0)), sample.Outcome(sample.JudgedResult(0), sample.JudgedResult(1, 1)), sample.Invalid(), sample.Excused(), mergedOutcome(f)} {
		var b bytes.Buffer
		if err := Write(&b, o); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte(`{"schema":1,"tests":[]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		fuzzing.Bound(t)
		o, err := Read(bytes.NewReader(document), nil)
		if err != nil {
			return
		}
		// What it makes of the document has to be what the document says, and to have all reports.
		var said struct {
			Verdict  string `json:"verdict"`
			ExitCode int    `json:"exit_code"`
		}
		if err := json.Unmarshal(document, &said); err != nil {
			t.Fatal(err)
		}
		if o.Verdict() == outcome.VerdictPassed && (said.Verdict != "passed" || said.ExitCode != 0 || o.Counts().Blocking > 0 || o.Counts().Passed == 0) {
			t.Fatalf("green from %s", document)
		}
		for _, render := range []func(io.Writer, *outcome.Outcome) error{Write, junit.Write, ctrf.Write, page.Write} {
			if err := render(io.Discard, o); err != nil {
				t.Fatal(err)
			}
		}
	})
}
