package main

import (
	"strings"
	"testing"

	"plenum/models"
)

func TestAnExportIsLinesThatAnImportTakes(t *testing.T) {
	s := newShell(t)
	s.site("news")
	s.run("import", "remark42", s.file(remarks), "--site", "news", "--rewrite", "http://old.example=https://news.example").ended(failed)
	export := s.run("export", "--site", "news").done().out
	first, rest, _ := strings.Cut(export, "\n")
	if want := `{"record":"export","format":"plenum","version":1,"site":"news","name":"News","locale":"de","origins":["https://news.example"]}`; first != want {
		t.Errorf("got %s, want %s", first, want)
	}
	if !strings.Contains(rest, `{"record":"comment","row":{`) || !strings.Contains(rest, `"Hello *you*"`) || !strings.Contains(export, "\n"+`{"record":"end","records":`) || strings.Contains(export, "unseen") {
		t.Errorf("got %.2000s", export)
	}
	s.site("copy")
	if r := s.run("import", "plenum", s.file(export), "--site", "copy").done(); !strings.Contains(r.out, "1 articles, 2 comments by 2 authors and 2 entries") {
		t.Errorf("got %q", r.out)
	}
	s.run("audit", "verify", "--site", "copy").done()
	counts, err := s.flow().Store.Counts(t.Context(), s.named("copy").ID, []string{"https://news.example/on/"})
	s.must(err)
	if counts["https://news.example/on/"] != 2 {
		t.Errorf("got %v, want both comments public", counts)
	}
	s.run("export", "--site", "none").failed(`there is no site "none"`).silent()
	s.run("import", "plenum", s.file(first+"\n"), "--site", "copy").failed("cut off")
	s.run("import", "plenum", s.file("{}\n"), "--site", "copy").failed("not an export of Plenum").silent()
	s.run("import", "plenum", s.file(strings.Replace(export, `"version":1`, `"version":2`, 1)), "--site", "copy").failed("take a newer one").silent()
	s.run("import", "plenum", s.file(export), "--site", "copy", "--hold").failed("comes in as it is").silent()
}

func (s *shell) named(slug string) models.Site {
	s.Helper()
	site, err := s.flow().Store.Site(s.Context(), slug)
	s.must(err)
	return site
}
