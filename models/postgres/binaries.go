package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const oldest = 14

// binaries finds the folder of PostgreSQL's programs: an existing cluster's own major version, else the newest there is.
func binaries(ctx context.Context, data string) (string, error) {
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	slices.Reverse(installed) // newest first: versions have two digits
	made := ""
	if text, err := os.ReadFile(filepath.Join(data, "PG_VERSION")); err == nil {
		made = strings.TrimSpace(string(text))
	}
	for _, dir := range append(installed, filepath.SplitList(os.Getenv("PATH"))...) {
		version := major(ctx, dir)
		if number, err := strconv.Atoi(version); err == nil && number >= oldest && (made == "" || made == version) {
			return dir, nil
		}
	}
	if made != "" {
		return "", fmt.Errorf("%s was made by PostgreSQL %s, which is not installed: install Debian's postgresql-%s, or set DATABASE_URL", data, made, made)
	}
	return "", fmt.Errorf("no PostgreSQL %d or newer found: install Debian's package postgresql, or set DATABASE_URL", oldest)
}

// major is the major version of the PostgreSQL in a folder; empty where there is none that could make a cluster.
func major(ctx context.Context, dir string) string {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); dir == "" || err != nil {
		return ""
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return ""
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(string(out), "postgres (PostgreSQL) "), ".")
	return strings.TrimSpace(version)
}
