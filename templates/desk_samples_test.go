package templates

import (
	"net/url"
	"time"
)

func lanes() []Lane {
	return []Lane{{Key: "pending", Total: 47, Current: true}, {Key: "edited", Total: 3}, {Key: "reported", Total: 5}, {Key: "appealed", Total: 2},
		{Key: "mine"}, {Key: "set_aside", Total: 1000, More: true}, {Key: "decided"}}
}

func queue() []QueueItem {
	return []QueueItem{
		{ID: id(20), Version: 1, Site: site, Name: "Ute", Excerpt: "Und wo parken dann die Anwohner?", Article: article.Title, Waited: 72 * time.Minute, Late: true, Previous: true},
		{ID: id(21), Version: 1, Site: site, Name: "Hans-Peter K.", Excerpt: "Wer so was schreibt, hat noch nie auf einem Rad gesessen. Typisch Schreibtischtäter, keine Ahnung vom Verkehr", Article: article.Title, Waited: 38 * time.Minute, Mine: true, Here: true},
		{ID: id(22), Version: 1, Site: site, Name: "Lena", Excerpt: "Die Ampel am Rathaus ist der eigentliche Engpass, dort stauen sich morgens alle.", Article: article.Title, Waited: 31 * time.Minute, Next: true},
		{ID: id(23), Version: 1, Site: site, Name: "gast_81", Excerpt: "Kredit ohne Schufa, sofort, hier klicken", Article: "Haushalt: Was die Stadt 2027 vorhat", Waited: 12 * time.Minute, Holder: "A. Weber"},
		{ID: id(24), Version: 1, Site: site, Name: "R. Thoma", Excerpt: "Danke für den Artikel. Eine Frage zur Finanzierung: aus welchem Topf kommen die Mittel?", Waited: 4 * time.Minute},
	}
}

func deskItem() DeskItem {
	parent := jana()
	return DeskItem{ID: id(21), Version: 4, Status: "pending", Article: article, Section: "Lokales", Lead: "Der Bauausschuss hat entschieden.", Ancestors: []Comment{parent, {ID: id(7), Gap: true}, parent}, Name: "Hans-Peter K.", URL: "https://hp.example", Email: true,
		HTML:      "<p>Wer so was schreibt, hat noch nie auf einem Rad gesessen. Typisch Schreibtischtäter, keine Ahnung vom Verkehr, aber große Klappe.</p><p>Die Parkplätze braucht der Bäcker, sonst macht der auch noch zu.</p>",
		CreatedAt: morning, RulesVersion: 3, Rules: rules.Rules, Siblings: published(), Mine: true, Actions: []string{"approve", "reject", "spam", "pass", "set_aside"},
		Colleagues: []Person{{id(40), "A. Weber"}}, Priority: 12, Signals: []Signal{{Number: 1, Name: "words", Reason: "Wortliste „Anrede“", Minutes: 12}, {Name: "near", Reason: "Nah am Artikel"}, {Name: "language", Reason: "Sprache nicht erkannt", Silent: true}},
		AuthorPage: "/desk/stadtanzeiger/authors/1",
		Record:     Record{Since: morning.AddDate(-1, -8, 0), Approved: 11, Rejected: 2, Waiting: 1, Reports: 1, ByAddress: true, ByRule: []RuleCount{{ruleHonor, 2}}, Notes: []string{"Kennen wir schon."}, Sanction: "Pausiert bis Freitag."},
		History: []HistoryEntry{
			{At: morning.Add(time.Hour), Action: "edit"},
			{At: morning.Add(2 * time.Hour), Action: "reject", Actor: "A. Weber", Rules: []Rule{ruleHonor}, Statement: "Bitte ohne die Anrede.", Note: "Kennen wir schon."},
		}}
}

func fullDesk() Desk {
	open := deskItem()
	return Desk{Site: site, Sites: []Site{site, {Slug: "abendpost", Name: "Abendpost"}}, Me: "M. Vogt", Role: "editor", Editor: true, Lane: "pending", View: url.Values{"state": {"pending"}},
		Rules: rules.Rules, Search: Search{Sort: "urgent"},
		Lanes: lanes(), Oldest: 72 * time.Minute, Target: time.Hour, Items: queue(), Next: "n2", Open: &open,
		Undo:   &Undo{CommentID: id(19), Version: 3, Action: "reject", Rule: "Thema", Name: "Sandra", Until: morning, Left: 14 * time.Second},
		Notice: "Freigegeben. Der nächste ist offen."}
}

func heldDesk() Desk {
	page := fullDesk()
	page.Lane, page.Notice, page.Undo, page.Oldest = "edited", "", nil, 38*time.Minute
	page.Open.Status, page.Open.PublicHTML, page.Open.Ancestors, page.Open.ParentIsGone, page.Open.Email = "approved", "<p>Die Parkplätze braucht der Bäcker.</p>", nil, true, false
	page.Open.Actions = []string{"approve", "reject", "remove", "spam", "pass", "set_aside"}
	page.Open.Diff = []Piece{{"removed", "Der"}, {"added", "Die Parkplätze braucht der"}, {"same", " Bäcker."}}
	page.Open.Drafts, page.Open.ProblemIn = map[string]string{"respect": "Es geht um diese Stelle."}, "decide"
	page.Open.Meanwhile = page.Open.History
	page.Open.Problem, page.Open.Statement, page.Open.Note = "Inzwischen ist etwas geschehen.", "Schon getippt", "Notiert"
	page.Open.Passage = "die große Klappe"
	return page
}

func readOnlyDesk() Desk {
	page := fullDesk()
	page.Undo = nil
	page.Open.Mine, page.Open.Holder, page.Open.Status, page.Open.Actions = false, "A. Weber", "rejected", []string{"restore", "reopen", "keep"}
	page.Open.Statement, page.Open.Note, page.Open.Answer, page.Open.Hearing = "Bleibt stehen", "Notiert", "Danke", "Nein"
	return page
}

func decidedDesk() Desk {
	page := readOnlyDesk()
	page.Open.Holder, page.Open.Article, page.Open.Actions = "", Article{Key: "alt"}, []string{"restore", "reopen", "keep", "remove"}
	return page
}

func idleDesk() Desk {
	page := fullDesk()
	page.Open, page.Sites, page.Target = nil, []Site{site}, 0
	return page
}

func quietDesk() Desk {
	return Desk{Site: site, Me: "M. Vogt", Lane: "pending", Lanes: []Lane{{Key: "pending", Current: true}, {Key: "edited"}}}
}

func reportedDesk() Desk {
	page := fullDesk()
	page.Lane, page.Items[1].Reports = "reported", 2
	page.Open.Status, page.Open.Actions, page.Open.Replies = "approved", []string{"keep", "remove", "spam", "reopen", "answer", "feature", "pass", "set_aside"}, 3
	page.Open.Case = &Case{OpenedAt: morning, Reports: []ReportItem{
		{Number: "7K2MX9QPA4", Kind: "rule", Rule: &ruleHonor, Text: "Das gilt der Person.", At: morning},
		{Number: "1ZC8WT5N3B", Kind: "illegal", Text: "Das ist eine Beleidigung nach § 185 StGB.", Name: "Jana Reuter", At: morning},
	}}
	page.Open.Featured, page.Open.PassedTo, page.Open.SetAside = true, "editors", morning
	return page
}

func appealedDesk() Desk {
	page := fullDesk()
	page.Lane, page.Open.Status, page.Open.Actions = "appealed", "rejected", []string{"restore", "reopen", "pass"}
	page.Open.PassedTo = "A. Weber"
	page.Open.Appeals = []AppealItem{{ID: id(50), Text: "Ich habe niemanden angegriffen.", At: morning, Decider: "A. Weber", Open: true},
		{ID: id(51), Text: "Und damals auch nicht.", At: morning, Decider: "M. Vogt", Outcome: "upheld", DecidedBy: "A. Weber", DecidedAt: morning, Statement: "Doch."}}
	return page
}

func ownAppeal() Desk {
	page := appealedDesk()
	page.OnlyOne, page.Open.Appeals = true, []AppealItem{{ID: id(50), Text: "Ich habe niemanden angegriffen.", At: morning, Decider: "M. Vogt", Open: true, Mine: true}}
	return page
}
