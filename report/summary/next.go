package summary

import (
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// quarantineDays is how long an entry excuses its test if nobody changes the day that is suggested.
const quarantineDays = 14

// nextSection is what to do about a gate that blocks: run it again, or quarantine a test.
func nextSection(o *outcome.Outcome) section {
	s := section{rank: 1, one: "line on what to do next", many: "lines on what to do next"}
	command := view.RerunCommand(o)
	if o.ExitCode() == 0 || command == "" {
		return s
	}
	title, parts := line(view.RerunTitle(o)), []safe.Markup{
		paragraph(line(view.RerunCost(o))), safe.Format("\n<pre>%s</pre>\n\n", safe.PreText(command, view.MaxCommandBytes)),
	}
	if entries := quarantineEntries(o); len(entries) > 0 {
		title = safe.Format("%s, or quarantine %s", title, line(view.Agree(o.Counts().Blocking, "it", "a test")))
		parts = append(parts, quarantineHelp(entries))
	}
	s.entries = []safe.Markup{safe.Concat(details(title), safe.Concat(parts...), safe.Literal("</details>\n\n"))}
	return s
}

func quarantineHelp(entries []string) safe.Markup {
	return safe.Format("<p>To let a test fail until a day, add it to <code>quarantine-file</code> on the base branch. It still runs and is reported. Say why and who repairs it.</p>\n\n<pre>%s</pre>\n\n",
		safe.PreText(strings.Join(entries, ""), view.MaxCommandBytes))
}

// quarantineEntries are entries for the failed tests, to be pasted and filled in: the gate refuses one without reason or owner. A regression has none: it is the version's own doing. Neither
// has a test without a verdict, for which another run is the remedy, nor one that is in the file already.
func quarantineEntries(o *outcome.Outcome) []string {
	var entries []string
	until := o.Ended.AddDate(0, 0, quarantineDays).UTC().Format(time.DateOnly)
	for _, r := range o.Results {
		if !r.Blocks() || r.State != outcome.StateFailed || r.Regression || r.Quarantine.ID != "" || !telnyx.ValidTestID(r.Test.ID) {
			continue
		}
		if len(entries) == view.MaxOpenRows {
			break
		}
		name := view.TestName(r.Test, view.MaxNameBytes)
		entries = append(entries, "- id: \""+r.Test.ID+"\" # "+name+"\n  reason: # why it may fail\n  owner: # who repairs it\n  expires: "+until+"\n")
	}
	return entries
}
