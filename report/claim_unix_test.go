//go:build unix && !aix && !solaris

package report

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/google/go-cmp/cmp"
)

// TestTwoGatesOfOneName: the second is told so and touches nothing of the first, whose reports are its own.
func TestTwoGatesOfOneName(t *testing.T) {
	t.Chdir(t.TempDir())
	first := openFiles(t, "reports", "g")
	if _, err := first.Write(sample.Failed()); err != nil {
		t.Fatal(err)
	}
	before := tree(t, "reports")
	second, err := OpenFiles("reports", "g", nil)
	if err == nil || !strings.Contains(err.Error(), "another gate called \"g\" is at work in \"reports\"") || !strings.Contains(err.Error(), "its own name") {
		t.Errorf("error %v", err)
	}
	second.Close()
	openFiles(t, "reports", "other").Close()
	if diff := cmp.Diff(before, tree(t, "reports")); diff != "" {
		t.Errorf("the second changed the files (-want +got):\n%s", diff)
	}
	if _, err := first.Write(sample.Green()); err != nil {
		t.Errorf("the first cannot write any more: %v", err)
	}
	first.Close()
	openFiles(t, "reports", "g").Close()
	if left := tree(t, "reports"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestAKilledGateKeepsNobodyOut(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "reports/.g.lock", "")
	openFiles(t, "reports", "g").Close()
	if left := tree(t, "reports"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestWhatIsNoLockFileHoldsNobodyUp: a repository may bring a link along, and a workspace a pipe.
func TestWhatIsNoLockFileHoldsNobodyUp(t *testing.T) {
	const name = "reports/.g.lock"
	link := func(to string) func(*testing.T) {
		return func(t *testing.T) {
			if err := os.Symlink(to, name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for what, put := range map[string]func(*testing.T){
		"a link to a file":       link("there"),
		"a link to nothing":      link("nowhere"),
		"a link that leads out":  link("../../out"),
		"a link to itself":       link(".g.lock"),
		"a link to a pipe":       link("pipe"),
		"an empty folder":        func(t *testing.T) { mkdir(t, name) },
		"a pipe that nobody has": func(t *testing.T) { mkfifo(t, name) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Chdir(t.TempDir())
			writeFile(t, "reports/there", "theirs")
			mkfifo(t, "reports/pipe")
			put(t)
			opened := make(chan error, 1)
			go func() {
				opened <- func() error {
					f, err := OpenFiles("reports", "g", nil)
					if err != nil {
						return err
					}
					defer f.Close()
					if _, err := OpenFiles("reports", "g", nil); err == nil || !strings.Contains(err.Error(), "at work") {
						t.Errorf("a second gate is not kept out: %v", err)
					}
					return nil
				}()
			}()
			select {
			case err := <-opened:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("it hangs")
			}
			if there, err := os.ReadFile("reports/there"); err != nil || string(there) != "theirs" {
				t.Errorf("the file behind a link holds %q: %v", there, err)
			}
		})
	}
}

func mkdir(t *testing.T, name string) {
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
}

func mkfifo(t *testing.T, name string) {
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestManyGatesOfOneName: whoever ends and begins, there is never more than one.
func TestManyGatesOfOneName(t *testing.T) {
	t.Chdir(t.TempDir())
	var all sync.WaitGroup
	var work sync.Mutex
	for range 8 {
		all.Go(func() {
			for range 50 {
				f, err := OpenFiles("reports", "g", nil)
				if err != nil {
					if !strings.Contains(err.Error(), "at work") {
						t.Error(err)
					}
					continue
				}
				if !work.TryLock() {
					t.Error("two gates are at work")
					f.Close()
					continue
				}
				runtime.Gosched()
				work.Unlock()
				f.Close()
			}
		})
	}
	all.Wait()
}

// TestAClaimLastsWithoutItsDirectory: who clears the directory while the gate runs must not cost it the reports.
func TestAClaimLastsWithoutItsDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	f := openFiles(t, "reports", "g")
	if err := os.RemoveAll("reports"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(sample.Green()); err != nil {
		t.Error(err)
	}
	f.Close()
}
