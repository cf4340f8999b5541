package models_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"plenum/models"
)

var errBack = errors.New("put everything back")

// answered is what a method said, and what else of the database changed by it.
type answered struct {
	values  []any
	err     error
	touched int    // rows that were written
	other   string // the fingerprint of the other site, where some were
}

// written counts the rows that were written on this connection, since PostgreSQL last put its counts away.
const written = `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::integer from pg_stat_xact_user_tables`

// ask calls a method of Tx in a transaction that sees the sites, and puts back what it changed.
func (w *twins) ask(sites []uuid.UUID, name string, args []any) (a answered) {
	w.Helper()
	err := w.store.ServeAll(w.Context(), sites, func(tx *models.Tx) error {
		raw, before := tx.Raw(), 0
		w.must(raw.QueryRow(w.Context(), written).Scan(&before))
		if a.values, a.err = w.call(method(tx, name), args); a.err == nil {
			_, a.err = raw.Exec(w.Context(), `select`) // what was kept until the next message goes with it
		}
		if a.err != nil { // then nothing of it is left in any case
			return errBack
		}
		w.must(raw.QueryRow(w.Context(), written).Scan(&a.touched))
		a.touched -= before
		if a.touched > 0 {
			w.step(raw, `reset role`)
			w.must(raw.QueryRow(w.Context(), w.whole, w.b.site.ID).Scan(&a.other))
		}
		return errBack
	})
	if !errors.Is(err, errBack) {
		w.Fatalf("%s: %v", name, err)
	}
	return a
}

// method finds a method by its name; one of Queries that Tx has another of is named with its type.
func method(tx *models.Tx, name string) reflect.Value {
	if shadowed, ok := strings.CutPrefix(name, "Queries."); ok {
		return reflect.ValueOf(tx.Queries).MethodByName(shadowed)
	}
	return reflect.ValueOf(tx).MethodByName(name)
}

// call calls a method with the context and the arguments, and answers its values and its error.
func (w *twins) call(method reflect.Value, args []any) (values []any, err error) {
	w.Helper()
	in := []reflect.Value{reflect.ValueOf(w.Context())}
	for i, arg := range args {
		want := method.Type().In(i + 1)
		if arg == nil {
			in = append(in, reflect.Zero(want))
			continue
		}
		in = append(in, reflect.ValueOf(arg).Convert(want))
	}
	for _, out := range method.Call(in) {
		if e, ok := out.Interface().(error); ok {
			err = e
		} else if !out.Type().Implements(reflect.TypeFor[error]()) {
			values = append(values, out.Interface())
		}
	}
	return values, err
}

// everything is SQL for a fingerprint of all that a site has.
func (w *world) everything() string {
	w.Helper()
	parts := []string{`coalesce((select s::text from sites s where s.id = $1), '')`}
	for _, table := range w.names(`select relname from (` + siteTables + `) s order by relname`) {
		parts = append(parts, `coalesce((select string_agg(t::text, '' order by t::text) from `+table+` t where t.site_id = $1), '')`)
	}
	return `select md5(` + strings.Join(parts, ` || `) + `)`
}

func TestBothWallsStand(t *testing.T) {
	w := newTwins(t)
	t.Run("every method stays on its site", w.everyMethodStaysOnItsSite)
	t.Run("no method reaches what is on another site", w.noMethodReachesAnotherSite)
	t.Run("a statement that lost its site is held by row security", w.rowSecurityHolds)
	t.Run("every method answers the same where statements are not prepared", w.everyMethodWorksBehindAPooler)
}

// A pooler hands each transaction another connection, so nothing is prepared there: pgx has to know the type of each
// argument by itself.
func (w *twins) everyMethodWorksBehindAPooler(t *testing.T) {
	prepared := map[string]answered{}
	all := w.calls(w.a.site.ID, w.a)
	for name, args := range all {
		prepared[name] = w.ask([]uuid.UUID{w.a.site.ID}, name, args)
	}
	w.store = w.open("default_query_exec_mode=exec")
	for name, args := range all {
		got, want := w.ask([]uuid.UUID{w.a.site.ID}, name, args), prepared[name]
		if got.err != nil || !reflect.DeepEqual(got.values, want.values) || got.touched != want.touched {
			t.Errorf("%s: got %s (%v) and %d rows written, want %s and %d", name, short(got.values), got.err, got.touched, short(want.values), want.touched)
		}
	}
}

// With the rows of both sites in sight, every method that takes a site answers from that one alone, and changes nothing
// of the other.
func (w *twins) everyMethodStaysOnItsSite(t *testing.T) {
	one, both := []uuid.UUID{w.a.site.ID}, []uuid.UUID{w.a.site.ID, w.b.site.ID}
	before := w.read(w.whole, w.b.site.ID)
	for name, args := range w.calls(w.a.site.ID, w.a) {
		want := w.ask(one, name, args)
		if want.err != nil || want.touched == 0 && nothing(want.values) && !slices.Contains(silent, name) {
			t.Errorf("%s: got %s (%v) and %d rows written: it has nothing to show in this test", name, short(want.values), want.err, want.touched)
			continue
		}
		got := w.ask(both, name, args)
		if got.err != nil || !reflect.DeepEqual(got.values, want.values) || got.touched != want.touched {
			t.Errorf("%s: got %s (%v) and %d rows written, want %s and %d", name, short(got.values), got.err, got.touched, short(want.values), want.touched)
		}
		if got.touched > 0 && got.other != before {
			t.Errorf("%s changed the other site", name)
		}
	}
}

// An id of another site is the id of nothing.
func (w *twins) noMethodReachesAnotherSite(t *testing.T) {
	both := []uuid.UUID{w.a.site.ID, w.b.site.ID}
	before := w.read(w.whole, w.b.site.ID)
	own := w.calls(w.a.site.ID, w.a)
	for name, args := range w.calls(w.a.site.ID, w.b) {
		got := w.ask(both, name, args)
		if got.err != nil {
			continue // nothing is found, or the schema refuses it: either way nothing is left of it
		}
		if !nothing(got.values) && !slices.Contains(echoes, name) && !reflect.DeepEqual(got.values, w.ask(both, name, own[name]).values) {
			t.Errorf("%s: got %s, want nothing", name, short(got.values))
		}
		if got.touched > 0 && got.other != before {
			t.Errorf("%s changed the other site", name)
		}
	}
	if _, err := w.flow.TokenActor(t.Context(), w.a.site.ID, w.b.token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a token of the other site: got %v, want not found", err)
	}
}

// silent are the methods that answer nothing and write no row: TellDesk and TellSite notify, Replay passes over what is there, SameRule compares,
// LockLedger locks.
var silent = []string{"TellDesk", "TellSite", "Replay", "SameRule", "LockLedger"}

// echoes are the methods that answer what they were given to store, and those that tell of the site that is asked beside
// what they were asked about: Surroundings compares with all of it, Arrive and Ahead have its rules.
var echoes = []string{"HoldFollower", "Log", "Surroundings", "Arrive", "Ahead"}

// nothing reports whether there is nothing in an answer.
func nothing(values []any) bool {
	for _, v := range values {
		r := reflect.ValueOf(v)
		empty := !r.IsValid() || r.IsZero()
		if r.Kind() == reflect.Slice || r.Kind() == reflect.Map {
			empty = r.Len() == 0
		}
		if !empty {
			return false
		}
	}
	return true
}

// Whoever adds a method that takes a site says in calls what it is to be asked.
func TestTheWallsKnowEveryMethodThatTakesASite(t *testing.T) {
	nobody := models.Comment{Entry: &uuid.UUID{}}
	known, all := (&twins{world: &world{}}).calls(uuid.Nil, side{answered: nobody, batched: nobody}), withSite(t)
	if len(all) < 150 {
		t.Fatalf("found %d methods that take a site: something is wrong with this test", len(all))
	}
	for name := range all {
		if _, ok := known[name]; !ok && !slices.Contains(byOwner, name) {
			t.Errorf("%s takes a site: say in calls what it is to be asked", name)
		}
	}
	for name := range known {
		if !all[name] {
			t.Errorf("calls names %s, which takes no site", name)
		}
	}
}

// withSite are the names of all methods of the store that take a site.
func withSite(t *testing.T) map[string]bool {
	t.Helper()
	parameters, all := parameters(t), map[string]bool{}
	for _, on := range []reflect.Type{reflect.TypeFor[models.Queries](), reflect.TypeFor[*models.Tx](), reflect.TypeFor[*models.Store]()} {
		for i := range on.NumMethod() {
			m := on.Method(i)
			if !takesSite(m, parameters[m.Name]) {
				continue
			}
			name := m.Name
			if other, ok := reflect.TypeFor[*models.Tx]().MethodByName(name); ok && on.Kind() == reflect.Struct && other.Type.In(2) != m.Type.In(2) {
				name = "Queries." + name
			}
			all[name] = true
		}
	}
	return all
}

// byOwner are methods that run as the schema's owner, of the command line and the jobs, or open a transaction themselves.
var byOwner = []string{"CreateModerator", "SetUsualWait", "Serve", "Look", "Read", "ServeAll", "Export", "Loss", "EndSite", "DeleteSite"}

// takesSite reports whether a method has a parameter that names a site, or a row of one.
func takesSite(m reflect.Method, names []string) bool {
	for i := range m.Type.NumIn() {
		if i > 0 && sited(m.Type.In(i)) {
			return true
		}
	}
	return slices.Contains(names, "siteID") || slices.Contains(names, "siteIDs")
}

func sited(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || !strings.HasSuffix(t.PkgPath(), "plenum/models") {
		return false
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Name == "SiteID" || sited(f.Type) {
			return true
		}
	}
	return false
}

// parameters are the names of what methods take, as only the source has them.
func parameters(t *testing.T) map[string][]string {
	t.Helper()
	all, files := map[string][]string{}, token.NewFileSet()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				for _, field := range f.Type.Params.List {
					for _, name := range field.Names {
						all[f.Name.Name] = append(all[f.Name.Name], name.Name)
					}
				}
			}
		}
	}
	return all
}

func short(v any) string {
	s := fmt.Sprintf("%+v", v)
	return s[:min(len(s), 300)]
}
