package models_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// wall is a table under row-level security, and the column that names the site.
type wall struct{ Name, Site string }

// statement is one that was sent, with its arguments.
type statement struct {
	sql  string
	args []any
}

// recorder hears every statement, those of batches too.
type recorder struct{ all []statement }

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.all = append(r.all, statement{data.SQL, data.Args})
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (r *recorder) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	r.all = append(r.all, statement{data.SQL, data.Args})
}

func (r *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

var (
	// siteNamed is a predicate that holds rows to a site that was named, siteJoined one that holds them to another row's.
	siteNamed  = regexp.MustCompile(`\b(?:\w+\.)?site_id\s*=\s*(?:any\s*\(cast\((\$\d+) as uuid\[\]\)\)|(\$\d+)\b)`)
	siteJoined = regexp.MustCompile(`\b(?:\w+\.)?site_id\s*=\s*(?:\w+\.site_id|site\.id)\b`)
	siteItself = regexp.MustCompile(`^(update sites set .* where )id = (\$\d+)`)
	argument   = regexp.MustCompile(`\$\d+`)
)

// mutant is the statement without any of its predicates of the site; ok is false where it has none.
func (s statement) mutant() (m statement, ok bool) {
	bare := siteNamed.ReplaceAllStringFunc(s.sql, func(predicate string) string {
		kind := `uuid`
		if strings.Contains(predicate, "[]") {
			kind = `uuid[]`
		}
		return `(cast(` + argument.FindString(predicate) + ` as ` + kind + `) is not null)` // the argument is still one
	})
	bare = siteItself.ReplaceAllString(siteJoined.ReplaceAllString(bare, `true`), `${1}cast($2 as uuid) is not null`)
	return statement{bare, s.args}, bare != s.sql
}

// mutants are the statements of every method that takes a site, asked about its own rows and about those of the other
// site, each without its predicates. The search is left out: it has a role of its own that sees words and ids only.
func (w *twins) mutants() (all []statement) {
	w.Helper()
	sites := []uuid.UUID{w.a.site.ID, w.b.site.ID}
	for _, side := range []side{w.a, w.b} {
		calls := w.calls(w.a.site.ID, side)
		for _, name := range slices.Sorted(maps.Keys(calls)) {
			if name != "Search" {
				w.ask(sites, name, calls[name])
			}
		}
	}
	seen := map[string]bool{}
	for _, s := range w.heard.all {
		m, ok := s.mutant()
		if key := fmt.Sprint(m); ok && s.sql != w.whole && !seen[key] {
			seen[key] = true
			all = append(all, m)
		}
	}
	if len(all) < 200 {
		w.Fatalf("got %d statements: something is wrong with this test", len(all))
	}
	return all
}

// play runs a statement as the serving role of the first site, and answers all that came back, how many rows it was
// about, and the fingerprint of the other site after it. Everything is put back.
func (w *twins) play(tx pgx.Tx, s statement) string {
	w.Helper()
	w.step(tx, `savepoint play`)
	w.step(tx, `select set_config('role', 'plenum_serve', true), set_config('app.site_ids', '`+w.a.site.ID.String()+`', true)`)
	came, err := collected(tx.Query(w.Context(), s.sql, s.args...))
	if err != nil {
		came = err.Error()
	} else if !strings.HasPrefix(came, "SELECT") || strings.Contains(s.sql, "insert into") {
		var whole string
		w.step(tx, `reset role`)
		w.must(tx.QueryRow(w.Context(), w.whole, w.b.site.ID).Scan(&whole))
		came += whole
	}
	w.step(tx, `rollback to savepoint play`)
	return came
}

// step runs a statement of the test's own as a superuser.
func (w *twins) step(tx pgx.Tx, sql string) {
	w.Helper()
	_, err := tx.Exec(w.Context(), sql)
	w.must(err)
}

// collected reads what came back, in an order of its own.
func collected(rows pgx.Rows, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return "", err
		}
		lines = append(lines, fmt.Sprint(values))
	}
	slices.Sort(lines)
	return rows.CommandTag().String() + "\n" + strings.Join(lines, "\n"), rows.Err()
}

// The second wall stands without the first: a statement that has lost its site sees and changes the rows of the site that
// its transaction named, and gives the same as if there were no other. And the wall is what holds it: with row security
// switched off on any one table, some statement shows it.
func (w *twins) rowSecurityHolds(t *testing.T) {
	mutants := w.mutants()
	tx, err := w.sql.Begin(t.Context())
	w.must(err)
	defer func() { w.must(ignoreClosed(tx.Rollback(context.WithoutCancel(t.Context())))) }()
	before, held := w.read(w.whole, w.b.site.ID), make([]string, len(mutants))
	for i, m := range mutants {
		held[i] = w.play(tx, m)
	}
	w.step(tx, `savepoint alone`)
	w.step(tx, `set local session_replication_role = replica`)
	for _, table := range w.walled(tx) {
		w.step(tx, `delete from `+table.Name+` where `+table.Site+` = '`+w.b.site.ID.String()+`'`)
	}
	w.step(tx, `set local session_replication_role = origin`)
	alone := w.read(w.whole, w.b.site.ID)
	for i, m := range mutants {
		if want := strings.Replace(w.play(tx, m), alone, before, 1); held[i] != want {
			t.Errorf("%s\n%v: got %.300s, want as without the other site %.300s", m.sql, m.args, held[i], want)
		}
	}
	w.step(tx, `rollback to savepoint alone`)
	for _, table := range w.walled(tx) {
		w.step(tx, `savepoint down`)
		w.step(tx, `alter table `+table.Name+` disable row level security`)
		if !slices.Contains(covered, table.Name) && !w.shows(tx, mutants, held, regexp.MustCompile(`\b`+table.Name+`\b`)) {
			t.Errorf("with row security off on %s no statement shows it", table.Name)
		}
		w.step(tx, `rollback to savepoint down`)
	}
}

// covered are the tables that are read through the wall of another only: the introductions of rules with the rules, the
// marks of who agreed with the comment, when they are written, what was brought in with the comment that it became. TestAServingTransactionSeesItsOwnSiteOnly asks them alone.
var covered = []string{"rule_intros", "agreement_marks", "imported"}

// shows reports whether a statement about a table now gives something else than it did while the wall held.
func (w *twins) shows(tx pgx.Tx, mutants []statement, held []string, about *regexp.Regexp) bool {
	w.Helper()
	for i, m := range mutants {
		if about.MatchString(m.sql) && w.play(tx, m) != held[i] {
			return true
		}
	}
	return false
}

// walled are the tables of site data, and the sites themselves.
func (w *twins) walled(tx pgx.Tx) (all []wall) {
	w.Helper()
	rows, err := tx.Query(w.Context(), `select relname, 'site_id' from (`+siteTables+`) s union all select 'sites', 'id' order by 1`)
	w.must(err)
	all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[wall])
	w.must(err)
	return all
}
