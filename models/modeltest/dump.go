package modeltest

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// Dump is the whole database at url as pg_dump writes it, every table of it.
func Dump(t testing.TB, url string) string {
	t.Helper()
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(installed) // newest first: versions have two digits
	dump, err := exec.CommandContext(t.Context(), append(installed, "pg_dump")[0], "--dbname="+url).Output()
	if err != nil {
		t.Fatalf("dump the database: %v", err)
	}
	return string(dump)
}
