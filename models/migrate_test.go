package models_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"plenum/models"
	"plenum/models/modeltest"
)

// ruled is the first step that is held to the rules of migration_rule_test.go: those before it make the first release.
const ruled = "00060"

func TestStepsAreExpandedAndContractedByRule(t *testing.T) {
	entries, err := os.ReadDir("migrations")
	if err != nil || len(entries) < 10 {
		t.Fatalf("got %d steps: %v", len(entries), err)
	}
	for _, entry := range entries {
		if entry.Name() < ruled {
			continue
		}
		text, err := os.ReadFile(filepath.Join("migrations", entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faultsOf(string(text)) {
			t.Errorf("%s: %s", entry.Name(), fault)
		}
	}
}

func TestTheRuleKnowsAGoodStepFromABadOne(t *testing.T) {
	for step, want := range map[string]string{
		`create table x (a integer not null); create index on x (a); alter table x add constraint y check (a > 0);`:   "",
		`alter table comments add column a integer;`:                                                                  "",
		`alter table comments add column a integer not null default 0 check (a >= 0);`:                                "",
		`alter table comments add constraint a check (depth < 99) not valid;`:                                         "",
		`-- create index on comments (a);`:                                                                            "",
		"-- +goose NO TRANSACTION\ndrop index concurrently if exists i; create index concurrently i on comments (a);": "",
		"-- contract: unused since release 3\nalter table comments drop column a;":                                    "",
		"create function f() returns trigger language plpgsql as $$ begin update comments set a = 1; end $$;":         "",
		`create index i on comments (a);`:                                                                             "blocks writers",
		`create unique index on comments (a) where b is null;`:                                                        "blocks writers",
		`create index concurrently i on comments (a);`:                                                                "NO TRANSACTION",
		"-- +goose NO TRANSACTION\ncreate index concurrently i on comments (a);":                                      "drop index concurrently if exists",
		`alter table comments add column a integer not null;`:                                                         "not null without a default",
		`alter table comments add column b text, add column a integer not null check (a > 0);`:                        "not null without a default",
		`alter table comments alter column a set not null;`:                                                           "reads the whole table",
		`alter table comments add constraint a check (depth < 99);`:                                                   "not valid",
		`alter table comments add foreign key (a) references sites (id);`:                                             "not valid",
		`alter table comments alter column a type bigint;`:                                                            "rewrites",
		`alter table comments drop column a;`:                                                                         "the release before",
		`alter table comments rename column a to b;`:                                                                  "the release before",
		`drop table signals;`:        "the release before",
		`update comments set a = 1;`: "every row",
		`lock table comments;`:       "lock",
	} {
		got := faultsOf(step)
		if want == "" && len(got) > 0 || want != "" && !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("%s\ngot %q, want %q", step, got, want)
		}
	}
}

// A step that waits for a lock lets everybody else by after a moment, and is applied once it may.
func TestAStepThatWaitsForALockHoldsNobodyUp(t *testing.T) {
	url := modeltest.Empty(t)
	store, err := models.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	first := fstest.MapFS{"00001_a.sql": {Data: []byte("-- +goose Up\ncreate table held (a integer);\n")}}
	if _, err := store.MigrateBy(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	holder, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close(context.Background())
	must := func(conn *pgx.Conn, statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	must(holder, `begin; select from held`)
	first["00002_b.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nalter table held add column b integer;\n")}
	done := make(chan error, 1)
	go func() { _, err := store.MigrateBy(t.Context(), first); done <- err }()
	reader, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close(context.Background())
	worst := time.Duration(0)
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		start := time.Now()
		must(reader, `select from held`)
		worst = max(worst, time.Since(start))
	}
	t.Logf("a reader waited %s at most while a step waited for its lock", worst.Round(time.Millisecond))
	if worst > time.Second || worst < 100*time.Millisecond {
		t.Errorf("got a reader held up for %s, want about 0.3 s: the step waits, and gives way", worst)
	}
	must(holder, `commit`)
	if err := <-done; err != nil {
		t.Errorf("got %v, want the step applied once it may", err)
	}
	var missing *pgconn.PgError
	if _, err := reader.Exec(t.Context(), `select b from held`); errors.As(err, &missing) {
		t.Errorf("got %v, want the column", err)
	}
}

// However often a migration is cut off, the next one goes on, and the schema comes out the same.
func TestAMigrationThatIsCutOffIsTakenUp(t *testing.T) {
	whole, parts := modeltest.Empty(t), modeltest.Empty(t)
	wired, between := modeltest.Wired(t, parts)
	migrate := func(url string) error {
		store, err := models.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		_, err = store.Migrate(t.Context())
		return err
	}
	cut := 0
	for patience := 50 * time.Millisecond; cut < 3; patience += 50 * time.Millisecond {
		timer := time.AfterFunc(patience, between.Cut)
		if err := migrate(wired); err == nil {
			timer.Stop()
			break
		}
		cut++
	}
	t.Logf("cut off %d times", cut)
	for _, url := range []string{parts, whole} {
		if err := migrate(url); err != nil {
			t.Fatal(err)
		}
	}
	if cut < 2 || schema(t, parts) != schema(t, whole) {
		t.Errorf("cut off %d times: the schema is not that of one go", cut)
	}
}

// schema is what the database is made of, without its rows, and without the next number of a sequence, which what was rolled
// back has taken too.
func schema(t *testing.T, url string) string {
	var lines []string
	copying := false
	for _, line := range strings.Split(modeltest.Dump(t, url), "\n") {
		copying = copying && line != `\.`
		if !copying && !strings.HasPrefix(line, `\`) && !strings.HasPrefix(line, "SELECT pg_catalog.setval(") { // \restrict has a random word
			lines = append(lines, line)
		}
		copying = copying || strings.HasPrefix(line, "COPY ")
	}
	return strings.Join(lines, "\n")
}

// A test's database, a copy of one with the same fingerprint, would lack a migration that only got another number.
func TestTheSchemasFingerprintChangesWithAMigrationsNumber(t *testing.T) {
	before := models.FingerprintOf(fstest.MapFS{"migrations/00087_x.sql": {Data: []byte("select 1")}})
	if after := models.FingerprintOf(fstest.MapFS{"migrations/00086_x.sql": {Data: []byte("select 1")}}); after == before {
		t.Errorf("got %s of both", after)
	}
}
