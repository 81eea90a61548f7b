// Package safe makes remote text safe, one function for each place where text can go: a line of a log, a table on a terminal,
// HTML inside Markdown, XML, JSON, a dotenv file. Text from Telnyx, from a CI system or from a results file is hostile until one
// of them has seen it.
//
// HTML has a type of its own, Markup. No other package can turn a text into it without escaping, so the compiler keeps raw text
// out of what is built of it.
package safe
