// Package report writes the report files of an outcome and says which step outputs and annotations a CI gets of it. Each
// format has a package of its own: junit, results (NAME.json), ctrf, page (HTML), summary (Markdown) and console. The dotenv
// file is made here, because it is the step outputs in another form.
//
// Every report is made of the outcome alone and takes its verdict from Outcome.Verdict, so that none looks greener or
// redder than the exit code. What is said in several reports is worded once, in view. Text that came from Telnyx is hostile
// until one of the functions of package safe, one for each place where text can go, has made it safe for that place.
//
// No report holds a secret: Redacted makes a copy of the outcome without them before anything is written.
package report
