package templates

import (
	"time"

	"github.com/google/uuid"
)

// Samples: each page full of everything it can show, and bare of all it can do without.

func id(n byte) uuid.UUID {
	return uuid.UUID{1, 0x93, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n}
}

var (
	morning   = time.Date(2026, time.November, 23, 10, 2, 0, 0, time.FixedZone("CET", 3600))
	site      = Site{Slug: "stadtanzeiger", Name: "Stadtanzeiger"}
	article   = Article{Key: "radweg/am markt?", URL: "https://stadtanzeiger.example/radweg", Title: "Der Radweg am Markt wird schmaler", Open: true}
	ruleTopic = Rule{1, "topic", "Thema", "Sprechen Sie zur Sache des Artikels."}
	ruleHonor = Rule{2, "respect", "Respekt", "Wir veröffentlichen nichts, was nur darauf zielt, Leser oder Autoren herabzusetzen."}
	rules     = Rules{3, morning, "Alle Kommentare werden von Menschen moderiert, meist innerhalb einer Stunde.", []Rule{
		ruleTopic, ruleHonor,
		{3, "manner", "Umgang", "Reden Sie, als wären alle anwesend."},
		{4, "substance", "Substanz", "Bleiben Sie sachlich, werben Sie nicht."},
	}}
)

func jana() Comment {
	return Comment{
		ID: id(1), Name: "Jana Reuter", URL: "https://jana.example/", CreatedAt: morning, MayReply: true, ArticleKey: article.Key,
		HTML: `<p>Ich fahre die Strecke jeden Tag mit zwei Kindern. Die Planung spart <strong>80 Zentimeter</strong> am Radweg, um drei Parkplätze zu behalten. Die Zahlen stehen in der <a href="https://example.org/vorlage" rel="nofollow ugc noopener noreferrer">Vorlage des Bauausschusses</a>.</p><p>Was ich vermisse: eine Zählung, wie viele dort überhaupt parken.</p>`,
	}
}

func comments() []Comment {
	staff := Comment{ID: id(2), Name: "Lokalredaktion", Staff: true, CreatedAt: morning.Add(time.Hour), MayReply: true, ArticleKey: article.Key,
		HTML: "<p>Gezählt wurde 2024 an vier Tagen. Wir haben die Tabelle im Artikel ergänzt, danke für den Hinweis.</p>"}
	edited := Comment{ID: id(4), Name: "M. Özdemir", CreatedAt: morning.Add(80 * time.Minute), EditedAt: morning.Add(90 * time.Minute), MayReply: true, ArticleKey: article.Key,
		HTML: "<blockquote><p>drei Parkplätze</p></blockquote><p>Es sind fünf, zwei davon für Anwohner. Das ändert an Ihrem Punkt wenig, aber sollte stimmen.</p>"}
	gap := Comment{ID: id(3), Gap: true, Replies: []Comment{edited}}
	first := jana()
	first.Replies, first.Rest, first.RestFrom, first.Agreed = []Comment{staff, gap}, 4, edited.ID, 14
	late := Comment{ID: id(5), Name: "عمر", CreatedAt: morning.Add(2 * time.Hour), AnswersID: id(1), Answers: "Jana Reuter", MayReply: true, ArticleKey: article.Key,
		HTML: "<p>Das sehe ich auch so.</p>"}
	return []Comment{first, late}
}

func deep(levels int) []Comment {
	if levels == 0 {
		return nil
	}
	c := Comment{ID: id(byte(100 + levels)), Name: "Lena", CreatedAt: morning, HTML: "<p>Eine Ebene tiefer, und immer noch ist Platz für einen ganzen Satz.</p>", MayReply: true, ArticleKey: article.Key, Replies: deep(levels - 1)}
	return []Comment{c}
}

func fullThread() Thread {
	all := comments()
	for i := range all {
		all[i].MayAgree, all[i].Linked, all[i].PublishedAt = true, true, morning.Add(time.Hour)
	}
	return Thread{Site: site, Article: article, Rules: rules, Sort: "oldest", Total: 1204, Wait: "hour", Comments: all, Next: "c1", First: true, Reaction: true,
		Form: Form{ArticleKey: article.Key, ArticleURL: article.URL, ArticleTitle: article.Title, RulesVersion: 3}}
}

func refusedForm() Thread {
	page, parent := fullThread(), jana()
	page.Parent, page.Total = &parent, 1
	page.Form = Form{ArticleKey: article.Key, ParentID: parent.ID.String(), Name: "Erika & Söhne", Email: "erika@", Body: "\n<b>Schon</b> getippt", RulesVersion: 3,
		Notice: "Unsere Regeln haben sich geändert.", Challenge: `{"salt":"s"}`, TooFast: true, MustConfirm: true,
		Errors: map[string]string{"body": "Das ist zu lang.", "email": "Das ist keine E-Mail-Adresse.", "name": "Das darf nicht leer bleiben.", "article_url": "Die Adresse gehört nicht zu dieser Seite."}}
	return page
}

func previewed() Thread {
	page := fullThread()
	page.Form.Body, page.Form.Name, page.Form.Most = "Das ist *schon* getippt.", "Erika", 10000
	page.Form.Preview = "<p>Das ist <em>schon</em> getippt.</p>"
	return page
}

func hinted() Thread {
	page := previewed()
	page.Form.Preview, page.Form.Hints = "", []Hint{{"words", "Schreibtischtäter", ruleHonor}, {"links", "", rules.Rules[3]}}
	return page
}

func laterPage() Thread {
	page := fullThread()
	page.First, page.Next, page.Sort, page.Comments = false, "", "newest", deep(9)
	return page
}

func permalink() Thread {
	page := fullThread()
	page.Missing, page.Branch = true, id(1).String()
	c := &page.Comments[0]
	c.Marked, c.JustAgreed, c.Long, c.AlikeStaff = true, true, true, true
	return page
}

func closedThread() Thread {
	page := fullThread()
	page.Article.Open, page.Next = false, ""
	return page
}

func emptyThread() Thread {
	return Thread{Site: site, Article: Article{Key: "neu", Open: true}, Rules: rules, First: true, Form: Form{ArticleKey: "neu", RulesVersion: 3}}
}

func published() []Published {
	return []Published{{Comment: jana(), Article: article, PublishedAt: morning}, {Comment: comments()[1], PublishedAt: morning}}
}

func status(state string) Status {
	return Status{Site: site, Article: article, ID: id(7), Token: "geheim+/=", State: state, Name: "Hans-Peter K.", CreatedAt: morning, DecidedAt: morning.Add(39 * time.Minute),
		HTML: "<p>Wer so was schreibt, hat noch nie auf einem Rad gesessen.</p><p>Die Parkplätze braucht der Bäcker, sonst macht der auch noch zu.</p>",
		Body: "Wer so was schreibt, hat noch nie auf einem Rad gesessen.\n\nDie Parkplätze braucht der Bäcker, sonst macht der auch noch zu.", RulesVersion: 3, MayWithdraw: true, Link: "https://plenum.example/stadtanzeiger/comments/1?token=geheim%2B%2F%3D", Wait: "hours", Most: 10000}
}

func statuses() map[string]Status {
	pending, approved, held, editRefused := status("pending"), status("approved"), status("approved"), status("approved")
	pending.MayEdit, pending.JustPosted = true, true
	approved.MayEdit = true
	held.MayEdit, held.Held, held.PublicHTML = true, true, "<p>Die Parkplätze braucht der Bäcker.</p>"
	held.Errors = map[string]string{"body": "Sie haben nichts geändert."}
	editRefused.EditRefused, editRefused.PublicHTML, editRefused.RulesBroken = true, held.PublicHTML, []Rule{ruleHonor}
	rejected, removed, spam, withdrawn := status("rejected"), status("removed"), status("spam"), status("withdrawn")
	rejected.RulesBroken, rejected.Statement = []Rule{ruleHonor}, "Ihr Hinweis auf den Bäcker ist willkommen. Die Sätze davor gelten der Person, nicht der Sache.\n\nOhne sie veröffentlichen wir den Kommentar gern."
	removed.RulesBroken = []Rule{ruleTopic, ruleHonor}
	spam.RulesBroken, spam.Statement = []Rule{ruleTopic}, "nie zu sehen"
	withdrawn.MayWithdraw, withdrawn.HTML, withdrawn.MayErase = false, "", true
	erased := withdrawn
	erased.Name, erased.Body, erased.Erased, erased.MayErase = "", "", true, false
	unconfirmed := status("pending")
	unconfirmed.MayEdit, unconfirmed.JustPosted, unconfirmed.ConfirmUntil = true, true, morning.AddDate(0, 0, 3)
	return map[string]Status{"unconfirmed": unconfirmed, "pending": pending, "approved": approved, "held": held, "edit_refused": editRefused, "refused": rejected, "removed": removed, "spam": spam, "withdrawn": withdrawn, "erased": erased}
}

// sentWithin is what a script puts into the thread after sending.
func sentWithin() Status {
	s := status("pending")
	s.JustPosted, s.Within, s.ParentID = true, true, id(1).String()
	return s
}

func demo() DemoArticle {
	return DemoArticle{SiteName: "Der Stadtanzeiger", Notice: "Diese Zeitung, ihre Artikel und alle Personen sind erfunden.", Site: site, BaseURL: "http://127.0.0.1:8080", Slug: "radweg", Title: article.Title, Lead: "Der Bauausschuss will drei Parkplätze behalten. Dafür verliert der Radweg 80 Zentimeter.", Author: "Clara Beispiel", Section: "Lokales", Date: morning,
		Body:   []string{"Am Marktplatz wird es eng. So will es jedenfalls die Vorlage, die der Bauausschuss am Dienstagabend mit knapper Mehrheit beschlossen hat.", "„Wir haben lange gerechnet“, sagte die Vorsitzende nach der Sitzung. Am Ende sei der Platz für beides nicht da gewesen."},
		Others: []DemoLink{{"haushalt", "Was die Stadt 2027 vorhat", "Ein Haushalt ohne neue Schulden, mit einem Haken."}, {"freibad", "Das Freibad bleibt offen", "Ein Verein übernimmt die Kasse."}}}
}

func front() DemoArticle {
	page := demo()
	page.Front = true
	return page
}

func mail(kind string) Mail {
	m := Mail{Kind: kind, Site: site, Article: article, Name: "Hans-Peter K.", StatusURL: "https://plenum.example/stadtanzeiger/comments/1?token=geheim",
		Text: "Wer so was schreibt, hat noch nie auf einem Rad gesessen. Typisch Schreibtischtäter, keine Ahnung vom Verkehr.\n\nDie Parkplätze braucht der Bäcker."}
	if kind == "published" {
		m.ThreadURL = "https://plenum.example/stadtanzeiger/thread?article=radweg"
	}
	if kind == "refused" {
		m.RulesBroken, m.Statement = []Rule{ruleHonor}, "Ihr Hinweis auf den Bäcker ist willkommen. Die Sätze davor gelten der Person."
	}
	return m
}

func alertMail(kind string) AlertMail {
	return AlertMail{Kind: kind, Site: site, Name: "M. Vogt", Items: []AlertItem{{article.Title, "https://plenum.example/desk/stadtanzeiger/comments/1", 72 * time.Minute}, {"", "https://plenum.example/desk/stadtanzeiger/comments/2", time.Minute}},
		Lanes: []Lane{{Key: "reported", Total: 2}}, DeskURL: "https://plenum.example/desk/stadtanzeiger/queue", SettingsURL: "https://plenum.example/desk/preferences"}
}

func fullFigures() Figures {
	fast, slow, share := 12*time.Minute, 70*time.Minute, 40
	return Figures{Site: site, From: morning, To: morning, Received: 1204, Decided: 1180, Actions: []ActionCount{{"approve", 1000}, {"reject", 180}}, Rules: []RuleCount{{ruleHonor, 100}, {Rule{Code: "old"}, 3}},
		Median: &fast, Ninetieth: &slow, Sorted: &share, Reports: 12, Kept: 7, TakenDown: 3, Appeals: 4, Upheld: 2, Overturned: 1, Reversed: &share,
		Days: []DayCount{{Day: morning, Received: 10, Approved: 7, Refused: 2, Median: &fast, Ninetieth: &slow}, {Day: morning}}, Heads: []LogHead{{morning, 42, "ab12", "cd34"}},
		Waiting: []AgeCount{{15, 4}, {0, 1}}, Moderators: []PersonCount{{"M. Vogt", 600}}}
}

// sample is one page to render; Name becomes part of a file's name.
type sample struct {
	template, name string
	page           any
}

func samples() []sample {
	all := []sample{
		{"public/thread", "full", fullThread()}, {"public/thread", "refused", refusedForm()}, {"public/thread", "later", laterPage()},
		{"public/thread", "closed", closedThread()}, {"public/thread", "permalink", permalink()}, {"public/thread", "preview", previewed()}, {"public/thread", "hinted", hinted()}, {"public/form", "full", hinted()}, {"public/form", "bare", Thread{}}, {"public/thread", "empty", emptyThread()}, {"public/thread", "bare", Thread{}},
		{"public/fragment", "full", Thread{Site: site, Article: article, Comments: []Comment{{ID: id(1), Name: "Jana", HTML: "<p>Hier.</p>", CreatedAt: morning}}, Total: 1, Fragment: true, BaseURL: "https://plenum.example"}}, {"public/fragment", "bare", Thread{}},
		{"public/overview", "full", Overview{site, published(), "c2"}}, {"public/overview", "bare", Overview{}},
		{"public/rules", "full", RulesPage{site, rules, 4, "de"}}, {"public/rules", "current", RulesPage{site, rules, 3, "de"}}, {"public/rules", "bare", RulesPage{}},
		{"public/problem", "full", Problem{Site: site, Status: 404, Title: "Hier ist nichts", Detail: "Die Seite gibt es nicht."}}, {"public/problem", "desk", Problem{Status: 404, Title: "Hier ist nichts", Desk: true}}, {"public/problem", "signed out", Problem{Status: 401, SignIn: "/desk/signin?next=%2Fdesk"}}, {"public/problem", "bare", Problem{}},
		{"public/stale", "full", Stale{morning}}, {"public/stale", "bare", Stale{}},
		{"public/status", "bare", Status{State: "pending"}}, {"public/own", "bare", Status{State: "pending"}}, {"public/own", "full", sentWithin()},
		{"desk/signin", "full", SignIn{Email: "vogt@example.org", Problem: "E-Mail oder Passwort stimmt nicht.", Next: "/desk", SignOn: true}}, {"desk/signin", "bare", SignIn{}},
		{"desk/desk", "full", fullDesk()}, {"desk/desk", "held", heldDesk()}, {"desk/desk", "readonly", readOnlyDesk()}, {"desk/desk", "decided", decidedDesk()},
		{"desk/desk", "idle", idleDesk()}, {"desk/desk", "quiet", quietDesk()}, {"desk/desk", "reported", reportedDesk()}, {"desk/desk", "appealed", appealedDesk()}, {"desk/desk", "own", ownAppeal()},
		{"public/transparency", "full", fullFigures()}, {"public/transparency", "bare", Figures{}}, {"desk/statistics", "full", fullFigures()}, {"desk/statistics", "bare", Figures{}},
		{"desk/log", "full", Log{Site: site, Entries: []LogEntry{{Seq: 7, URL: "/desk", History: HistoryEntry{At: morning, Action: "pass", Actor: "M. Vogt", To: "A. Weber", Until: morning, Rules: []Rule{ruleHonor}, Statement: "So.", Note: "Intern."}}, {Seq: 6, History: HistoryEntry{At: morning, Action: "edit"}}},
			Moderators: []Person{{id(40), "A. Weber"}}, Actions: []string{"approve"}, Rules: rules.Rules, Filter: LogFilter{Action: "approve"}, Next: "?cursor=c"}}, {"desk/log", "bare", Log{}},
		{"desk/words", "full", Words{Site: site, Kind: "pattern", Text: "kredit", Note: "Werbung", Minutes: 10, Problem: "Das steht schon in der Liste.", Rule: "respect", Rules: rules.Rules, Hints: []TiedHint{{"links", "substance"}, {"shouting", ""}}, Tried: &Trial{500, 3, 12, []TrialHit{{"Ute", "Kredit ohne Schufa", "spam"}}},
			Words: []Word{{id(70), "word", "Kredit", "Werbung", 10, "respect", "A. Weber", morning}}}}, {"desk/words", "bare", Words{}},
		{"desk/rules", "full", EditRules{Site: site, Version: 3, Text: "locales:", Problem: "Unlesbar.", Rules: []EditedRule{{ruleHonor, "de", "Es geht um {{passage}}."}}, Did: "published"}}, {"desk/rules", "bare", EditRules{}},
		{"desk/batch", "full", Batch{Site: site, ID: id(60), Action: "reject", Total: 12, Done: 4, Refused: 1, Left: 14 * time.Second, Back: "/desk", Why: []RefusedItem{{"/desk", "Inzwischen ist etwas geschehen."}}}}, {"desk/batch", "bare", Batch{Action: "undo", Finished: true}}, {"desk/batch", "called off", Batch{Action: "undo", CalledOff: 3}}, {"desk/desk", "bare", Desk{Lane: "edited", Open: &DeskItem{Status: "pending"}, Undo: &Undo{Action: "approve"}}},
		{"desk/preferences", "full", Preferences{Look: Look{"dark", "off"}, Locale: "de", Saved: true, Back: "/desk", Alerts: []SiteAlerts{{id(91), site.Name, true, true}}}}, {"desk/preferences", "bare", Preferences{}},
		{"desk/sprees", "full", fullSprees()}, {"desk/sprees", "bare", Sprees{}},
		{"mail/spree", "full", spreeMail("taken_down")}, {"mail/spree", "bare", SpreeMail{Kind: "approved"}},
		{"mail/alert", "full", alertMail("late")}, {"mail/alert", "bare", AlertMail{Kind: "waiting"}},
		{"public/confirm", "full", Confirm{Site: site, ID: id(7), Token: "geheim+/=", Name: "Hans-Peter K.", HTML: "<p>Die Parkplätze braucht der Bäcker.</p>", Until: morning}},
		{"public/confirm", "done", Confirm{Site: site, StatusURL: "/stadtanzeiger/comments/7?token=t"}}, {"public/confirm", "bare", Confirm{}},
		{"mail/confirm", "full", ConfirmMail{site, "https://plenum.example/stadtanzeiger/comments/7/confirm?token=t", morning}}, {"mail/confirm", "bare", ConfirmMail{}},
		{"demo/article", "full", demo()}, {"demo/article", "front", front()}, {"demo/article", "bare", DemoArticle{}},
	}
	for name, page := range statuses() {
		all = append(all, sample{"public/status", name, page})
	}
	for _, more := range [][]sample{peopleSamples(), followingSamples(), privacySamples(), webhookSamples()} {
		all = append(all, more...)
	}
	return all
}
