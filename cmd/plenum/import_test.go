package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenum/models"
	"plenum/moderation"
)

const remarks = `{"version":1}
{"id":"a","pid":"","orig":"Hello *you*","user":{"name":"Ann"},"locator":{"site":"blog","url":"http://old.example/on/"},"time":"2019-05-06T07:08:09Z","title":"On"}
{"id":"b","pid":"a","orig":"And you","user":{"name":"Bo"},"locator":{"site":"blog","url":"http://old.example/on/"},"time":"2019-05-06T08:08:09Z"}
{"id":"c","pid":"gone","orig":"unseen","user":{"name":"Cy"},"locator":{"site":"blog","url":"http://old.example/on/"},"time":"2019-05-06T08:08:09Z"}
`

func (s *shell) file(text string) string {
	s.Helper()
	path := filepath.Join(s.folder, "export")
	s.must(os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestImportBringsInWhatItCanAndSaysWhatItCannot(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	args := []string{"import", "remark42", s.file(remarks), "--site", "news", "--rewrite", "http://old.example=https://news.example", "--json"}
	said := "line 4: comment c: what it answers, gone, is not in the file"
	count := func(r result, code int) (c moderation.Imported) {
		t.Helper()
		r.ended(code).complains(said, "passed over, as told above: 1")
		s.must(json.Unmarshal([]byte(r.out), &c))
		return c
	}
	if got := count(s.run(append(args, "--dry-run")...), failed); got.Public != 2 {
		t.Errorf("a dry run: got %+v", got)
	}
	if got := count(s.run(args...), failed); got != (moderation.Imported{Public: 2, Passed: 1}) {
		t.Errorf("got %+v", got)
	}
	if got := count(s.run(args...), failed); got != (moderation.Imported{Known: 2, Passed: 1}) {
		t.Errorf("again: got %+v", got)
	}
	thread, err := s.flow().Thread(t.Context(), site, moderation.ThreadPage{Key: "https://news.example/on/"})
	s.must(err)
	if thread.Total != 2 || thread.Article.Title != "On" {
		t.Errorf("got %d comments under %+v", thread.Total, thread.Article)
	}
	history, err := s.flow().SearchLog(t.Context(), site, moderation.Actor{Role: moderation.RoleEditor}, models.LogFilter{Limit: 1})
	s.must(err)
	if note := history[0].Note; !strings.HasPrefix(note, "plenum import remark42: export, SHA-256 ") || !strings.Contains(note, "@") {
		t.Errorf("got the note %q, want from where and by whom", note)
	}
	if r := s.run("audit", "verify", "--site", "news").done(); !strings.Contains(r.out, "2 entries hold") {
		t.Errorf("got %q", r.out)
	}
	whole := strings.Join(strings.Split(remarks, "\n")[:3], "\n")
	if r := s.run("import", "remark42", s.file(whole), "--site", "news", "--rewrite", "http://old.example=https://news.example").done(); !strings.Contains(r.out, "2 were there already") {
		t.Errorf("got %q", r.out)
	}
}

func TestImportRefusesWhatItCannotRead(t *testing.T) {
	s := newShell(t)
	s.site("news")
	s.run("import", "usenet", s.file("x"), "--site", "news").misused("must be one of", "remark42").silent()
	s.run("import", "disqus", s.file(""), "--site", "news").failed("the file is empty").silent()
	s.run("import", "disqus", s.file("PK\x03\x04"), "--site", "news").failed("unpack it first").silent()
	s.run("import", "disqus", filepath.Join(s.folder, "none"), "--site", "news").failed("none").silent()
	s.run("import", "disqus", s.file("<rss/>"), "--site", "news").failed("not an export of Disqus")
	s.run("import", "remark42", s.file(remarks), "--site", "other").failed(`there is no site "other"`).silent()
}
