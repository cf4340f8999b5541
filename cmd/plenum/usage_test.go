package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHelpIsAResult(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"site", "create", "--help"}, {"site", "delete", "--help"}} {
		r := start(t, "", args...).ended(done)
		if !strings.Contains(r.out, "Usage: plenum") || r.errs != "" {
			t.Errorf("plenum %v: got %q and on standard error %q", args, r.out, r.errs)
		}
	}
}

func TestWrongUsageSaysWhatIsWrongAndWhereHelpIs(t *testing.T) {
	for says, args := range map[string][]string{
		"expected one of":      {},
		"unexpected argument":  {"nonsense"},
		"unknown flag":         {"serve", "--nonsense"},
		"missing flags":        {"site", "create", "news"},
		"expected \"<slug>\"":  {"site", "create", "--name", "News", "--origin", "https://news.example"},
		"must be one of":       {"moderator", "create", "a@news.example", "--site", "news", "--role", "owner"},
		"--locale must be one": {"site", "create", "news", "--name", "News", "--origin", "https://news.example", "--locale", "fr"},
		"no such file":         {"rules", "publish", "/nowhere/rules.yaml", "--site", "news"},
		"--log must be one":    {"migrate", "status", "--log", "loud"},
		"invalid duration":     {"migrate", "status", "--undo", "soon"},
	} {
		start(t, "", args...).misused(says, "plenum --help shows how").silent()
	}
}

func TestConfigurationIsDocumentedAsItIs(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "configuration.md")
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := start(t, "", "config").ended(done).out; got != string(want) {
		t.Errorf("%s is not what the program prints: run make docs", path)
	}
	for _, variable := range []string{"DATABASE_URL", "DATABASE_DIRECT_URL", "PLENUM_ADDR", "PLENUM_BASE_URL", "PLENUM_DATA_DIR", "SMTP_URL",
		"PLENUM_MAIL_FROM", "PLENUM_SECRET", "PLENUM_LOG", "PLENUM_UNDO"} {
		if !strings.Contains(string(want), "| `"+variable+"` | `--") {
			t.Errorf("%s is not in %s", variable, path)
		}
	}
}

func TestADatabaseThatIsAwayIsAFailure(t *testing.T) {
	t.Parallel()
	away := "host=" + t.TempDir() + " dbname=none"
	for _, args := range [][]string{{"migrate", "up"}, {"migrate", "status"}, {"demo"}, {"audit", "verify", "--site", "news"}} {
		start(t, "", append(args, "--database-url", away, "--secret", secret)...).failed().silent()
	}
}

func TestABaseURLThatIsNoneFailsBeforeAnythingIsTouched(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	for _, command := range []string{"serve", "demo"} {
		start(t, "", command, "--base-url", "nonsense", "--data-dir", folder).failed("PLENUM_BASE_URL").silent()
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("got the data folder made (%v), want nothing touched", err)
	}
}
