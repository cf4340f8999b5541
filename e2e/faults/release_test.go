//go:build faults

package faults

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenum/e2e/program"
)

// Replicas are replaced one after the other by those of this release, on the schema of the release before; then, on the
// schema of this one, back, and once more. People work on meanwhile.
func TestReplicasAreReplacedOneAfterTheOtherAndBack(t *testing.T) {
	before := releaseBefore(t)
	h, err := build(context.WithoutCancel(t.Context()), plan{bin: before})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	l := h.work(t)
	l.more(20)
	for _, turn := range []struct {
		replica *program.Program
		to      string
	}{{h.far, plenum.near.Bin}, {h.near, plenum.near.Bin}, {h.far, before}, {h.near, before}, {h.far, plenum.near.Bin}, {h.near, plenum.near.Bin}} {
		if err := turn.replica.Terminate(); err != nil {
			t.Fatal(err)
		}
		turn.replica.Bin = turn.to
		if err := turn.replica.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		l.more(20)
	}
	l.rest()
	h.verify(t)
	h.quiet(t)
}

// releaseBefore builds the program as it was before the newest step of the schema.
func releaseBefore(t *testing.T) string {
	t.Helper()
	git := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", "../.."}, args...)...).Output()
		if err != nil {
			t.Skipf("no release before, and so none to come from: its sources are in the history of git (%v)", err)
		}
		return strings.TrimSpace(string(out))
	}
	newest := git("log", "-1", "--diff-filter=A", "--format=%H", "--", "models/migrations")
	folder := t.TempDir()
	sources, bin := filepath.Join(folder, "sources"), filepath.Join(folder, "plenum")
	git("archive", "--output", sources+".tar", newest+"^")
	if err := os.Mkdir(sources, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "tar", "-xf", sources+".tar", "-C", sources).CombinedOutput(); err != nil {
		t.Fatalf("unpack %s^: %v\n%s", newest, err, out)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", bin, "./cmd/plenum")
	build.Dir, build.Env = sources, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s^: %v\n%s", newest, err, out)
	}
	return bin
}

// Whoever migrates is killed, again and again: the next one goes on, until every step is applied.
func TestAMigrationThatIsKilledIsTakenUp(t *testing.T) {
	p, err := program.New([]string{"PLENUM_LOG=error"})
	if err != nil {
		t.Fatal(err)
	}
	p.Bin = plenum.near.Bin
	defer func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}()
	kills := 0
	for patience := 200 * time.Millisecond; ; patience += patience / 4 {
		ctx, kill := context.WithTimeout(t.Context(), patience)
		up := exec.CommandContext(ctx, p.Bin, "migrate", "up") // killed at the context's end
		up.Env = p.Env
		out, err := up.CombinedOutput()
		late := ctx.Err() != nil
		kill()
		if err == nil {
			break
		}
		if kills++; !late || kills > 50 {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	out, err := p.Command(t.Context(), "", "migrate", "status", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var steps []struct {
		Version int64      `json:"version"`
		Applied *time.Time `json:"applied_at"`
	}
	if err := json.Unmarshal([]byte(out), &steps); err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if step.Applied == nil {
			t.Errorf("step %d waits", step.Version)
		}
	}
	t.Logf("killed %d times; then %d steps are applied", kills, len(steps))
	if kills < 2 || len(steps) < 10 {
		t.Errorf("killed %d times in %d steps: something is wrong with this test", kills, len(steps))
	}
}
