package templates

import (
	"strings"
	"testing"
)

func TestThreadInvitesAndShowsCommentsBelowEachOther(t *testing.T) {
	d := read(t, render(t, "de", "public/thread", fullThread()))
	d.has("html", "lang", "de")
	d.says("h1", "Haben Sie etwas zu „Der Radweg am Markt wird schmaler“ beizutragen?")
	d.says("#total", "1.204 Kommentare")
	d.count(5, "article.comment")
	d.count(1, "article#c-"+id(1).String())
	d.count(1, "ol.thread ol ol article#c-"+id(4).String())
	d.says("article.gap", "nicht öffentlich")
	d.count(0, "article.gap header")
	d.has("article#c-"+id(1).String()+" header b a", "rel", "nofollow ugc noopener noreferrer")
	d.has("article#c-"+id(1).String()+" a.when", "href", "?article=radweg%2fam%20markt%3f&comment="+id(1).String()+"#c-"+id(1).String())
	d.has("article#c-"+id(1).String()+" time", "datetime", "2026-11-23T09:02:00Z")
	d.says("article#c-"+id(1).String()+" time", "23. November 2026, 10:02 Uhr")
	d.has("article#c-"+id(1).String()+" footer a", "href", "?article=radweg%2fam%20markt%3f&reply="+id(1).String()+"#form")
	d.has("a[rel=next]", "href", "/stadtanzeiger/thread?article=radweg%2fam%20markt%3f&sort=oldest&cursor=c1#comments")
	d.count(2, "link[rel=alternate]")
	d.count(0, "[style]")
	d.count(0, "[onclick]")
}

func TestThreadInviteWithoutATitle(t *testing.T) {
	read(t, render(t, "de", "public/thread", emptyThread())).says("h1", "Haben Sie etwas beizutragen?")
	read(t, render(t, "en", "public/thread", emptyThread())).says("h1", "Do you have something to add?")
}

func TestFormKeepsWhatWasTypedAndNamesErrorsBesideTheirFields(t *testing.T) {
	page := refusedForm()
	d := read(t, render(t, "de", "public/thread", page))
	d.has("form#form", "action", "/stadtanzeiger/thread?article=radweg%2fam%20markt%3f")
	d.has("form#form", "method", "post")
	for name, want := range map[string]string{"name": "Erika & Söhne", "email": "erika@", "article_key": "radweg/am markt?", "rules_version": "3", "parent_id": page.Form.ParentID} {
		d.has("input[name="+name+"]", "value", want)
	}
	if got := d.all("textarea[name=body]")[0].FirstChild.Data; got != page.Form.Body {
		t.Errorf("got %q, want %q", got, page.Form.Body)
	}
	for _, field := range []string{"body", "name"} {
		d.has("#"+field, "aria-invalid", "true")
		d.has("#"+field, "aria-describedby", field+"-error")
		d.says("#"+field+"-error", page.Form.Errors[field])
	}
	d.has("#email", "aria-describedby", "email-error email-hint")
	d.count(4, "form [role=alert] li")
	d.says(".answering h2", "Ihre Antwort an Jana Reuter")
	d.count(4, ".rules li")
	for _, label := range []string{"body", "name", "email"} {
		d.count(1, "label[for="+label+"]")
	}
}

func TestALaterPageLeadsToTheFormInsteadOfShowingIt(t *testing.T) {
	d := read(t, render(t, "de", "public/thread", laterPage()))
	d.count(0, "form.form")
	d.count(0, "a[rel=next]")
	d.says(".bar a[aria-current]", "Neueste")
}

func TestAClosedArticleSaysSoAndTakesNothing(t *testing.T) {
	d := read(t, render(t, "de", "public/thread", closedThread()))
	d.count(0, "form.form")
	d.says(".notice", "keine neuen Kommentare")
}

func TestFragmentIsReadOnly(t *testing.T) {
	page := samplePage(t, "public/fragment", "full")
	for _, forbidden := range []string{"<script", "<form", "<html", "<link rel", "style="} {
		if strings.Contains(page, forbidden) {
			t.Errorf("holds %s", forbidden)
		}
	}
	read(t, page).has("section p a", "href", "https://plenum.example/stadtanzeiger/thread?article=radweg%2fam%20markt%3f")
}

func TestAHostileNameStaysText(t *testing.T) {
	page := fullThread()
	page.Site.Name, page.Article.Title, page.Article.URL = `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "javascript:alert(1)"
	page.Comments[0].Name, page.Comments[0].URL = `</bdi><script>alert(1)</script>`, "javascript:alert(1)"
	page.Comments[0].ArticleKey = `"><script>`
	d := read(t, render(t, "de", "public/thread", page))
	d.count(0, "img")
	for _, script := range d.all("script") {
		if src, ok := attribute(script, "src"); !ok || !strings.HasPrefix(src, "/static/") {
			t.Errorf("a script of somebody else: %q", text(script))
		}
	}
	for _, link := range d.all("a") {
		if href, _ := attribute(link, "href"); strings.HasPrefix(href, "javascript:") {
			t.Errorf("a link to %q", href)
		}
	}
}

func TestStatusSaysWhatHappenedAndWhatCanBeDone(t *testing.T) {
	for name, want := range map[string]struct {
		title                   string
		steps, why, edit, write int
	}{
		"pending":      {"Wartet auf Prüfung", 3, 0, 1, 0},
		"approved":     {"Veröffentlicht", 3, 0, 1, 0},
		"held":         {"Veröffentlicht, Änderung wartet", 3, 0, 1, 0},
		"edit_refused": {"Veröffentlicht, Änderung abgelehnt", 3, 1, 0, 0},
		"refused":      {"Nicht veröffentlicht", 3, 1, 0, 1},
		"removed":      {"Entfernt", 3, 1, 0, 1},
		"spam":         {"Nicht veröffentlicht", 3, 0, 0, 1},
		"withdrawn":    {"Zurückgezogen", 2, 0, 0, 1},
		"erased":       {"Gelöscht", 2, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			page := render(t, "de", "public/status", statuses()[name])
			d := read(t, page)
			d.says("h1", want.title)
			d.count(want.steps, ".steps li")
			d.count(want.why, ".why")
			d.count(want.edit, "form textarea[name=body]")
			d.count(want.write, ".acts form[action=/stadtanzeiger/thread?article=radweg%2fam%20markt%3f] button[value=preview]")
			if name == "erased" { // nothing is left that one could begin with
				d.count(1, ".acts a.button")
			}
			if name == "spam" && (strings.Contains(page, "nie zu sehen") || strings.Contains(page, "Regel 1")) {
				t.Error("explains spam")
			}
			if name == "held" {
				d.says(".text.held", "auf einem Rad")
				d.count(1, "details#edit[open]")
			}
		})
	}
}

func TestStatusFormsCarryTheToken(t *testing.T) {
	page := statuses()["pending"]
	page.MayErase = true
	d := read(t, render(t, "de", "public/status", page))
	base := "/stadtanzeiger/comments/" + id(7).String()
	d.has("#edit form", "action", base+"/edit")
	d.has("#withdraw form", "action", base+"/withdraw")
	d.has("#erase form", "action", base+"/erase")
	for _, form := range []string{"#edit", "#withdraw", "#erase"} {
		d.has(form+" input[name=token]", "value", "geheim+/=")
	}
	d.has(".notice a", "href", page.Link)
	d.has("#own-link", "value", page.Link)
	d.count(1, "[data-posted]")
}

func TestAnErrorIsSeenWhereNothingCanBeEdited(t *testing.T) {
	page := statuses()["refused"]
	page.Errors = map[string]string{"body": "Das geht jetzt nicht mehr."}
	read(t, render(t, "de", "public/status", page)).says("[role=alert]", "Das geht jetzt nicht mehr.")
}

func TestRulesPageNamesItsVersionAndLeadsToOthers(t *testing.T) {
	d := read(t, samplePage(t, "public/rules", "full"))
	d.count(4, ".ruleset li")
	d.has(".notice a", "href", "/stadtanzeiger/rules?locale=de")
	d.has("header nav a[lang=en]", "href", "/stadtanzeiger/rules?version=3&locale=en")
	d.has("header nav a[aria-current]", "lang", "de")
	read(t, samplePage(t, "public/rules", "current")).count(0, ".notice")
}

func TestDemoHoldsTheLineThatPublishersCopy(t *testing.T) {
	page := samplePage(t, "demo/article", "full")
	line := `loading="lazy" style="width:100%;height:40rem;border:0"></iframe><script async src="http://127.0.0.1:8080/embed.js"></script>`
	if !strings.Contains(page, line) {
		t.Error("lacks it")
	}
	read(t, page).has("iframe", "src", "http://127.0.0.1:8080/stadtanzeiger/thread?article=radweg&title=Der%20Radweg%20am%20Markt%20wird%20schmaler")
}

func samplePage(t *testing.T, template, name string) string {
	t.Helper()
	for _, s := range samples() {
		if s.template == template && s.name == name {
			return render(t, "de", template, s.page)
		}
	}
	t.Fatalf("no sample %s of %s", name, template)
	return ""
}
