package telnyx

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const page404 = `<!DOCTYPE html><html><head><title>Site blocked
  by policy</title></head><body>` + "\n\n" + `no</body></html>`

// TestWhoseAnswerItWas: a status is Telnyx's word only with Telnyx's form of an error around it, and in doubt a trigger may have
// been executed.
func TestWhoseAnswerItWas(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		kind   Kind
		words  string
	}{
		{404, notFoundJSON, KindNotFound, "Resource not found"},
		{404, `{"detail":"Not Found"}`, KindNotFound, "Not Found"},
		{404, `{"data":{"errors":[{"code":"10005"}]}}`, KindNotFound, "10005"},
		{404, page404, KindMalformed, `not Telnyx's form of an error, so something else may have answered: check base-url; what came back: a page of HTML with the title "Site blocked by policy"`},
		{404, `{"message":"no Route matched"}`, KindMalformed, `what came back: {"message":"no Route matched"}`},
		{404, `{}`, KindMalformed, "what came back: {}"},
		{404, ``, KindMalformed, "what came back: an empty answer"},
		{404, `{"errors":[],"detail":null}`, KindMalformed, "not Telnyx's form"},
		{404, `{"errors":[{"code":"1"}],"errors":[]}`, KindMalformed, "not Telnyx's form"},
		{410, page404, KindMalformed, "not Telnyx's form"},
		{451, page404, KindMalformed, "not Telnyx's form"},
		{400, page404, KindMalformed, "not Telnyx's form"},
		{400, "Bad Request", KindMalformed, "what came back: Bad Request"},
		{400, `{"errors":[{"code":"10015","detail":"no such version"}]}`, KindRejected, "no such version"},
		{400, ``, KindRejected, "empty answer"},
		{400, `{}`, KindRejected, "{}"},
		{422, `{"detail":[{"loc":["body"],"msg":"bad"}]}`, KindRejected, "body: bad"},
		{403, page404, KindMalformed, "not Telnyx's form"},
		{401, `{}`, KindUnauthorized, ""},
		{401, ``, KindUnauthorized, ""},
		{429, page404, KindRateLimited, "HTML"},
		{502, page404, KindAmbiguous, "HTML"},
		{200, page404, KindMalformed, `not JSON: invalid character '<' at start of value, at byte 1; what came back: a page of HTML with the title`},
	} {
		_, err := trigger(t.Context(), newClient(t, always(tt.status, tt.body)))
		wantError(t, err, tt.kind)
		wantText(t, err.Error(), tt.words)
	}
}

// TestRedirectsSayWhatToCheck, once, which depends on the address that was asked.
func TestRedirectsSayWhatToCheck(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.telnyx.com/v2":    "a proxy or captive portal seems to be between this machine and Telnyx",
		"https://api.telnyx.com/v3":    "check base-url",
		"https://telnyx.example.com/x": "check base-url",
	} {
		c, err := New(Config{BaseURL: base, APIKey: testKey, Transport: always(302, page404, "Location: https://login.example/portal?x")})
		if err != nil {
			t.Fatal(err)
		}
		_, err = trigger(t.Context(), c)
		wantError(t, err, KindRedirect)
		if text := "HTTP 302: it redirects to https://login.example/portal, and redirects are not followed: " + want; !strings.HasSuffix(err.Error(), text) {
			t.Errorf("%s: %q", base, err)
		}
	}
}

// TestEncodingsNobodyAskedFor are named, and binary is not quoted.
func TestEncodingsNobodyAskedFor(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = io.WriteString(zip, runJSON("pending"))
	_ = zip.Close()
	for _, tt := range []struct{ encoding, body, want string }{
		{"br", "\x8b\x08\x80\x01\x02\x03" + strings.Repeat("\x00\xff", 300), "encoded (Content-Encoding: br), which the gate did not ask for"},
		{"deflate", packed.String(), "Content-Encoding: deflate"},
		{"", packed.String(), "compressed with gzip, but has no Content-Encoding"},
	} {
		_, err := trigger(t.Context(), newClient(t, always(201, tt.body, "Content-Encoding: "+tt.encoding)))
		wantError(t, err, KindMalformed)
		wantText(t, err.Error(), tt.want, "bytes of binary data")
		if len(err.Error()) > 400 {
			t.Errorf("%d bytes: %q", len(err.Error()), err)
		}
	}
	for _, encoding := range []string{"identity", "utf-8"} { // of what can be read nothing is said
		if _, err := trigger(t.Context(), newClient(t, always(201, " "+runJSON("pending")+"\n", "Content-Encoding: "+encoding, "Content-Type: text/html"))); err != nil {
			t.Errorf("%s: %v", encoding, err)
		}
	}
}

// TestKeysThatAreWords of the API would garble answers; one that is the name of a member does not hide the member.
func TestKeysThatAreWords(t *testing.T) {
	for _, key := range []string{"phone_call", "web_chat", "assistant-", "ssistant", "completed_at"} {
		_, err := New(Config{BaseURL: "https://api.telnyx.test", APIKey: key, Transport: always(200, "")})
		if refused := key != "completed_at"; (err != nil) != refused {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, key := range []string{"detail_status", `criteria_name`} {
		body := runJSON("passed", `,"detail_status":[{"name":"criteria_name","status":"failed"}],"logs":"x detail_status y"`)
		c, err := New(Config{BaseURL: "https://api.telnyx.test", APIKey: key, Transport: always(200, body)})
		if err != nil {
			t.Fatal(err)
		}
		run, err := c.GetRun(t.Context(), testA, runA)
		if err != nil || len(run.Criteria) != 1 || run.Criteria[0].Status != StatusFailed || strings.Contains(run.Logs+run.Criteria[0].Name, key) {
			t.Errorf("%s: %+v %v", key, run, err)
		}
	}
}

// TestProxyVariables that net/http would drop without a word are refused, by name and without their value.
func TestProxyVariables(t *testing.T) {
	for _, value := range []string{
		"http://hunter2:3128\r", "http://hunter2:3128\n", " http://hunter2:3128", "hunter2:3128 ", "http://hunter2:3128 ", "\thunter2:3128",
		"http://u:hun ter2@p:80", "http:/hunter2", "://hunter2", `"http://hunter2:3128"`, "http://", "http://hunter2:port", "http://%zzhunter2:3128",
	} {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			t.Setenv("HTTPS_PROXY", "")
			t.Setenv("https_proxy", "")
			t.Setenv(name, value)
			c := clientOf(t, "https://api.telnyx.test", nil)
			_, err := trigger(t.Context(), c)
			e := wantError(t, err, KindNotSent)
			wantText(t, err.Error(), name+" has no usable address")
			if strings.Contains(err.Error(), "ter2") || !e.Permanent {
				t.Errorf("%q: %v", value, err)
			}
			if req, _ := http.NewRequest(http.MethodGet, "http://127.0.0.1:1/", nil); true {
				if proxy, err := proxyFromEnvironment(req); proxy != nil || err != nil {
					t.Errorf("loopback: %v %v", proxy, err)
				}
			}
		}
	}
	for _, value := range []string{"http://p:3128", "p:3128", "https://u:w@p:3128/", "socks5://p:1", "p", "http://[::1]:3128", "127.0.0.1:3128"} {
		if !usableProxy(value) {
			t.Errorf("%q is refused", value)
		}
	}
}

// TestProxiesAreNamed in what is said of failures on the way through them.
func TestProxiesAreNamed(t *testing.T) {
	hello := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect { // a tunnel to something that does not speak TLS
			conn, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, "<html>welcome, please log in to this network</html>")
			_ = conn.Close()
		}
	}
	plain := newServer(t, hello).host
	for _, tt := range []struct{ proxy, words string }{
		{"https://" + plain, "the proxy " + plain + " does not speak TLS: write its address with http:// in HTTPS_PROXY"},
		{"http://" + plain, "the host behind the proxy " + plain + " does not speak TLS: check HTTPS_PROXY"},
		{"http://" + closedPort(t), "does not answer: check HTTPS_PROXY and NO_PROXY"},
	} {
		tr := newTransport(1)
		tr.Proxy = proxyAt(strings.Replace(tt.proxy, "://", "://user:hunter2@", 1))
		_, err := trigger(t.Context(), clientOf(t, "https://api.telnyx.test", tr))
		wantText(t, err.Error(), tt.words, "proxy "+strings.SplitN(tt.proxy, "://", 2)[1])
		if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "check base-url") {
			t.Errorf("%v", err)
		}
		tr.CloseIdleConnections()
	}
	tr := newTransport(1)
	tr.Proxy = proxyAt("http://proxy.example:3128")
	for base, want := range map[string]string{telnyxRoot: "check the proxy proxy.example:3128 (HTTPS_PROXY, NO_PROXY)", "https://x.example": "check base-url and the proxy proxy.example:3128"} {
		if got := clientOf(t, base, tr).whoAnswers(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", base, got)
		}
	}
}

func TestCertificateAdvice(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for file, want := range map[string]string{
		"":                                "set SSL_CERT_FILE to that CA's certificate file",
		filepath.Join(dir, "missing.pem"): "SSL_CERT_FILE cannot be read: ",
		dir:                               "is not a regular file",
		write("empty.pem", ""):            "has no certificate in PEM form",
		write("key.pem", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"):  "has no certificate in PEM form",
		write("ca.pem", "# a CA\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"): "does not have the authority that signed the certificate: add it",
	} {
		if got := certificateAdvice(file); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}

// TestBodiesShareABudget: most wait for room before they are read on, and one that waits ends with its context.
func TestBodiesShareABudget(t *testing.T) {
	if bodyBudget != MaxConnections*smallBody+largeBodies*maxBody || largeBodies < 2 {
		t.Errorf("a budget of %d with room for %d large answers", bodyBudget, largeBodies)
	}
	synctest.Test(t, func(t *testing.T) {
		var inside, most atomic.Int64
		c := newClient(t, &stubTransport{answer: func(n int, _ *http.Request) (*http.Response, error) {
			size := 1 << 20
			if n%4 == 0 {
				size = smallBody / 2
			}
			resp := reply(200, "")
			resp.Body = &slowBody{left: size, inside: &inside, most: &most}
			return resp, nil
		}})
		began := time.Now()
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				_, err := c.GetRun(t.Context(), testA, runA)
				wantError(t, err, KindMalformed)
			})
		}
		time.Sleep(10 * time.Millisecond)
		ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errShutdown)
		defer cancel()
		_, err := c.GetRun(ctx, testA, runA)
		if e := wantError(t, err, KindAmbiguous); !errors.Is(e.Err, errShutdown) {
			t.Errorf("%v", err)
		}
		all.Wait()
		if most.Load() != largeBodies || time.Since(began) < 9*time.Second {
			t.Errorf("%d large answers at the same time, %s", most.Load(), time.Since(began))
		}
	})
}

// slowBody takes a second once it is more than a small one.
type slowBody struct {
	read, left   int
	inside, most *atomic.Int64
}

func (b *slowBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	if b.read >= smallBody {
		now := b.inside.Add(1)
		for seen := b.most.Load(); now > seen && !b.most.CompareAndSwap(seen, now); seen = b.most.Load() {
			continue
		}
		time.Sleep(time.Second)
		b.inside.Add(-1)
	}
	n := min(len(p), b.left, smallBody)
	clear(p[:n])
	b.read, b.left = b.read+n, b.left-n
	return n, nil
}

func (b *slowBody) Close() error { return nil }
