package bench

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
)

// What BenchmarkProcess measures; the defaults are those of docs/dev/performance.md.
var (
	manyTests = flag.Int("tests", 10_000, "tests of the large process benchmark")
	manyTakes = flag.Duration("takes", 60*time.Second, "how long each of its runs takes")
	manyRate  = flag.Int("rate", 500, "requests a second that its server allows")
	starts    = flag.Int("starts", 9, "starts whose median is taken")
	rounds    = flag.Int("rounds", 10, "gates with 10 tests of 10 to 20 s")
)

// BenchmarkProcess prints figures of the program itself, as it is released, against a server in another process.
func BenchmarkProcess(b *testing.B) {
	binary := buildBinary(b)
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	out := newTable("figure", protocolPlain, protocolTLS1, protocolTLS2)
	measured := map[string][]string{}
	protocols := []string{protocolPlain, protocolTLS1, protocolTLS2}
	var order []string
	add := func(name, value string) {
		if measured[name] == nil {
			order = append(order, name)
		}
		measured[name] = append(measured[name], value)
	}
	for _, protocol := range protocols {
		measureStart(b, binary, protocol, add)
		measureFew(b, binary, protocol, add)
		for _, tests := range []int{1000, *manyTests} {
			for _, suite := range []bool{false, true} {
				measureMany(b, binary, protocol, tests, suite, add)
			}
		}
	}
	for _, name := range order {
		out.row(append([]string{name}, measured[name]...)...)
	}
	size := thousands(int(info.Size())) + " bytes"
	out.row("size of the program", size, size, size)
	publish(b, "process", out.String())
}

func buildBinary(tb testing.TB) string {
	binary := filepath.Join(tb.TempDir(), "assistant-gate")
	if text, err := exec.Command("../scripts/build.sh", binary).CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, text)
	}
	return binary
}

// ended is a gate's process that has ended.
type ended struct {
	started, ended time.Time
	peak           int           // bytes of memory
	cpu            time.Duration // user and system
}

// execute runs the program to its end, which must be green.
func execute(tb testing.TB, binary string, server *serverProcess, args ...string) ended {
	tb.Helper()
	var output bytes.Buffer
	cmd := exec.Command(binary, append([]string{"run", "--base-url", server.url, "--version-id", simtest.Candidate, "--report-dir", tb.TempDir()}, args...)...)
	cmd.Env = append(server.trust(), "TELNYX_API_KEY="+apiKey)
	cmd.Stdout, cmd.Stderr = &output, &output
	e := ended{started: time.Now()}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	exited := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { e.peak = watchMemory(cmd.Process.Pid, exited) })
	err := cmd.Wait()
	e.ended = time.Now()
	close(exited)
	watching.Wait()
	if err != nil {
		tb.Errorf("%v\n%s", err, output.String())
	}
	e.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return e
}

// watchMemory returns the peak resident memory of a process in bytes (VmHWM). The kernel's account of an ended process may
// show the peak of this test binary instead, because the two share memory between fork and exec.
func watchMemory(pid int, exited <-chan struct{}) int {
	peak := 0
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if _, rest, ok := strings.Cut(string(status), "VmHWM:"); ok {
			kilobytes, _ := strconv.Atoi(strings.Fields(rest)[0])
			peak = max(peak, kilobytes<<10)
		}
		select {
		case <-exited:
			return peak
		case <-ticker.C:
		}
	}
}

// measureStart measures from the start of the process to its first request at the server: with the certificates of
// authorities in one file, as in the image, and with a directory of them too, as on most machines.
func measureStart(b *testing.B, binary, protocol string, add func(name, value string)) {
	for _, directory := range []bool{false, true} {
		var connected, asked []time.Duration
		for range *starts {
			server := startServer(b, serverConfig{Durations: []time.Duration{time.Millisecond}, Protocol: protocol})
			server.directory = directory
			e := execute(b, binary, server, "--test-ids", simtest.TestID(0))
			s := server.stop(b)
			connected = append(connected, s.FirstConnection.Sub(e.started))
			asked = append(asked, s.FirstRequest.Sub(e.started))
		}
		what := "process start to first request, median"
		if directory {
			add(what+", certificates in a directory too", milliseconds(median(asked)))
			continue
		}
		add("process start to connection, median", milliseconds(median(connected)))
		add(what, milliseconds(median(asked)))
		add("process start to first request, best of "+fmt.Sprint(*starts), milliseconds(slices.Min(asked)))
		if protocol == protocolPlain {
			atMost(b, "process start to first request", slices.Min(asked), maxStart)
		}
	}
}

// measureFew measures gates with 10 tests of 10 to 20 s, all gates at the same time.
func measureFew(b *testing.B, binary, protocol string, add func(name, value string)) {
	over := make([]time.Duration, *rounds)
	peaks := make([]int, *rounds)
	connections := make([]int, *rounds)
	requests := make([]int, *rounds)
	var all sync.WaitGroup
	for i := range *rounds {
		random := rand.New(rand.NewPCG(uint64(i), 4))
		takes := make([]time.Duration, 10)
		for k := range takes {
			takes[k] = 10*time.Second + time.Duration(random.Int64N(int64(10*time.Second)))
		}
		all.Go(func() {
			server := startServer(b, serverConfig{Durations: takes, Protocol: protocol})
			e := execute(b, binary, server, "--test-ids", strings.Join(simtest.TestIDs(len(takes)), ","))
			s := server.stop(b)
			over[i], peaks[i], connections[i], requests[i] = e.ended.Sub(s.LastEnd), e.peak, s.MaxOpen, s.Requests
		})
	}
	all.Wait()
	add("10 tests of 10 to 20 s: last run ended to process exit, mean", fmt.Sprintf("%.2f s", mean(over).Seconds()))
	add("10 tests: the same, worst of "+fmt.Sprint(*rounds), fmt.Sprintf("%.2f s", slices.Max(over).Seconds()))
	add("10 tests: requests, median", fmt.Sprint(median(requests)))
	add("10 tests: peak memory", megabytes(slices.Max(peaks)))
	add("10 tests: open connections, maximum", fmt.Sprint(slices.Max(connections)))
	atMost(b, "last run ended to process exit, mean", mean(over), maxEnd)
	atMost(b, "bytes of memory for 10 tests", slices.Max(peaks), maxMemory(10))
}

// measureMany measures one gate with many tests, each selected by its id or all as a suite.
func measureMany(b *testing.B, binary, protocol string, tests int, suite bool, add func(name, value string)) {
	takes := slices.Repeat([]time.Duration{*manyTakes}, tests)
	server := startServer(b, serverConfig{Durations: takes, PerSecond: *manyRate, Protocol: protocol})
	args := []string{"--max-runs", fmt.Sprint(tests), "--timeout", "2h"}
	what := thousands(tests) + " tests"
	if suite {
		what += " as a suite"
		args = append(args, "--test-suites", simtest.Suite)
	} else {
		for part := range slices.Chunk(simtest.TestIDs(tests), 2500) { // an argument has a bound
			args = append(args, "--test-ids", strings.Join(part, ","))
		}
	}
	e := execute(b, binary, server, args...)
	s := server.stop(b)
	atMost(b, "bytes of memory for "+what, e.peak, maxMemory(tests))
	atMost(b, "connections for "+what, s.MaxOpen, maxConnections)
	add(what+": peak memory", megabytes(e.peak))
	add(what+": processor time", fmt.Sprintf("%.1f s", e.cpu.Seconds()))
	add(what+": requests, of them refused (429)", fmt.Sprintf("%s, %d", thousands(s.Requests), s.Refused))
	add(what+": open connections, maximum", fmt.Sprint(s.MaxOpen))
	add(what+": wall", seconds(e.ended.Sub(e.started))+" s")
	add(what+": last run ended to process exit", fmt.Sprintf("%.2f s", e.ended.Sub(s.LastEnd).Seconds()))
}

// The bounds that BenchmarkProcess checks. Load on the machine can only make the times longer.
const (
	maxStart       = 15 * time.Millisecond   // to the first request, without TLS, best of all starts
	maxEnd         = 1200 * time.Millisecond // from the end of the last run to that of the program, mean
	maxConnections = 64
)

// maxMemory is how many bytes a gate may take.
func maxMemory(tests int) int {
	switch {
	case tests <= 10:
		return 24e6
	case tests <= 1000:
		return 48e6
	}
	return 160e6
}

// atMost fails the benchmark if a figure is over its bound.
func atMost[T cmp.Ordered](b *testing.B, what string, got, maximum T) {
	b.Helper()
	if got > maximum {
		b.Errorf("%s: %v, the bound is %v", what, got, maximum)
	}
}

func median[T cmp.Ordered](list []T) T {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func mean(list []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range list {
		sum += d
	}
	return sum / time.Duration(len(list))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

func megabytes(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
