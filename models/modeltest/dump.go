package modeltest

import (
	"os/exec"
	"testing"

	"plenum/models/postgres"
)

// Dump is the whole database at url as pg_dump writes it, every table of it.
func Dump(t testing.TB, url string) string {
	t.Helper()
	program, err := postgres.Client("pg_dump")
	if err != nil {
		t.Fatal(err)
	}
	dump, err := exec.CommandContext(t.Context(), program, "--dbname="+url).Output()
	if err != nil {
		t.Fatalf("dump the database: %v", err)
	}
	return string(dump)
}
