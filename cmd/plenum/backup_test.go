package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"

	"plenum/models/modeltest"
	"plenum/moderation"
)

// content is every row of every table, in one order; the job queue's own bookkeeping aside.
func (s *shell) content() string {
	s.Helper()
	conn, err := pgx.Connect(s.Context(), s.database)
	s.must(err)
	defer conn.Close(s.Context())
	rows, err := conn.Query(s.Context(), `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
		and relname not in ('river_leader', 'goose_db_version') order by 1`)
	s.must(err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	s.must(err)
	var all strings.Builder
	for _, table := range tables {
		var text *string
		s.must(conn.QueryRow(s.Context(), `select string_agg(t::text, e'\n' order by t::text) from `+table+` t`).Scan(&text))
		all.WriteString(table + "\n")
		if text != nil {
			all.WriteString(*text + "\n")
		}
	}
	return all.String()
}

// elsewhere is a shell with an empty database and no secret: another machine.
func (s *shell) elsewhere() *shell {
	s.Helper()
	return &shell{T: s.T, database: modeltest.Empty(s.T), folder: s.TempDir(), unset: true}
}

// filled has the demo in it, under a secret of its data folder's own.
func filled(t *testing.T) *shell {
	s := newShell(t)
	s.unset = true
	s.run("demo").done()
	return s
}

// The drill: back up, lose everything, restore on another machine, compare.
func TestWhatWasLostIsRestoredWhole(t *testing.T) {
	s := filled(t)
	file := filepath.Join(s.folder, "backup.tar")
	before := s.content()
	s.run("backup", file).done().silent()
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v (%v), want it for its owner only", info, err)
	}
	s.run("backup", file).failed("is there already")

	other := s.elsewhere()
	r := other.run("restore", file).done()
	if !strings.Contains(r.out, "stadtanzeiger: ") || !strings.Contains(r.out, "entries hold") {
		t.Errorf("got %q, want the log verified", r.out)
	}
	if after := other.content(); after != before || !strings.Contains(after, "ledger\n") {
		t.Errorf("got %d bytes of rows restored, want the %d of before", len(after), len(before))
	}
	other.run("audit", "verify").done()
	other.run("site", "create", "second", "--name", "S", "--origin", "https://s.example").done()
	for _, name := range []string{"secret", "backup.tar"} {
		if text, err := os.ReadFile(filepath.Join(s.folder, name)); err != nil || name == "secret" && string(text) != read(t, filepath.Join(other.folder, "secret")) {
			t.Errorf("%s: got another secret restored (%v)", name, err)
		}
	}
	s.wreck()
	s.run("restore", file).failed("not empty", "--replace").silent()
	s.run("restore", file, "--replace").done()
	if after := s.content(); after != before {
		t.Errorf("got %d bytes of rows in the place of a wreck, want the %d of before", len(after), len(before))
	}
}

// wreck loses tables and rows.
func (s *shell) wreck() {
	s.Helper()
	s.cheat(`drop table revisions cascade; delete from ledger; update authors set email = null, address_hash = null; create table stray (x int)`)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What was erased after the backup is erased again: by the list of the database that is replaced, or by one that was
// kept elsewhere.
func TestARestoreErasesAgainWhatWasErased(t *testing.T) {
	s := filled(t)
	flow := s.flowUnder(read(t, filepath.Join(s.folder, "secret")))
	site, err := flow.Store.Site(t.Context(), "stadtanzeiger")
	s.must(err)
	_, err = flow.Submit(t.Context(), site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Rosa", Email: "rosa@leser.example", Body: "must be forgotten", RulesVersion: 1})
	s.must(err)
	file, list := filepath.Join(s.folder, "backup.tar"), filepath.Join(s.folder, "erasures.jsonl")
	s.run("backup", file).done()
	s.run("erase", "rosa@leser.example", "--site", "stadtanzeiger").done()
	erased := s.run("erasures").done().out
	if strings.Contains(erased, "rosa") || strings.Count(erased, "\n") < 2 {
		t.Errorf("got the list %q, want ids of a comment and an author", erased)
	}
	s.must(os.WriteFile(list, []byte(erased), 0o600))

	flow.Store.Close()
	s.run("restore", file, "--replace").done()
	other := s.elsewhere()
	other.run("restore", file, "--erasures", list).done()
	for name, restored := range map[string]*shell{"in place": s, "elsewhere": other} {
		if got := restored.content(); strings.Contains(got, "must be forgotten") || strings.Contains(got, "rosa@leser") {
			t.Errorf("%s: what was erased is back", name)
		}
		restored.run("audit", "verify").done()
	}
	bare := s.elsewhere()
	bare.run("restore", file).done()
	if got := bare.content(); !strings.Contains(got, "must be forgotten") {
		t.Error("without a list nothing is erased again: something is wrong with this test")
	}
}

func TestABackupIsEncryptedOnRequest(t *testing.T) {
	s := filled(t)
	key, err := age.GenerateX25519Identity()
	s.must(err)
	identity, phrase, wrong := filepath.Join(s.folder, "key"), filepath.Join(s.folder, "phrase"), filepath.Join(s.folder, "wrong")
	for path, text := range map[string]string{identity: key.String() + "\n", phrase: "correct horse\n", wrong: "another\n"} {
		s.must(os.WriteFile(path, []byte(text), 0o600))
	}
	for name, flags := range map[string][2][]string{
		"key":    {{"--recipient", key.Recipient().String()}, {"--identity-file", identity}},
		"phrase": {{"--passphrase-file", phrase}, {"--passphrase-file", phrase}},
	} {
		file := filepath.Join(s.folder, name+".age")
		s.run(append([]string{"backup", file}, flags[0]...)...).done()
		if text := read(t, file); strings.Contains(text, "manifest.json") || strings.Contains(text, "PGDMP") {
			t.Errorf("%s: got a file that can be read", name)
		}
		other := s.elsewhere()
		other.run("restore", file).failed("encrypted").silent()
		other.run("restore", file, "--passphrase-file", wrong).failed("decrypt").silent()
		other.run(append([]string{"restore", file}, flags[1]...)...).done()
	}
	s.run("backup", filepath.Join(s.folder, "x"), "--recipient", "nonsense").failed("recipient")
	s.run("backup", filepath.Join(s.folder, "x"), "--recipient", key.Recipient().String(), "--passphrase-file", phrase).failed("not by both")
	if left, err := filepath.Glob(filepath.Join(s.folder, "*.partial")); err != nil || len(left) > 0 {
		t.Errorf("got %v left behind (%v)", left, err)
	}
}

// Whatever is wrong with the file or the place is found before anything is touched.
func TestARestoreThatCannotWorkTouchesNothing(t *testing.T) {
	s := filled(t)
	file := filepath.Join(s.folder, "backup.tar")
	s.run("backup", file).done()
	before, whole := s.content(), read(t, file)
	damaged := filepath.Join(s.folder, "damaged.tar")
	middle := len(whole) / 2
	for name, text := range map[string]string{"cut off": whole[:middle], "empty": "", "a byte changed": whole[:middle] + string(whole[middle]^1) + whole[middle+1:], "no archive": "nonsense"} {
		s.must(os.WriteFile(damaged, []byte(text), 0o600))
		s.run("restore", damaged, "--replace").failed("damaged").silent()
		if s.content() != before {
			t.Errorf("%s: something was touched", name)
		}
	}
	store := s.flowUnder(read(t, filepath.Join(s.folder, "secret"))).Store
	s.must(store.Ready(t.Context()))
	s.run("restore", file, "--replace").failed("stop it first").silent()
	store.Close()
	s.run("restore", file, "--replace", "--secret", strings.Repeat("another ", 5)).failed("another secret").silent()
	if s.content() != before {
		t.Error("something was touched")
	}
}
