package cli

import (
	"errors"
	"fmt"
	"strings"
)

// maxKey bounds a key, in bytes; it tells a key from a file that holds something else.
const maxKey = 4096

// resolveAPIKey decides which key counts and checks it. An api-key and an api-key-file that are both given by their own
// names contradict each other; the alias of api-key is often set for other tools too, so a file wins over it.
func (r resolver) resolveAPIKey(in *Inputs) (problem, warning string) {
	key, file := in.declared.apiKey, in.declared.apiKeyFile
	if in.Simulator() {
		in.APIKey = ""
		return "", ""
	}
	fromFile := in.APIKeyFile != ""
	switch {
	case file.refused:
		return "", "" // said already
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

// readKey takes the key from its file. What the file holds is secret even if it is not a key.
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

// checkKey refuses what cannot be a key without showing any of it.
func checkKey(key string) error {
	switch {
	case key == "":
		return errors.New("holds no key: write the Telnyx API v2 key into it")
	case len(key) > maxKey:
		return fmt.Errorf("holds more than %d bytes (not shown): give the Telnyx API v2 key alone", maxKey)
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("holds a blank, a line break or a character that no key has (not shown): give the key alone, without Bearer")
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
