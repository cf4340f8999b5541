package templates

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPagesLookAsTheyDid(t *testing.T) {
	for _, locale := range Locales() {
		golden(t, "thread."+locale+".html", render(t, locale, "public/thread", fullThread()))
		golden(t, "status."+locale+".html", render(t, locale, "public/status", statuses()["refused"]))
	}
}

func TestMailsLookAsTheyDid(t *testing.T) {
	for _, locale := range Locales() {
		for _, kind := range []string{"received", "published", "refused"} {
			subject, text, html, err := newSet(t).Mail(locale, mail(kind))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, kind+"."+locale+".txt", "Subject: "+subject+"\n\n"+text)
			golden(t, kind+"."+locale+".html", html)
		}
	}
}

func TestMailAboutAnEditSaysSo(t *testing.T) {
	for _, kind := range []string{"received", "published", "refused"} {
		m := mail(kind)
		m.Edit, m.Article.Title = true, ""
		subject, text, html, err := newSet(t).Mail("de", m)
		if err != nil {
			t.Fatal(err)
		}
		if kind != "received" && (!strings.HasPrefix(subject, "Ihre Änderung ist") || !strings.Contains(text, "neue Fassung") || !strings.Contains(html, "neue Fassung")) {
			t.Errorf("%s: %s\n%s", kind, subject, text)
		}
		if !strings.HasSuffix(subject, ": Stadtanzeiger") {
			t.Errorf("got subject %q", subject)
		}
	}
}

func TestABareMailIsWrittenToo(t *testing.T) {
	for _, locale := range Locales() {
		for _, kind := range []string{"received", "published", "refused"} {
			if _, _, _, err := newSet(t).Mail(locale, Mail{Kind: kind}); err != nil {
				t.Error(err)
			}
		}
	}
	if _, _, _, err := newSet(t).Mail("de", Mail{Kind: "none"}); err == nil {
		t.Error("a mail of no kind was written")
	}
}

func TestPlainMailKeepsToItsWidthAndItsSubjectToOneLine(t *testing.T) {
	m := mail("refused")
	m.Article.Title = "Zwei\r\nZeilen: Bcc"
	m.Text = strings.Repeat("Wörter und noch mehr Wörter ", 20) + "\n\n<b>kein Markup</b>"
	subject, text, html, err := newSet(t).Mail("de", m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(subject, "\r\n") {
		t.Errorf("subject %q", subject)
	}
	for _, line := range strings.Split(text, "\n") {
		if len([]rune(line)) > mailWidth && !strings.Contains(line, "https://") {
			t.Errorf("%d characters: %s", len([]rune(line)), line)
		}
	}
	if !strings.Contains(text, "> <b>kein Markup</b>") || strings.Contains(html, "<b>kein") {
		t.Error("markup in the text of a comment")
	}
	if strings.Contains(text, "\u2068") || strings.Contains(text, "&#") {
		t.Error("marks of HTML pages in a plain mail")
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, []byte(got)) {
		t.Errorf("%s has changed; look at the difference, then run with -update", path)
	}
}
