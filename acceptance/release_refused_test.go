package acceptance

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/crane"
)

const someDigest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

// TestReleaseRefusedVersion holds what is not a version.
func TestReleaseRefusedVersion(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	for _, version := range []string{
		"", "1.2.3", "v1.2", "v1.2.3.4", "v01.2.3", "v1.2.3-", "v1.2.3+build", "v1.2.3-a..b", "release/v1.2.3", "v1.2.3\nx=y", "v1.2.3 ", "v1.2.3;ls",
	} {
		w.script(t, "check.sh", version).refused(t, "is not a version")
	}
}

// TestReleaseRefusedState holds from which states of a repository nothing is released.
func TestReleaseRefusedState(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]struct {
		change func(t *testing.T, w *workshop)
		why    string
	}{
		"changes that no commit has": {func(t *testing.T, w *workshop) { write(t, filepath.Join(w.root, "new.go"), "package main") }, "working tree has uncommitted changes"},
		"no section": {func(t *testing.T, w *workshop) {
			w.git(t, "reset", "--quiet", "--hard", "HEAD~1")
			w.git(t, "push", "--quiet", "--force", "origin", "main")
		}, `nothing under "## 1.2.3"`},
		"an empty section": {func(t *testing.T, w *workshop) {
			w.edit(t, "CHANGELOG.md", func(s string) string { return strings.Replace(s, "- What is new in v1.2.3.\n", "\n", 1) })
			w.commit(t, "empty")
		}, `nothing under "## 1.2.3"`},
		"a tag of another commit": {func(t *testing.T, w *workshop) { w.git(t, "tag", "v1.2.3") }, "the tag v1.2.3 exists"},
		"a commit that is not on main": {func(t *testing.T, w *workshop) {
			w.git(t, "commit", "--quiet", "--allow-empty", "--message", "unreviewed")
		}, "not on main"},
		"other workflows on main": {func(t *testing.T, w *workshop) {
			w.edit(t, ".github/workflows/ci.yml", func(s string) string { return s + "# more\n" })
			w.commit(t, "workflow")
			w.git(t, "checkout", "--quiet", "HEAD~1")
		}, "main has changed .github/workflows"},
		"a base image without a digest": {func(t *testing.T, w *workshop) {
			w.edit(t, "Dockerfile", func(s string) string { return strings.Replace(s, "debian:13-slim@sha256:", "debian:13-slim # ", 1) })
			w.commit(t, "base")
		}, "not named by digest"},
		"no version of Go": {func(t *testing.T, w *workshop) {
			w.edit(t, "Dockerfile", func(s string) string { return strings.Replace(s, "golang:1.", "golang:stable-1.", 1) })
			w.commit(t, "base")
		}, "one version of Go"},
		"the commit of a release": {func(t *testing.T, w *workshop) {
			w.edit(t, "action.yml", func(s string) string { return strings.Replace(s, "image: Dockerfile", "image: docker://x", 1) })
			w.commit(t, "release")
		}, "already names a release"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t)
			w.describe(t, "v1.2.3")
			w.script(t, "check.sh", "v1.2.3").want(t, 0)
			state.change(t, w)
			w.script(t, "check.sh", "v1.2.3").refused(t, state.why)
		})
	}
}

// TestReleaseDryRun holds that a rehearsal needs neither main nor a section of the version.
func TestReleaseDryRun(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.git(t, "commit", "--quiet", "--allow-empty", "--message", "on a branch")
	w.script(t, "check.sh", "v1.2.3").want(t, 1)
	w.env = append(w.env, "DRY_RUN=true")
	if got := w.script(t, "check.sh", "v1.2.3").want(t, 0).outputs(); got["section"] != "Unreleased" {
		t.Errorf("it prints %v", got)
	}
	w.script(t, "check.sh", "1.2.3").refused(t, "is not a version")
}

func TestReleaseRefusedCommit(t *testing.T) {
	t.Parallel()
	w, sums := newWorkshop(t), filepath.Join(standInDist(t), "SHA256SUMS")
	repository, url := w.registry+"/owner/assistant-gate", "https://example.com/x"
	w.script(t, "commit.sh", "v1.2.3", repository, someDigest, url, sums).want(t, 0)
	for _, digest := range []string{"", "sha256:", "latest", someDigest + "0", strings.TrimPrefix(someDigest, "sha256:")} {
		w.script(t, "commit.sh", "v1.2.3", repository, digest, url, sums).refused(t, "is not a digest")
	}
	w.script(t, "commit.sh", "v1.2.3", "", someDigest, url, sums).refused(t, "is not an image repository")
	less := filepath.Join(t.TempDir(), "less")
	write(t, less, strings.ReplaceAll(read(t, sums), "darwin_arm64", "darwin_arm65"))
	w.script(t, "commit.sh", "v1.2.3", repository, someDigest, url, less).refused(t, "no checksum for darwin_arm64")
	write(t, filepath.Join(w.root, "new.go"), "package main")
	w.script(t, "commit.sh", "v1.2.3", repository, someDigest, url, sums).refused(t, "working tree has uncommitted changes")
}

// TestReleaseRefusedTags holds that what was released is never moved.
func TestReleaseRefusedTags(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	first := w.git(t, "rev-parse", "HEAD")
	w.script(t, "tag.sh", "v1.2.3", first).want(t, 0)
	w.script(t, "tag.sh", "v1.2.3", first).want(t, 0)
	w.commit(t, "more")
	w.script(t, "tag.sh", "v1.2.3", w.git(t, "rev-parse", "HEAD")).refused(t, "the tag v1.2.3 exists and names "+first)
	if got := w.remote(t, "refs/tags/v1.2.3"); got != first {
		t.Errorf("the tag names %s", got)
	}

	one := w.script(t, "push.sh", standInDist(t), w.registry+"/o/r").want(t, 0).outputs()
	w.script(t, "image-tag.sh", one["repository"], one["gate"], "v1.2.3").want(t, 0)
	w.script(t, "image-tag.sh", one["repository"], one["gate"], "v1.2.3").want(t, 0)
	w.script(t, "image-tag.sh", one["repository"], one["shell"], "v1.2.3").refused(t, "v1.2.3 exists and is "+one["gate"])
	w.script(t, "image-tag.sh", "--move", one["repository"], one["shell"], "v1.2.3").want(t, 0)
	w.script(t, "image-tag.sh", one["repository"], someDigest, "v1.2.4").refused(t, "MANIFEST_UNKNOWN")
	w.script(t, "image-tag.sh", "127.0.0.1:1/o/r", one["gate"], "v1.2.3").refused(t, "connection refused")
}

// TestReleaseRefusedLayout holds which builds are not pushed.
func TestReleaseRefusedLayout(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	for name, layout := range map[string]struct {
		make func(t *testing.T, path string)
		why  string
	}{
		"one platform": {func(t *testing.T, path string) { writeLayout(t, path, standInImage(t, "amd64")) }, `it is for "linux/amd64"`},
		"another":      {func(t *testing.T, path string) { writeLayout(t, path, standInImage(t, "amd64", "riscv64")) }, "linux/riscv64"},
		"no image":     {func(t *testing.T, path string) { writeLayout(t, path) }, "does not contain exactly one image"},
		"two images": {func(t *testing.T, path string) {
			writeLayout(t, path, standInImage(t, "amd64", "arm64"), standInImage(t, "amd64", "arm64"))
		}, "does not contain exactly one image"},
		"other bytes": {func(t *testing.T, path string) {
			image := standInImage(t, "amd64", "arm64")
			writeLayout(t, path, image)
			digest, err := image.Digest()
			if err != nil {
				t.Fatal(err)
			}
			blob := filepath.Join(path, "blobs", "sha256", digest.Hex)
			write(t, blob, read(t, blob)+" ")
		}, "the bytes of"},
	} {
		dist := standInDist(t)
		if err := os.RemoveAll(filepath.Join(dist, "image-shell")); err != nil {
			t.Fatal(err)
		}
		layout.make(t, filepath.Join(dist, "image-shell"))
		if got := w.script(t, "push.sh", dist, w.registry+"/o/r"); got.code != 1 || !strings.Contains(got.stderr, layout.why) {
			t.Errorf("%s: exit code %d, %q", name, got.code, got.stderr)
		}
	}
	if tags, err := crane.Catalog(w.registry); err != nil || len(tags) > 0 {
		t.Errorf("something was pushed: %q, %v", tags, err)
	}
}

// TestReleaseRefusedPrivate holds that nothing is released that only its owner can pull.
func TestReleaseRefusedPrivate(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("WWW-Authenticate", `Basic realm="private"`)
		rw.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	w.script(t, "public.sh", strings.TrimPrefix(server.URL, "http://")+"/o/r:v1.2.3").refused(t, "make it public")
}
