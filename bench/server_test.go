package bench

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// serverVariable names the file with the configuration of a test binary that runs as a server.
const serverVariable = "BENCH_SERVER"

// serverConfig configures a server process.
type serverConfig struct {
	Durations []time.Duration // of each test's runs
	PerSecond int             // requests allowed; 0: no bound
	Protocol  string          // protocolPlain, protocolTLS1, protocolTLS2
	Dir       string          // for the certificate
}

// The protocols that are measured.
const (
	protocolPlain = "HTTP/1.1"
	protocolTLS1  = "HTTP/1.1, TLS"
	protocolTLS2  = "HTTP/2, TLS"
)

// serverRecord is what a server saw.
type serverRecord struct {
	FirstConnection time.Time
	FirstRequest    time.Time
	LastEnd         time.Time // of the last run
	Connections     int
	MaxOpen         int // connections at the same time
	Requests        int
	Refused         int // answers of status 429
}

// recorder answers requests and keeps what it saw.
type recorder struct {
	next      http.Handler
	durations map[string]time.Duration
	longest   time.Duration

	mu   sync.Mutex
	open int
	seen serverRecord
}

// ServeHTTP answers one request.
func (w *recorder) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	at := time.Now()
	status := &statusWriter{ResponseWriter: rw}
	w.next.ServeHTTP(status, req)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen.Requests++; w.seen.Requests == 1 {
		w.seen.FirstRequest = at
	}
	if status.code == http.StatusTooManyRequests {
		w.seen.Refused++
	}
	if req.Method == http.MethodPost && status.code < 300 {
		_, id := kindOf(req)
		takes, ok := w.durations[id]
		if !ok { // a suite
			takes = w.longest
		}
		if end := at.Add(takes); end.After(w.seen.LastEnd) {
			w.seen.LastEnd = end
		}
	}
}

type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *recorder) connection(_ net.Conn, state http.ConnState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch state {
	case http.StateNew:
		if w.seen.Connections++; w.seen.Connections == 1 {
			w.seen.FirstConnection = time.Now()
		}
		w.open++
		w.seen.MaxOpen = max(w.seen.MaxOpen, w.open)
	case http.StateClosed, http.StateHijacked:
		w.open--
	}
}

// serve runs a server process: it prints its URL, and when its standard input ends, its record.
func serve(text string) error {
	var o serverConfig
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	wd := &recorder{next: simulator.New(world(o.PerSecond, o.Durations)), durations: map[string]time.Duration{}}
	for i, d := range o.Durations {
		wd.durations[simtest.TestID(i)] = d
		wd.longest = max(wd.longest, d)
	}
	server := &http.Server{Handler: wd, ConnState: wd.connection, ReadHeaderTimeout: time.Minute, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetHTTP2(o.Protocol == protocolTLS2)
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	stopped := make(chan error, 1)
	if o.Protocol == protocolPlain {
		go func() { stopped <- server.Serve(listener) }()
	} else {
		address = "https://" + listener.Addr().String()
		go func() { stopped <- server.ServeTLS(listener, certFile(o.Dir), keyFile(o.Dir)) }()
	}
	fmt.Println(address + "/v2")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = server.Close()
	if err := <-stopped; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	wd.mu.Lock()
	defer wd.mu.Unlock()
	return json.NewEncoder(os.Stdout).Encode(wd.seen)
}

func certFile(dir string) string { return filepath.Join(dir, "cert.pem") }
func keyFile(dir string) string  { return filepath.Join(dir, "key.pem") }

// rootsFile holds the authorities: the certificate, and those of the machine if they are in the usual place.
func rootsFile(dir string) string { return filepath.Join(dir, "roots.pem") }

// writeCertificate makes a certificate for 127.0.0.1 that is its own authority.
func writeCertificate(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	usual, _ := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	roots := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), usual...)
	if err := os.WriteFile(rootsFile(dir), roots, 0o600); err != nil {
		return err
	}
	for name, block := range map[string]*pem.Block{
		certFile(dir): {Type: "CERTIFICATE", Bytes: cert},
		keyFile(dir):  {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
	}
	_, err = tls.LoadX509KeyPair(certFile(dir), keyFile(dir))
	return err
}

// serverProcess is a server that runs.
type serverProcess struct {
	cmd   *exec.Cmd
	stdin io.Closer
	out   *json.Decoder
	url   string
	dir   string

	directory bool // gates read the machine's directory of certificates too
}

// startServer starts a server in a process of its own, so that its memory and its processor time are not the gate's.
func startServer(tb testing.TB, o serverConfig) *serverProcess {
	tb.Helper()
	o.Dir = tb.TempDir()
	if err := writeCertificate(o.Dir); err != nil {
		tb.Fatal(err)
	}
	text, err := json.Marshal(o)
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(o.Dir, "config.json") // too long for a variable
	if err := os.WriteFile(file, text, 0o600); err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverVariable+"="+file)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	var line bytes.Buffer
	for one := make([]byte, 1); !strings.HasSuffix(line.String(), "\n"); line.Write(one) {
		if _, err := io.ReadFull(stdout, one); err != nil {
			tb.Fatal(err)
		}
	}
	return &serverProcess{cmd: cmd, stdin: stdin, out: json.NewDecoder(stdout), url: strings.TrimSpace(line.String()), dir: o.Dir}
}

// trust is the environment in which a gate trusts the server, beside the machine's usual authorities.
func (p *serverProcess) trust() []string {
	trust := []string{"SSL_CERT_FILE=" + rootsFile(p.dir)}
	if !p.directory {
		trust = append(trust, "SSL_CERT_DIR="+filepath.Join(p.dir, "none"))
	}
	return trust
}

// stop ends the server and returns what it saw.
func (p *serverProcess) stop(tb testing.TB) serverRecord {
	tb.Helper()
	_ = p.stdin.Close()
	var s serverRecord
	if err := p.out.Decode(&s); err != nil {
		tb.Error(err)
	}
	if err := p.cmd.Wait(); err != nil {
		tb.Error(err)
	}
	return s
}
