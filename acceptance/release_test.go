package acceptance

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/crane"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// release does what release.yml does after its build, in its order.
func (w *workshop) release(t *testing.T, version, dist string) (commit string) {
	t.Helper()
	checked := w.script(t, "check.sh", version).want(t, 0).outputs()
	notes := filepath.Join(t.TempDir(), "notes.md")
	write(t, notes, w.script(t, "notes.sh", checked["section"]).want(t, 0).stdout)

	// The case of an account's name is as its owner likes it.
	pushed := w.script(t, "push.sh", dist, w.registry+"/Owner/Assistant-Gate").want(t, 0).outputs()
	repository, gate, shell := pushed["repository"], pushed["gate"], pushed["shell"]
	if tags, err := crane.ListTags(repository); err != nil || slices.Contains(tags, version) && w.remote(t, "refs/tags/"+version) == "" {
		t.Errorf("tags %q (%v): a tag shows the image before it is attested", tags, err)
	}
	url := "https://example.com/Owner/Assistant-Gate/releases/download/" + version
	commit = w.script(t, "commit.sh", version, repository, gate, url, filepath.Join(dist, "SHA256SUMS")).want(t, 0).outputs()["commit"]
	w.script(t, "image-tag.sh", repository, gate, version).want(t, 0)
	w.script(t, "image-tag.sh", repository, shell, version+"-shell").want(t, 0)
	w.script(t, "public.sh", repository+":"+version+"@"+gate).want(t, 0)
	w.script(t, "tag.sh", version, commit).want(t, 0)
	w.script(t, "publish.sh", version, dist, notes).want(t, 0)
	if checked["moves"] == "true" {
		w.script(t, "image-tag.sh", "--move", repository, gate, checked["major"]).want(t, 0)
		w.script(t, "image-tag.sh", "--move", repository, shell, checked["major"]+"-shell").want(t, 0)
		w.script(t, "move.sh", checked["major"], commit).want(t, 0)
	}
	w.git(t, "fetch", "--quiet", "--tags", "--force")
	return commit
}

// fakeGitHub puts a gh on PATH that writes its calls to the file that is returned and says of pages what the file pages holds.
func (w *workshop) fakeGitHub(t *testing.T) (calls, pages string) {
	t.Helper()
	calls, pages = filepath.Join(t.TempDir(), "calls"), filepath.Join(t.TempDir(), "pages")
	write(t, pages, "")
	script := "#!/bin/sh\nprintf '%s\\n' \"$*\" >>" + calls + "\nif [ \"$2\" = list ]; then cat " + pages + "; fi\n"
	if err := os.WriteFile(filepath.Join(w.bin, "gh"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return calls, pages
}

// TestRelease releases into a registry and a repository on this machine.
func TestRelease(t *testing.T) {
	t.Parallel()
	w, dist := newWorkshop(t), builtDist(t)
	version := os.Getenv(versionVariable)
	if version == "" {
		version = "v1.2.3"
	}
	calls, pages := w.fakeGitHub(t)
	w.describe(t, version)
	main := w.git(t, "rev-parse", "HEAD")
	commit := w.release(t, version, dist)

	// The commit: one line of action.yml and two files more than main, which stays as it was.
	if got := w.git(t, "rev-parse", commit+"^"); got != main || w.remote(t, "refs/heads/main") != main {
		t.Errorf("its parent is %s, want %s", got, main)
	}
	if got := w.git(t, "diff", "--name-status", main, commit); got != "M\taction.yml\nA\tbinary/RELEASE\nA\tbinary/SHA256SUMS" {
		t.Errorf("it changes\n%s", got)
	}
	if got := w.git(t, "diff", "--numstat", main, commit, "--", "action.yml"); got != "1\t1\taction.yml" {
		t.Errorf("of action.yml it changes %s", got)
	}
	if status := w.git(t, "status", "--porcelain"); status != "" {
		t.Errorf("the working tree is left with changes:\n%s", status)
	}
	// The action names the bytes, and they are to be had by that name.
	named := regexp.MustCompile(`(?m)^  image: docker://(.*)$`).FindStringSubmatch(w.git(t, "show", commit+":action.yml"))
	if named == nil || !strings.HasPrefix(named[1], w.registry+"/owner/assistant-gate:"+version+"@sha256:") {
		t.Fatalf("action.yml names %q", named)
	}
	if _, err := crane.Manifest(named[1]); err != nil {
		t.Errorf("the image of action.yml: %v", err)
	}
	if got, want := w.git(t, "show", commit+":binary/SHA256SUMS"), strings.TrimSpace(read(t, filepath.Join(dist, "SHA256SUMS"))); got != want {
		t.Errorf("binary/SHA256SUMS holds\n%s\nwant\n%s", got, want)
	}
	w.wantTags(t, version, commit, named[1][strings.Index(named[1], "@")+1:])

	said := read(t, calls)
	for _, want := range []string{
		"release create " + version + " --draft --verify-tag", "assistant-gate_windows_arm64.tar.gz", "SHA256SUMS",
		"release edit " + version + " --draft=false",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("gh was not called with %q:\n%s", want, said)
		}
	}

	sums := read(t, filepath.Join(dist, "SHA256SUMS"))
	published := regexp.MustCompile(`/([^/ ]+\.(?:tar\.gz|cdx\.json))`).FindAllStringSubmatch(said, -1)
	if len(published) != len(releasePlatforms)+2 {
		t.Errorf("%d files are published: %s", len(published), said)
	}
	for _, file := range published {
		if !strings.Contains(sums, "  "+file[1]+"\n") {
			t.Errorf("%s is published, and SHA256SUMS does not name it:\n%s", file[1], sums)
		}
	}

	// Again, as after a step that failed late: nothing is in its way, and nothing is different.
	write(t, pages, "false\n")
	write(t, calls, "")
	if again := w.release(t, version, dist); again != commit {
		t.Errorf("the second run made %s, the first %s", again, commit)
	}
	if said := read(t, calls); strings.Contains(said, "create") || strings.Contains(said, "delete") {
		t.Errorf("a page that is published was changed:\n%s", said)
	}
}

// wantTags looks at what follows from a version that is the newest of its major one.
func (w *workshop) wantTags(t *testing.T, version, commit, digest string) {
	t.Helper()
	tags := []string{version}
	if major, _, _ := strings.Cut(version, "."); !strings.Contains(version, "-") {
		tags = append(tags, major)
	} else if got := w.remote(t, "refs/tags/"+major); got != "" {
		t.Errorf("a release candidate has moved %s to %s", major, got)
	}
	for _, tag := range tags {
		if got := w.remote(t, "refs/tags/"+tag); got != commit {
			t.Errorf("the tag %s names %q, want %s", tag, got, commit)
		}
		image := w.registry + "/owner/assistant-gate:" + tag
		if got, err := crane.Digest(image); err != nil || got != digest {
			t.Errorf("%s is %q (%v), want %s", image, got, err, digest)
		}
		if got, err := crane.Digest(image + "-shell"); err != nil || got == digest {
			t.Errorf("%s-shell is %q (%v)", image, got, err)
		}
	}
}

// TestReleaseLayer takes a file, and a folder's files, out of the layer of an image.
func TestReleaseLayer(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	image, err := crane.Image(map[string][]byte{
		"var/lib/dpkg/status": []byte("Package: x\n"), "usr/share/doc/x/copyright": []byte("License: MIT\n"), "usr/share/doc/x/other": nil,
	})
	if err != nil {
		t.Fatal(err)
	}
	path, dir := filepath.Join(t.TempDir(), "layout"), t.TempDir()
	writeLayout(t, path, mutate.AppendManifests(empty.Index, mutate.IndexAddendum{
		Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}},
	}))
	if got := w.script(t, "layer.sh", path, "linux/amd64", "var/lib/dpkg/status").want(t, 0).stdout; got != "Package: x\n" {
		t.Errorf("the file holds %q", got)
	}
	w.script(t, "layer.sh", path, "linux/amd64", "var/lib/dpkg/status", dir, "*usr/share/doc/*/copyright").want(t, 0)
	if got := read(t, filepath.Join(dir, "usr/share/doc/x/copyright")); got != "License: MIT\n" {
		t.Errorf("the unpacked file holds %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "usr/share/doc/x/other")); err == nil {
		t.Error("more is unpacked than was asked for")
	}
	w.script(t, "layer.sh", path, "linux/amd64", "etc/none").want(t, 1)
}

// TestReleaseFollowing holds what a later release, an older line and a release candidate move.
func TestReleaseFollowing(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	calls, pages := w.fakeGitHub(t)
	first := map[string]string{}
	for _, version := range []string{"v1.2.3", "v1.10.0"} {
		w.describe(t, version)
		first[version] = w.release(t, version, standInDist(t))
	}
	if got := w.remote(t, "refs/tags/v1"); got != first["v1.10.0"] || got == first["v1.2.3"] {
		t.Errorf("v1 names %s", got)
	}
	if got := w.remote(t, "refs/tags/v1.2.3"); got != first["v1.2.3"] {
		t.Errorf("v1.2.3 has moved to %s", got)
	}
	for version, want := range map[string][2]string{ // moves, latest
		"v1.2.4": {"false", "false"}, "v1.10.1-rc.1": {"false", "false"}, "v0.9.0": {"true", "false"},
		"v1.11.0": {"true", "true"}, "v2.0.0": {"true", "true"},
	} {
		w.describe(t, version)
		got := w.script(t, "check.sh", version).want(t, 0).outputs()
		if got["moves"] != want[0] || got["latest"] != want[1] || got["prerelease"] != strconv.FormatBool(strings.Contains(version, "-")) {
			t.Errorf("%s: %v", version, got)
		}
	}
	// Of a page that was left as a draft nobody knows which files are whole: it is made anew.
	write(t, pages, "true\n")
	write(t, calls, "")
	w.script(t, "publish.sh", "v1.10.0", standInDist(t), filepath.Join(w.root, "CHANGELOG.md")).want(t, 0)
	if said := read(t, calls); !strings.Contains(said, "release delete v1.10.0 --yes\nrelease create v1.10.0 --draft") {
		t.Errorf("gh was called with\n%s", said)
	}
}
