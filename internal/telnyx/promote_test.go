package telnyx

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
)

func TestGetCanary(t *testing.T) {
	for name, tc := range map[string]struct {
		status     int
		body       string
		configured bool
		versions   []string
		bad        Kind
	}{
		"none":         {404, `{"errors":[{"code":"10005"}]}`, false, nil, 0},
		"a box":        {404, `<html>Not Found</html>`, false, nil, KindMalformed},
		"silent":       {404, `{}`, false, nil, KindMalformed},
		"empty":        {404, ``, false, nil, KindMalformed},
		"no rules":     {200, `{"assistant_id":"a","rules":[]}`, false, nil, 0},
		"one version":  {200, `{"rules":[{"serve":{"version_id":"v2"}}]}`, true, []string{"v2"}, 0},
		"a rollout":    {200, `{"rules":[{"match":[],"serve":{"rollout":[{"version_id":"v2","weight":5},{"version_id":"v3","weight":5}]}},{"serve":{"version_id":"v2"}}]}`, true, []string{"v2", "v3"}, 0},
		"older form":   {200, `{"versions":[{"version_id":"v2","percentage":10}]}`, true, []string{"v2"}, 0},
		"wrapped":      {200, `{"data":{"rules":[{"serve":{"version_id":"v2"}}]}}`, true, []string{"v2"}, 0},
		"odd rules":    {200, `{"rules":["x",{"serve":1}]}`, true, nil, 0},
		"neither":      {200, `{"assistant_id":"a"}`, false, nil, KindMalformed},
		"null":         {200, `{"rules":null}`, false, nil, KindMalformed},
		"no list":      {200, `{"rules":{}}`, false, nil, KindMalformed},
		"no JSON":      {200, `<html>`, false, nil, KindMalformed},
		"unauthorized": {401, `{}`, false, nil, KindUnauthorized},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, err := newClient(t, always(tc.status, tc.body)).GetCanary(t.Context(), "assistant-1")
			if c.Configured != tc.configured || !slices.Equal(c.Versions, tc.versions) || KindOf(err) != tc.bad {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
		})
	}
}

// TestPromoteVersionIsSentOnce, whatever the answer.
func TestPromoteVersionIsSentOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		bad    Kind
	}{
		"promoted":          {200, versionJSON("assistant-1", `,"version_id":"v/1"`), 0},
		"without its id":    {200, versionJSON("assistant-1", ``), 0},
		"another version":   {200, versionJSON("assistant-1", `,"version_id":"v2"`), KindMalformed},
		"another assistant": {200, versionJSON("assistant-2", `,"version_id":"v/1"`), KindMalformed},
		"nothing":           {200, ``, KindMalformed},
		"500":               {500, ``, KindAmbiguous},
		"429":               {429, ``, KindRateLimited},
		"404":               {404, notFoundJSON, KindNotFound},
		"a box's 404":       {404, `<html>`, KindMalformed},
		"422":               {422, ``, KindRejected},
	} {
		synctest.Test(t, func(t *testing.T) {
			var sent []string
			next := &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
				sent = append(sent, req.Method+" "+req.URL.EscapedPath())
				return reply(tc.status, tc.body), nil
			}}
			_, err := newClient(t, next).PromoteVersion(t.Context(), "assistant-1", "v/1")
			if KindOf(err) != tc.bad || !slices.Equal(sent, []string{"POST /v2/ai/assistants/assistant-1/versions/v%2F1/promote"}) {
				t.Errorf("%s: %q, %v", name, sent, err)
			}
		})
	}
	if _, err := newClient(t, always(200, "")).PromoteVersion(t.Context(), "..", "v1"); KindOf(err) != KindRejected {
		t.Error(err)
	}
}
