package notify_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

// desk keeps letters as they are handed over.
type desk struct{ letters []notify.Letter }

func (d *desk) Send(_ context.Context, l notify.Letter) error {
	d.letters = append(d.letters, l)
	return nil
}

func (w *world) deliver(n notify.Notice) notify.Letter {
	w.Helper()
	d := &desk{}
	w.must(w.postman(d).Deliver(w.Context(), n))
	if len(d.letters) != 1 {
		w.Fatalf("got %d letters for %+v, want 1", len(d.letters), n)
	}
	return d.letters[0]
}

func TestEachLetterSaysWhatHappenedInTheAuthorsLanguage(t *testing.T) {
	for locale, says := range map[string]map[string]string{
		"de": {notify.Received: "angekommen", notify.Published: "veröffentlicht", notify.Refused: "Regel 2"},
		"en": {notify.Received: "has arrived", notify.Published: "published", notify.Refused: "Rule 2"},
	} {
		w := newWorld(t, locale, "ann@example.org")
		received := w.deliver(notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: notify.Received})
		published := w.deliver(w.decide(moderation.Approve, 1))
		refused := w.deliver(w.decide(moderation.Remove, 2, "respect"))
		for about, l := range map[string]notify.Letter{notify.Received: received, notify.Published: published, notify.Refused: refused} {
			if want := says[about]; !strings.Contains(l.Subject+l.Text, want) || !strings.Contains(l.Subject+l.HTML, want) {
				t.Errorf("%s %s: got %q\n%s\nwant %q in it", locale, about, l.Subject, l.Text, want)
			}
			if l.Locale != locale || l.To != "ann@example.org" || !strings.HasPrefix(l.ID, about+".") {
				t.Errorf("%s %s: got a letter %s in %s to %s", locale, about, l.ID, l.Locale, l.To)
			}
			if !strings.Contains(l.Text, "/comments/"+w.id.String()+"?token="+w.token) {
				t.Errorf("%s %s: got no private link in\n%s", locale, about, l.Text)
			}
			if inThread := strings.Contains(l.Text, "#c-"+w.id.String()); inThread != (about == notify.Published) {
				t.Errorf("%s %s: got a link into the thread: %v", locale, about, inThread)
			}
		}
		if received.ReferenceID != "" || published.ReferenceID != received.ID || refused.ReferenceID != received.ID {
			t.Errorf("got the letters %s, %s after %s and %s after %s, want one conversation", received.ID, published.ID, published.ReferenceID, refused.ID, refused.ReferenceID)
		}
	}
}

// Whoever was told that a comment is published is told that it is taken down, not that it never was public.
func TestALetterSaysThatAPublicCommentIsTakenDown(t *testing.T) {
	for locale, says := range map[string][2]string{"de": {"nicht öffentlich", "entfernt"}, "en": {"not public", "taken down"}} {
		w := newWorld(t, locale, "ann@example.org")
		rejected := w.deliver(w.decide(moderation.Reject, 1, "respect"))
		w = newWorld(t, locale, "ann@example.org")
		w.decide(moderation.Approve, 1)
		removed := w.deliver(w.decide(moderation.Remove, 2, "respect"))
		for i, l := range []notify.Letter{rejected, removed} {
			if !strings.Contains(l.Subject, says[i]) || !strings.Contains(l.Text, says[i]) || strings.Contains(l.Subject+l.Text, says[1-i]) {
				t.Errorf("%s: got %q\n%s\nwant %q", locale, l.Subject, l.Text, says[i])
			}
		}
	}
}

// Where a reader's language is not the site's, the pages that mails lead to are in it too.
func TestLinksInMailsKeepTheReadersLanguage(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	german, err := w.flow.Submit(t.Context(), w.site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Ben", Email: "ben@example.org",
		Body: "Auf Deutsch.", RulesVersion: 1, Locale: "de"})
	w.must(err)
	english := w.deliver(notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: notify.Received})
	if strings.Contains(english.Text, "locale=") {
		t.Errorf("got a language in\n%s", english.Text)
	}
	w.id = german.ID
	received := w.deliver(notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: notify.Received})
	published := w.deliver(w.decide(moderation.Approve, 1))
	_, err = w.flow.Report(t.Context(), w.site, moderation.Report{CommentID: w.id, Kind: models.ReportRule, Rule: "respect", Email: "rea@example.org", Locale: "de"})
	w.must(err)
	open, err := w.flow.Store.OpenCase(t.Context(), w.site.ID, w.id)
	w.must(err)
	d := &desk{}
	w.must(w.postman(d).DeliverReport(t.Context(), notify.ReporterNotice{SiteID: w.site.ID, ReportID: open.Reports[0].ID, About: notify.ReportReceived}))
	for _, l := range append(d.letters, received, published) {
		links := regexp.MustCompile(`https://comments\.example/\S+`).FindAllString(l.Text, -1)
		if len(links) == 0 {
			t.Errorf("got no link in\n%s", l.Text)
		}
		for _, link := range links {
			if !strings.Contains(link, "locale=de") {
				t.Errorf("%s loses the language: %s", l.Subject, link)
			}
		}
	}
}

// rules is a version of the rules with these codes, each in the words of the version.
func (w *world) rules(words string, codes ...string) {
	w.Helper()
	var rules []moderation.RuleText
	for _, code := range codes {
		rules = append(rules, moderation.RuleText{Code: code, Title: words + " title of " + code, Text: words + " text of " + code})
	}
	_, err := w.flow.PublishRules(w.Context(), w.site, moderation.Actor{}, moderation.RuleTexts{Locales: map[string]moderation.LocaleRules{"en": {Rules: rules}}})
	w.must(err)
}

func TestARuleIsNamedInTheWordingThatTheAuthorSaw(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	w.rules("later", "civility", "respect")
	l := w.deliver(w.decide(moderation.Reject, 1, "respect"))
	if !strings.Contains(l.Text, "Rule 2 ") && !strings.Contains(l.Text, "Rule 2:") || strings.Contains(l.Text, "later") || !strings.Contains(l.Text, "We publish nothing whose only aim") {
		t.Errorf("got\n%s\nwant the rule as it was when the comment was written", l.Text)
	}
}

func TestANewRuleIsNamedInTheWordingOfTheDecision(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	w.rules("later", "civility", "respect")
	notice := w.decide(moderation.Reject, 1, "civility", "respect")
	w.rules("last", "civility", "respect")
	l := w.deliver(notice)
	for _, want := range []string{"later title of civility", "later text of respect"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("got\n%s\nwant %q in it", l.Text, want)
		}
	}
	if strings.Contains(l.Text, "last text") {
		t.Errorf("got\n%s\nwant nothing that came after the decision", l.Text)
	}
}

func TestALetterShowsTheTextThatWasJudged(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	notice := w.decide(moderation.Approve, 1)
	w.must(w.flow.Edit(t.Context(), w.site, w.id, w.token, "Something else."))
	if l := w.deliver(notice); !strings.Contains(l.Text, "I think so.") || strings.Contains(l.Text, "Something else.") {
		t.Errorf("got\n%s\nwant the text that was approved", l.Text)
	}
	edit := w.deliver(w.decide(moderation.Approve, 3))
	if !strings.Contains(edit.Text, "Something else.") {
		t.Errorf("got\n%s\nwant the edit", edit.Text)
	}
}

func TestANoteStaysInside(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	e, err := w.flow.Decide(t.Context(), w.site, w.actor, moderation.Verdict{CommentID: w.id, Version: 1, Action: moderation.Reject, Rules: []string{"topic"},
		Statement: "to the author", Note: "among us"})
	w.must(err)
	l := w.deliver(notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: notify.Refused, EntryID: e.ID})
	for _, part := range []string{l.Subject, l.Text, l.HTML} {
		if strings.Contains(part, "among us") || strings.Contains(part, "Mo") && strings.Contains(part, w.actor.Email) {
			t.Errorf("got %s, want neither note nor moderator in it", part)
		}
	}
	if !strings.Contains(l.Text, "to the author") {
		t.Errorf("got\n%s\nwant the statement", l.Text)
	}
}

func TestANoticeOfAnotherSiteFindsNothing(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	other, err := w.flow.CreateSite(t.Context(), moderation.NewSite{Slug: "other", Name: "Other", Locale: "en", Origins: []string{"https://other.example"}})
	w.must(err)
	d := &desk{}
	err = w.postman(d).Deliver(t.Context(), notify.Notice{SiteID: other.ID, CommentID: w.id, About: notify.Received})
	if !errors.Is(err, models.ErrNotFound) || len(d.letters) != 0 {
		t.Errorf("got %v and %d letters, want not found and none", err, len(d.letters))
	}
}
