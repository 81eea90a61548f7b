package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// maxKey is the maximum size of a key in bytes. A larger file contains something else.
const maxKey = 4096

// resolveAPIKey selects the key and checks it. It refuses api-key together with api-key-file, unless the key comes from its
// alias. Then the file wins, because the alias is often set for other tools.
func (r resolver) resolveAPIKey(in *Inputs) (problem, warning string) {
	key, file := in.declared.apiKey, in.declared.apiKeyFile
	if in.Simulator() {
		in.APIKey = ""
		return "", ""
	}
	fromFile := in.APIKeyFile != ""
	switch {
	case file.refused:
		return "", "" // already reported
	case fromFile && key.source != "" && key.source != key.alias:
		return fmt.Sprintf("%s (from %s) and %s (from %s) are both given: give one of them",
			key.name, key.source, file.name, file.source), ""
	case fromFile:
		if key.source != "" {
			warning = fmt.Sprintf("%s is set but not used: %s was given too, by its own name (%s)", key.source, file.name, file.source)
		}
		return r.readKey(in), warning
	case in.APIKey == "":
		return r.missingKey(key, file), ""
	}
	if err := checkKey(in.APIKey); err != nil {
		return fmt.Sprintf("%s (from %s): %v", key.name, key.source, err), ""
	}
	return "", ""
}

// readKey reads the key from its file. It never shows the content, because that is secret even if it is not a key.
func (r resolver) readKey(in *Inputs) (problem string) {
	file := in.declared.apiKeyFile
	in.APIKey = ""
	content, err := r.env.ReadFile(inputFile{path: in.APIKeyFile, limit: maxKey})
	key := strings.TrimSpace(string(content))
	if err == nil {
		err = checkKey(key)
	}
	if err != nil {
		return fmt.Sprintf("%s (from %s): %s: %v", file.name, file.source, quoted(in.APIKeyFile), err)
	}
	in.APIKey = key
	in.Secrets = once(append(in.Secrets, key))
	return ""
}

// checkKey returns an error if the text cannot be a key. The error shows no part of it.
func checkKey(key string) error {
	switch {
	case key == "":
		return errors.New("contains no key: write the Telnyx API v2 key into it")
	case len(key) > maxKey:
		return fmt.Errorf("contains more than %d bytes (not shown): give the Telnyx API v2 key alone", maxKey)
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("contains a blank, a line break or a character that no key has (not shown): give the key alone, without Bearer")
	}
	return nil
}

func (r resolver) missingKey(key, file *input) string {
	because := ""
	if r.env.NoSecrets != "" {
		because = ", because " + r.env.NoSecrets
	}
	return fmt.Sprintf("%s%s: give it as %s, or a file that holds it as %s; base-url %s needs none",
		r.missing(key), because, r.ways(key), file.name, simulatorURL)
}

// keyPath refuses a value that is the key itself instead of its file, and does not show it. Telnyx's keys begin with KEY.
func keyPath(value string) error {
	if looksLikeKey(value) {
		return errors.New("the value (not shown) looks like the key itself: give the path of a file that holds it")
	}
	return plainPath(value)
}

func looksLikeKey(value string) bool { return wholeKey.MatchString(value) }

// Telnyx's keys begin with KEY and a digit. The pattern for a key inside other text is stricter, so that reports do not hide a name such
// as MONKEY2026-regression.
var (
	wholeKey    = regexp.MustCompile(`^KEY[0-9][0-9A-Za-z_-]{16,}$`)
	embeddedKey = regexp.MustCompile(`KEY[0-9][0-9A-F]{11,}[0-9A-Za-z_-]*`)
)

// keysIn returns everything in the texts that looks like a key.
func keysIn(texts ...string) (keys []string) {
	for _, text := range texts {
		if looksLikeKey(text) {
			keys = append(keys, text)
		}
		keys = append(keys, embeddedKey.FindAllString(text, -1)...)
	}
	return keys
}

// errKeyInPlace refuses a key in a file name, because nothing redacts file names.
var errKeyInPlace = errors.New("the value (not shown) contains what looks like an API key: give another value; if it is a key, replace it at Telnyx")
