package examples

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// standIns are programs that the examples call and that a test machine lacks.
var standIns = map[string]func(args []string) int{
	"docker":          dockerRun,
	"buildkite-agent": buildkiteAgent,
	"apk":             apkAdd,
}

// dockerRun does what `docker run` does with the gate's image: the program gets the variables that -e names, no others,
// and the working directory that -w and -v make. It knows the options that the examples use and refuses all else.
func dockerRun(args []string) int {
	refuse := func(format string, a ...any) int {
		fmt.Fprintf(os.Stderr, "docker: "+format+"\n", a...)
		return 125
	}
	if len(args) == 0 || args[0] != "run" {
		return refuse("not run: %q", args)
	}
	// The way to the simulator is the test's, not the example's.
	env := []string{"TELNYX_BASE_URL=" + os.Getenv("TELNYX_BASE_URL")}
	mounts := map[string]string{}
	workdir := ""
	args = args[1:]
	for len(args) > 1 && strings.HasPrefix(args[0], "-") {
		option := args[0]
		args = args[1:]
		switch option {
		case "--rm", "--read-only":
			continue
		case "-e":
			if value, ok := os.LookupEnv(args[0]); ok {
				env = append(env, args[0]+"="+value)
			}
		case "-v":
			host, inside, ok := strings.Cut(args[0], ":")
			if !ok || !filepath.IsAbs(host) || !filepath.IsAbs(inside) {
				return refuse("bad volume %q", args[0])
			}
			mounts[inside] = host
		case "-w":
			workdir = args[0]
		case "--user":
			if uid, gid, _ := strings.Cut(args[0], ":"); uid != fmt.Sprint(os.Getuid()) || gid != fmt.Sprint(os.Getgid()) {
				return refuse("user %q", args[0])
			}
		default:
			return refuse("unknown option %s", option)
		}
		args = args[1:]
	}
	if len(args) == 0 || args[0] != "ghcr.io/OWNER/assistant-gate:v1" {
		return refuse("not the gate's image: %q", args)
	}
	dir, ok := mounts[workdir]
	if !ok {
		return refuse("nothing is mounted at the working directory %q", workdir)
	}
	gate, err := exec.LookPath("assistant-gate")
	if err != nil {
		return refuse("%v", err)
	}
	cmd := exec.Command(gate, args[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		return refuse("%v", err)
	}
	return cmd.ProcessState.ExitCode()
}

// apkAdd installs nothing: the machine has what the examples install.
func apkAdd(args []string) int {
	for _, program := range args[1:] {
		if _, err := exec.LookPath(program); err != nil && !strings.HasPrefix(program, "--") {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return 0
}

// buildkiteAgent gives the secret out, and writes an annotation to the file that ANNOTATION names: its style, then its
// text.
func buildkiteAgent(args []string) int {
	switch strings.Join(args, " ") {
	case "secret get TELNYX_API_KEY":
		fmt.Println(os.Getenv("SECRET"))
		return 0
	}
	if len(args) != 5 || args[0] != "annotate" || args[1] != "--style" || args[3] != "--context" {
		fmt.Fprintf(os.Stderr, "buildkite-agent: %q\n", args)
		return 2
	}
	text, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = os.WriteFile(os.Getenv("ANNOTATION"), append([]byte(args[2]+"\n"), text...), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
