package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
)

// What a rehearsal releases: a folder as binaries.sh and images.sh make it, and its version. Without
// them, stand-ins of a few bytes.
const (
	distVariable    = "RELEASE_DIST"
	versionVariable = "RELEASE_VERSION"
)

var releasePlatforms = []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64", "windows_arm64"}

// builtDist is the folder that the environment names, or one of stand-ins.
func builtDist(t *testing.T) string {
	t.Helper()
	if dist := os.Getenv(distVariable); dist != "" {
		return dist
	}
	return standInDist(t)
}

func standInDist(t *testing.T) string {
	t.Helper()
	dist := t.TempDir()
	for _, platform := range releasePlatforms {
		write(t, filepath.Join(dist, "assistant-gate_"+platform+".tar.gz"), platform)
	}
	for _, name := range []string{"assistant-gate.cdx.json", "assistant-gate-shell.cdx.json"} {
		write(t, filepath.Join(dist, name), "{}")
	}
	if out, err := exec.Command("../scripts/release/sums.sh", dist).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"image", "image-shell"} {
		writeLayout(t, filepath.Join(dist, name), standInImage(t, "amd64", "arm64"))
	}
	return dist
}

// standInImage is an image of random bytes for Linux on each architecture.
func standInImage(t *testing.T, architectures ...string) v1.ImageIndex {
	t.Helper()
	index := v1.ImageIndex(empty.Index)
	for _, architecture := range architectures {
		image, err := random.Image(100, 1)
		if err != nil {
			t.Fatal(err)
		}
		platform := &v1.Platform{OS: "linux", Architecture: architecture}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}})
	}
	return index
}

// writeLayout writes images into an OCI layout, as BuildKit does.
func writeLayout(t *testing.T, path string, images ...v1.ImageIndex) {
	t.Helper()
	written, err := layout.Write(path, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	for _, image := range images {
		if err := written.AppendIndex(image); err != nil {
			t.Fatal(err)
		}
	}
}
