package safe

import "regexp"

// dotenvForm is what GitLab and a shell both take as it is: no blanks, no quotes, nothing that is expanded.
var dotenvForm = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,=-]+$`)

// maxDotenv bounds a value in a dotenv file, in bytes.
const maxDotenv = 512

// DotenvValue reports whether a dotenv file can hold s as it is. If it cannot, the caller leaves s out: a changed value would
// pass for the real one.
func DotenvValue(s string) (value string, ok bool) {
	return s, len(s) <= maxDotenv && dotenvForm.MatchString(s)
}
