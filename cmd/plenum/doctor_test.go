package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation/signon/signontest"
)

// finds runs the doctor, which says so in its exit code where something is wrong, and wants these lines.
func (s *shell) finds(well bool, args []string, lines ...string) {
	s.Helper()
	r := s.run(append([]string{"doctor"}, args...)...)
	if well {
		r.done()
	} else {
		r.failed("something is wrong")
	}
	for _, want := range lines {
		if !strings.Contains(r.out, want) {
			s.Errorf("got %s\nwant %q in it", r.out, want)
		}
	}
}

// The tests' server is told not to be durable: the doctor must say so, and fail.
func TestTheDoctorNamesWhatIsWrong(t *testing.T) {
	s := newShell(t)
	s.finds(false, []string{"--smtp-url", "mail.example.org"}, "!!  durability: fsync off", "full_page_writes off", "!!  mail: SMTP_URL", "correct SMTP_URL",
		"ok? base URL: https://plenum.example", "PLENUM_TRUSTED_PROXIES", "ok  roles plenum_serve and plenum_search", "ok  schema: 0 of ", "ok  clock: ", "ok  checksums: on",
		"ok  secret: from PLENUM_SECRET", "GB free under "+s.folder)
	s.finds(false, []string{"--base-url", "http://comments.example"}, "ok? base URL: http://comments.example\n    what readers write goes through the network in the clear")
	s.finds(false, []string{"--base-url", "nonsense"}, "!!  base URL: ")
	s.finds(false, []string{"--trusted-proxies", "nonsense"}, "!!  trusted proxies: ")

	var findings []finding
	s.must(json.Unmarshal([]byte(s.run("doctor", "--json").failed().out), &findings))
	for _, f := range findings {
		if want := f.What != "durability"; f.Well != want || !f.Well && f.Advice == "" {
			t.Errorf("got %+v, want it to be well: %v", f, want)
		}
	}
}

func TestTheDoctorAsksTheIdentityProvider(t *testing.T) {
	provider := signontest.New(t, time.Now)
	for issuer, c := range map[string]struct {
		more  config.Settings
		well  bool
		found string
	}{
		"":                        {well: true, found: "no PLENUM_OIDC_ISSUER"},
		"http://login.example":    {more: config.Settings{OIDCClient: "plenum"}, found: "public https address"},
		"https://login.example":   {found: "PLENUM_OIDC_CLIENT_ID"},
		provider.URL:              {more: config.Settings{OIDCClient: "plenum", Outgoing: []string{"127.0.0.1"}}, well: true, found: "by " + provider.URL},
		provider.URL + "/nothing": {more: config.Settings{OIDCClient: "plenum", Outgoing: []string{"127.0.0.1"}}, found: "does not answer as it should"},
		"https://127.0.0.1":       {more: config.Settings{OIDCClient: "plenum", Outgoing: []string{"0.0.0.0/0"}}, found: "PLENUM_OUTGOING_NETWORKS"},
	} {
		s := c.more
		s.OIDCIssuer, s.Addr = issuer, "127.0.0.1:8080"
		if f := signOnFinding(t.Context(), s); f.Well != c.well || !strings.Contains(f.Found, c.found) || !f.Well && f.Advice == "" {
			t.Errorf("%s: got %+v, want it to be well: %v, with %q", issuer, f, c.well, c.found)
		}
	}
}

func TestTheDoctorLooksAtTheDatabase(t *testing.T) {
	s := newShell(t)
	s.site("news")
	s.finds(false, nil, "ok? moderators of news: nobody", "plenum moderator create YOU@EXAMPLE.ORG --site news")
	s.with("open sesame", "moderator", "create", "ann@news.example", "--site", "news", "--role", "admin").done()
	s.finds(false, nil, "ok? moderators of news: one only")
	s.with("open sesame", "moderator", "create", "ida@news.example", "--site", "news", "--role", "editor").done()
	s.cheat(`insert into river_job (kind, state, args, max_attempts, finalized_at) values ('notify_author', 'discarded', '{}', 25, now())`)
	r := s.run("doctor").failed()
	if strings.Contains(r.out, "moderators of") || !strings.Contains(r.out, "ok? jobs: 1 of the kind notify_author were given up") {
		t.Errorf("got %s, want nothing of moderators, and the job", r.out)
	}
	s.database = modeltest.Empty(t)
	s.finds(false, nil, "!!  schema: ", "plenum migrate up")
	s.database = "host=" + t.TempDir()
	s.finds(false, nil, "!!  database: ", "check DATABASE_URL")
}

func TestTheDoctorComparesTheClocks(t *testing.T) {
	before := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for differs, well := range map[time.Duration]bool{0: true, time.Second: true, 10 * time.Minute: false, -10 * time.Minute: false} {
		f := clockFinding(models.Health{Clock: before.Add(differs)}, before, before.Add(10*time.Millisecond))
		if f.Well != well || !well && (f.Advice == "" || !strings.Contains(f.Found, "m")) {
			t.Errorf("%s: got %+v, want it to be well: %v", differs, f, well)
		}
	}
}

// A secret in the data folder is for the program alone, and looking at it makes none.
func TestTheDoctorLooksAtTheSecret(t *testing.T) {
	folder := t.TempDir()
	s, path := config.Settings{DataDir: folder}, filepath.Join(folder, "secret")
	look := func() finding { t.Helper(); return secretFinding(s) }
	if f := look(); !f.Well || !strings.Contains(f.Found, "none yet") {
		t.Errorf("got %+v of no secret", f)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("got a secret made (%v)", err)
	}
	if _, err := s.SecretBytes(); err != nil {
		t.Fatal(err)
	}
	if f := look(); !f.Well || f.Advice != "" {
		t.Errorf("got %+v of a good one", f)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if f := look(); f.Well || !strings.Contains(f.Advice, "chmod 600") {
		t.Errorf("got %+v of one that others can read", f)
	}
	if err := os.WriteFile(path, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if f := look(); f.Well {
		t.Errorf("got %+v of one that is too short", f)
	}
	if f := secretFinding(config.Settings{Secret: "short"}); f.Well || f.Advice == "" {
		t.Errorf("got %+v of a setting that is too short", f)
	}
}

// letters counts what a mail server is given.
type letters struct {
	smtp.Session
	sessions atomic.Int32
}

func (l *letters) NewSession(*smtp.Conn) (smtp.Session, error) { l.sessions.Add(1); return l, nil }
func (*letters) Reset()                                        {}
func (*letters) Logout() error                                 { return nil }

// It says hello and goodbye: a letter would meet a session without methods, and panic.
func TestTheDoctorCallsOnTheMailServerAndSendsNothing(t *testing.T) {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &letters{}
	server := smtp.NewServer(l)
	go server.Serve(socket)
	defer server.Close()
	s := config.Settings{Addr: "127.0.0.1:8080", SMTPURL: "smtp://" + socket.Addr().String()}
	base, err := s.Base()
	if err != nil {
		t.Fatal(err)
	}
	if f := mailFinding(context.Background(), s, base); !f.Well || !strings.Contains(f.Advice, "STARTTLS") || l.sessions.Load() != 1 {
		t.Errorf("got %+v after %d sessions, want one in the clear", f, l.sessions.Load())
	}
	s.SMTPURL += "?tls=required"
	if f := mailFinding(context.Background(), s, base); f.Well || f.Advice == "" {
		t.Errorf("got %+v of a server without TLS that must have it", f)
	}
	s.SMTPURL = "smtp://" + freeAddress(t)
	if f := mailFinding(context.Background(), s, base); f.Well || !strings.Contains(f.Advice, "SMTP_URL") {
		t.Errorf("got %+v of a server that is away", f)
	}
}
