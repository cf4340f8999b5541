package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

const secret = "a secret of the tests, long enough"

// shell runs the program against a database and a data folder of its own.
type shell struct {
	*testing.T
	database, folder string
	unset            bool // no secret is set: it is the data folder's own
}

func newShell(t *testing.T) *shell {
	t.Helper()
	t.Parallel()
	return &shell{T: t, database: modeltest.URL(t), folder: t.TempDir()}
}

// result is how a command ended.
type result struct {
	*testing.T
	command   string
	code      int
	out, errs string
}

func (s *shell) run(args ...string) result { s.Helper(); return s.with("", args...) }

// with is run with something on standard input.
func (s *shell) with(in string, args ...string) result {
	s.Helper()
	settings := []string{"--database-url", s.database, "--data-dir", s.folder, "--base-url", "https://plenum.example", "--log", "error"}
	if !s.unset {
		settings = append(settings, "--secret", secret)
	}
	return start(s.T, in, append(settings, args...)...)
}

// start runs the program with these arguments only.
func start(t *testing.T, in string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(args, strings.NewReader(in), &out, &errs)
	return result{t, strings.Join(args, " "), code, out.String(), errs.String()}
}

// done, failed and misused hold a result to its exit code. Whatever failed prints no result.
func (r result) done() result { r.Helper(); return r.ended(done) }

func (r result) failed(says ...string) result { r.Helper(); return r.ended(failed).complains(says...) }

func (r result) misused(says ...string) result {
	r.Helper()
	return r.ended(wrongUsage).complains(says...)
}

func (r result) ended(code int) result {
	r.Helper()
	if r.code != code {
		r.Fatalf("%s: got exit code %d, want %d\n%s%s", r.command, r.code, code, r.out, r.errs)
	}
	return r
}

func (r result) complains(says ...string) result {
	r.Helper()
	for _, want := range append(says, "plenum: ") {
		if !strings.Contains(r.errs, want) {
			r.Errorf("%s: got on standard error %q, want %q in it", r.command, r.errs, want)
		}
	}
	return r
}

// silent wants nothing on standard output.
func (r result) silent() result {
	r.Helper()
	if r.out != "" {
		r.Errorf("%s: got on standard output %q, want nothing", r.command, r.out)
	}
	return r
}

// line is the one line of standard output.
func (r result) line() string {
	r.Helper()
	line, ok := strings.CutSuffix(r.done().out, "\n")
	if !ok || line == "" || strings.ContainsAny(line, "\n ") {
		r.Fatalf("%s: got on standard output %q, want one word on one line", r.command, r.out)
	}
	return line
}

// site makes a site through the command line.
func (s *shell) site(slug string) models.Site {
	s.Helper()
	id := s.run("site", "create", slug, "--name", "News", "--origin", "https://news.example").line()
	site, err := s.flow().Store.Site(s.Context(), slug)
	s.must(err)
	if uuid.MustParse(id) != site.ID {
		s.Errorf("got the id %s printed, want %s", id, site.ID)
	}
	return site
}

// flow is the same program's domain, to look at what a command left behind.
func (s *shell) flow() *moderation.Flow { s.Helper(); return s.flowUnder(secret) }

// flowUnder is flow under another secret.
func (s *shell) flowUnder(secret string) *moderation.Flow {
	s.Helper()
	store, err := models.Open(s.Context(), s.database)
	s.must(err)
	s.Cleanup(store.Close)
	return moderation.New(store, []byte(strings.TrimSpace(secret)))
}

func (s *shell) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}
