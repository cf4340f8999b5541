// Command mutants takes guards out of a copy of the product, one at a time, and says which test catches each. It fails
// where one survives, does not apply any more, or does not build.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	survived, err := run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || survived > 0 {
		os.Exit(1)
	}
}

// run tries each mutant and prints what became of it.
func run(ctx context.Context) (survived int, err error) {
	copied, err := os.MkdirTemp("", "plenum-mutants-*")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(copied)
	if err := copyTree("..", copied); err != nil {
		return 0, err
	}
	fmt.Printf("%-40s %s\n", "guard taken out", "caught by")
	for _, m := range mutants {
		caught, err := try(ctx, copied, m)
		if err != nil {
			return survived, fmt.Errorf("%s: %w", m.guard, err)
		}
		if caught == "" {
			survived++
			caught = "NOBODY"
		}
		fmt.Printf("%-40s %s\n", m.guard, caught)
	}
	return survived, nil
}

var failed = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// try tests the copy without the guard, puts it back, and answers the test that failed without it, and with it does not.
func try(ctx context.Context, dir string, m mutant) (caught string, err error) {
	path := filepath.Join(dir, m.file)
	whole, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if n := bytes.Count(whole, []byte(m.old)); n != 1 {
		return "", fmt.Errorf("the patch of %s fits %d times, not once", m.file, n)
	}
	if err := os.WriteFile(path, bytes.Replace(whole, []byte(m.old), []byte(m.new), 1), 0o644); err != nil {
		return "", err
	}
	out, ok := test(ctx, dir, m.tests, m.packages)
	if err := os.WriteFile(path, whole, 0o644); err != nil || ok {
		return "", err
	}
	first := failed.FindStringSubmatch(out)
	if first == nil {
		return "", fmt.Errorf("no test failed without it, and yet the run did:\n%s", out)
	}
	if out, ok := test(ctx, dir, "^"+first[1]+"$", m.packages); !ok {
		return "", fmt.Errorf("%s fails with it, too:\n%s", first[1], out)
	}
	return first[1], ctx.Err()
}

func test(ctx context.Context, dir, which string, packages []string) (out string, ok bool) {
	c := exec.CommandContext(ctx, "go", append([]string{"test", "-trimpath", "-count=1", "-run", which}, packages...)...)
	c.Dir = dir
	text, err := c.CombinedOutput()
	return string(text), err == nil
}

// copyTree copies what the Go tests are made of.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if top, _, _ := strings.Cut(name, string(filepath.Separator)); top == ".git" || top == "bin" || top == "e2e" || d.Name() == "node_modules" {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), text, 0o644)
	})
}
