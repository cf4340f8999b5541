package templates

import (
	"strings"
	"testing"
	"time"
)

func fullAuthor() AuthorPage {
	return AuthorPage{Site: site, ID: id(70), Name: "Hans-Peter K.", Record: deskItem().Record, Rules: rules.Rules, Kinds: []string{"warn", "pause", "ban", "network"},
		Sanctions: []SanctionItem{
			{ID: id(71), Kind: "pause", State: "in_force", At: morning, Until: morning.AddDate(0, 0, 7), Actor: "A. Weber", Rules: []Rule{ruleHonor}, Statement: "Bitte kühlen Sie ab.", Note: "Zum dritten Mal.", MayLift: true},
			{ID: id(72), Kind: "warn", State: "acknowledged", At: morning, Actor: "A. Weber", EndedAt: morning},
			{ID: id(73), Kind: "ban", State: "lifted", At: morning, Actor: "A. Weber", EndedAt: morning, EndedBy: "M. Vogt"},
			{ID: id(74), Kind: "network", State: "over", At: morning, Until: morning, Actor: "A. Weber"},
		},
		Comments: []WrittenItem{{ID: id(75), Name: "Hans-Peter K.", Excerpt: "Wer so was schreibt", Article: article.Title, Status: "rejected", At: morning}},
		Next:     "c3", Back: "/desk/stadtanzeiger/queue",
		Form: SanctionForm{Kind: "pause", Days: 7, CommentID: id(75).String(), Codes: []string{"respect"}, Statement: "Schon getippt", Note: "Notiert", Problem: "Nennen Sie die Regel."}}
}

func fullModerators() Moderators {
	return Moderators{Site: site, Notice: "invited", Problem: "Diese Person hat hier schon eine Rolle.", Required: true, Roles: []string{"moderator", "editor"}, Email: "neu@example.org", Name: "N. Neu", Role: "editor",
		Members: []MemberItem{{ID: id(87), Name: "A. Weber", Email: "weber@example.org", Role: "admin", Since: morning, HasSecond: true, Mine: true}, {ID: id(88), Name: "M. Vogt", Email: "vogt@example.org", Role: "moderator", Since: morning, Below: true},
			{ID: id(89), Name: "B. Chef", Email: "chef@example.org", Role: "admin", Since: morning}},
		Tokens:  fullTokens(),
		Changes: []StaffChangeItem{{At: morning, Action: "invite", Actor: "A. Weber", Name: "M. Vogt", Role: "moderator"}, {At: morning, Action: "second_factor", Detail: "required"}}}
}

func fullSettings() Settings {
	return Settings{Site: site, Saved: true, Problem: "Erlaubt sind 1 bis 20.", Wrong: "thread_depth", Name: "Stadtanzeiger", Origins: "https://stadtanzeiger.example", Agree: true, Confirm: true,
		CDN: "https://api.cdn.example (Authorization: …)", Seen: id(90), Groups: []SettingGroup{{Name: "threads", Numbers: []SettingNumber{{Name: "thread_depth", Value: "21", Min: 1, Max: 20}}},
			{Name: "writing"}, {Name: "cdn", Numbers: []SettingNumber{{Name: "shared_cache_seconds", Value: "60", Max: 86400}}}},
		Changes: []SettingChangeItem{{At: morning, Actor: "A. Weber", Setting: "thread_depth", Was: "6", Becomes: "5"}, {At: morning, Setting: "purge", Becomes: "https://api.cdn.example"}}}
}

func fullTokens() []TokenItem {
	return []TokenItem{{ID: id(60), Name: "Statistik", Owner: "M. Vogt", Scope: "read", Since: morning, Until: morning, Site: site}, {ID: id(61), Owner: "M. Vogt", Scope: "write", Since: morning, Site: site}}
}

func fullSecurity() Security {
	return Security{Back: "/desk", Notice: "app", HasTOTP: true, Left: 10, Codes: []string{"AAAABBBBCCCCDDDDEEEEFFFFGG"}, Takes: true, Passkeys: []PasskeyItem{
		{ID: id(82), Name: "Telefon", Kept: "synced", Since: morning, Used: morning}, {ID: id(83), Name: "Schlüssel", Kept: "device", Since: morning, Copied: true}}, Sites: []Site{site}, Tokens: fullTokens(), Token: "GEHEIM", Sessions: []SessionItem{
		{ID: id(85), Device: "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0", Since: morning, Seen: morning, Factor: "totp", Here: true},
		{ID: id(86), Since: morning, Seen: morning, Factor: "password"}}}
}

func fullArticles() ArticlesPage {
	return ArticlesPage{Site: site, Search: "Radweg", Editor: true, Days: 30, Next: "c4", Back: "/desk/stadtanzeiger/queue", Articles: []ArticleItem{
		{ID: id(80), Key: article.Key, URL: article.URL, Title: article.Title, Section: "Lokales", Lead: "Der Ausschuss.", Notice: "Wir lesen mit.", State: "open", Closed: true,
			ClosesAt: "2026-11-23T10:02", CloseAfterDays: "30", Slow: "5", CreatedAt: morning, Problem: "Erlaubt sind 0 bis 1.440."},
		{ID: id(81), Key: "neu", State: "closed", Slow: "0", CreatedAt: morning}}}
}

// told is the thread's page after a comment was refused for what stands against its writer.
func told(warning bool) Thread {
	page := fullThread()
	page.Article.Notice, page.Article.SlowMinutes = "Wir moderieren heute\nlangsamer.", 5
	page.Form.Body, page.Form.Name, page.Form.Email = "Schon getippt", "Erika", "erika@example.org"
	page.Form.Sanction = &FormSanction{ID: id(90), Rules: []Rule{ruleHonor}}
	if page.Form.Errors = map[string]string{"email": "Gesperrt."}; warning {
		page.Form.Errors = map[string]string{"acknowledge": "Bitte lesen Sie zuerst die Verwarnung."}
		page.Form.Sanction.Warning, page.Form.Sanction.Statement = true, "Sprechen Sie zur Sache."
	}
	return page
}

func lateText() Thread {
	page := closedThread()
	page.Form.Body, page.Form.Notice = "Schon getippt", "Dieser Artikel nimmt keine Kommentare mehr an."
	return page
}

func peopleSamples() []sample {
	return []sample{
		{"desk/forgot", "full", Forgot{Email: "vogt@example.org", Problem: "Zu oft."}}, {"desk/forgot", "bare", Forgot{}}, {"desk/forgot", "sent", Forgot{Sent: true}},
		{"desk/password", "full", NewPassword{Email: "vogt@example.org", Token: "geheim", Problem: "Zu kurz."}}, {"desk/password", "bare", NewPassword{}},
		{"desk/moderators", "full", fullModerators()}, {"desk/moderators", "bare", Moderators{}},
		{"desk/settings", "full", fullSettings()}, {"desk/settings", "bare", Settings{}},
		{"mail/account", "full", AccountMail{Kind: "invite", Name: "M. Vogt", URL: "https://plenum.example/desk/password?token=geheim", Site: site, Until: morning}}, {"mail/account", "bare", AccountMail{Kind: "reset"}},
		{"desk/second", "full", Second{Next: "/desk", Problem: "Dieser Code stimmt nicht.", HasPasskey: true}}, {"desk/second", "bare", Second{}},
		{"desk/confirm", "full", Second{Next: "/desk", Problem: "Das ist nicht Ihr Passwort.", HasSecond: true, HasPasskey: true, SignOn: true}}, {"desk/confirm", "bare", Second{}},
		{"desk/security", "full", fullSecurity()}, {"desk/security", "bare", Security{}}, {"desk/security", "offered", Security{Offered: "ABCD", Problem: "Dieser Code stimmt nicht."}},
		{"desk/author", "full", fullAuthor()}, {"desk/author", "bare", AuthorPage{}},
		{"desk/articles", "full", fullArticles()}, {"desk/articles", "bare", ArticlesPage{}}, {"desk/articles", "reader", ArticlesPage{Articles: fullArticles().Articles}},
		{"public/thread", "warned", told(true)}, {"public/thread", "banned", told(false)}, {"public/thread", "late", lateText()},
	}
}

func sanctionMail(kind string) SanctionMail {
	m := SanctionMail{Kind: kind, Site: site, Name: "Hans-Peter K.", RulesBroken: []Rule{ruleHonor}, Statement: "Die Sätze gelten der Person."}
	if kind == "pause" {
		m.Until = morning.Add(7 * 24 * time.Hour)
	}
	return m
}

func TestAMailAboutASanctionNamesItsEndTheRuleAndTheStatement(t *testing.T) {
	for locale, says := range map[string]map[string]string{
		"de": {"warn": "verwarnt", "pause": "bis 30. November 2026", "ban": "keine Kommentare von Ihnen mehr", "lift": "aufgehoben"},
		"en": {"warn": "a warning", "pause": "until 30 November 2026", "ban": "no more comments from you", "lift": "lifted"},
	} {
		for kind, want := range says {
			subject, text, html, err := newSet(t).SanctionMail(locale, sanctionMail(kind))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{text, html} {
				flat := strings.Join(strings.Fields(part), " ")
				for _, said := range []string{want, ruleHonor.Title, "Die Sätze gelten der Person."} {
					if !strings.Contains(flat, said) {
						t.Errorf("%s %s: got\n%s\nwant %q in it", locale, kind, part, said)
					}
				}
			}
			if !strings.HasSuffix(subject, site.Name) {
				t.Errorf("%s %s: got subject %q", locale, kind, subject)
			}
			golden(t, "sanction_"+kind+"."+locale+".txt", "Subject: "+subject+"\n\n"+text)
		}
	}
}

func TestAWriterIsToldWhatStandsAgainstThemAndLosesNothing(t *testing.T) {
	for name, page := range map[string]Thread{"warned": told(true), "banned": told(false), "late": lateText()} {
		html := render(t, "de", "public/thread", page)
		if !strings.Contains(html, "Schon getippt") {
			t.Errorf("%s: what was typed is lost", name)
		}
		if box := strings.Contains(html, `name="acknowledge"`); box != (name == "warned") {
			t.Errorf("%s: got the box to acknowledge: %v", name, box)
		}
		if said := strings.Contains(html, "Sprechen Sie zur Sache."+"</p>"); said != (name == "warned") {
			t.Errorf("%s: got the statement: %v", name, said)
		}
	}
}

func TestAMailToAModeratorLinksToEachItemAndQuotesNobody(t *testing.T) {
	for locale, says := range map[string]map[string]string{
		"de": {"waiting": "wartet wieder etwas", "late": "länger, als Sie"}, "en": {"waiting": "now something is", "late": "longer than you promise"},
	} {
		for kind, want := range says {
			subject, text, html, err := newSet(t).AlertMail(locale, alertMail(kind))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{text, html} {
				flat := strings.Join(strings.Fields(part), " ")
				for _, said := range []string{want, "/comments/1", "/comments/2", "/desk/preferences"} {
					if !strings.Contains(flat, said) {
						t.Errorf("%s %s: got\n%s\nwant %q in it", locale, kind, part, said)
					}
				}
			}
			golden(t, "alert_"+kind+"."+locale+".txt", "Subject: "+subject+"\n\n"+text)
		}
	}
}
