// Package report turns a gate.Outcome into what people and CI systems read: a job summary in Markdown, JUnit XML, a JSON
// file, a dotenv file, step outputs, annotations and console lines.
//
// Every report is made of the outcome alone and takes its verdict from Outcome.Verdict, so that none looks greener or
// redder than the exit code. Text that came from Telnyx is hostile until one of the functions of this package, one for
// each place where text can go, has made it safe for that place.
package report
