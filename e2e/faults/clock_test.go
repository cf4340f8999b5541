//go:build faults

package faults

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// skewable builds the program with a clock that the variable CLOCK_OFF_BY makes wrong, for all that is in it: the clock of
// the standard library, of which the build takes another one. What is shipped has nothing of it.
func skewable(t *testing.T) (bin string) {
	t.Helper()
	start, folder := time.Now(), t.TempDir()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	clock := filepath.Join(strings.TrimSpace(string(root)), "src", "time", "time.go")
	source, err := os.ReadFile(clock)
	if err != nil {
		t.Fatal(err)
	}
	const now, imports = "\tsec, nsec, mono := runtimeNow()\n\tif mono == 0 {\n\t\treturn Time{uint64(nsec), sec + unixToInternal, Local}\n", "\t\"math/bits\"\n"
	if strings.Count(string(source), now) != 1 || strings.Count(string(source), imports) != 1 {
		t.Fatalf("%s reads the clock in another way than this test knows", clock)
	}
	wrong := strings.NewReplacer(now, strings.Replace(now, "\n", "\n\tsec += offBy\n", 1), imports, imports+"\t\"syscall\"\n").Replace(string(source)) + `
var offBy = func() int64 {
	text, ok := syscall.Getenv("CLOCK_OFF_BY")
	if !ok {
		return 0
	}
	d, err := ParseDuration(text)
	if err != nil {
		panic(err)
	}
	return int64(d / Second)
}()
`
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {clock: filepath.Join(folder, "time.go")}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"time.go": []byte(wrong), "overlay.json": overlay} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bin = filepath.Join(folder, "plenum")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-overlay", filepath.Join(folder, "overlay.json"), "-o", bin, "./cmd/plenum")
	build.Dir, build.Env = "../..", append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build with another clock: %v\n%s", err, out)
	}
	t.Logf("built with another clock in %s", time.Since(start).Round(time.Second))
	return bin
}
