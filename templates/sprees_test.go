package templates

import (
	"strings"
	"testing"
)

func spreeMail(kind string) SpreeMail {
	return SpreeMail{Kind: kind, Site: site, Name: "M. Vogt", Who: "A. Weber", Count: 42, Usual: 6, Since: morning,
		URL: "https://plenum.example/desk/stadtanzeiger/sprees?by=" + id(40).String()}
}

func fullSprees() Sprees {
	return Sprees{Site: site, Alarms: []SpreeItem{{URL: "/desk/stadtanzeiger/sprees?by=" + id(40).String(), Name: "A. Weber", Kind: "taken_down", Count: 42, Usual: 6, Since: morning, Last: morning},
		{Name: "B. <b>", Kind: "approved", Count: 120, Usual: 30, Since: morning, Last: morning, Over: true}},
		People: []Person{{id(40), "A. Weber"}}, By: id(40).String(), From: "2026-03-01T09:00", To: "2026-03-01T10:00", Problem: "Das Ende liegt nicht nach dem Anfang.",
		Asked: true, Takes: 140, Leaves: 2, Taken: []TakingItem{{URL: "/desk/c", Name: "Jana", Text: "Ein <i>Text</i>.", Action: "remove", Status: "removed"}},
		Left: []TakingItem{{URL: "/desk/d", Name: "Ute", Action: "approve", Status: "approved", Since: "keep", SinceBy: "M. Vogt"}, {Action: "approve", Since: "edit"}}}
}

func TestAnAlarmIsNoFormOfItsOwnAndTakingBackIs(t *testing.T) {
	page := fullSprees()
	html := render(t, "de", "desk/sprees", page)
	for _, want := range []string{"42 öffentliche Kommentare", `href="/desk/stadtanzeiger/sprees?by=` + id(40).String(), "Alle 140 zurücknehmen", "Gezeigt sind die ersten 1.", "2 bleiben, wie sie sind", "von \u2068M. Vogt\u2069"} {
		if !strings.Contains(html, want) {
			t.Errorf("got\n%s\nwant %q in it", html, want)
		}
	}
	for _, not := range []string{"<b>", "<i>Text"} {
		if strings.Contains(html, not) {
			t.Errorf("%q is in the page", not)
		}
	}
	page.Open = 3
	if html := render(t, "de", "desk/sprees", page); !strings.Contains(html, "3 Kommentare warten noch in Stapeln") {
		t.Errorf("got\n%s\nwant what still runs", html)
	}
	page.Takes, page.Taken = 0, nil
	if html := render(t, "de", "desk/sprees", page); !strings.Contains(html, "Offene Stapel abbrechen</button>") {
		t.Errorf("got\n%s\nwant a button that calls the batches off", html)
	}
	page.Open = 0
	if html := render(t, "de", "desk/sprees", page); strings.Contains(html, `method="post"`) {
		t.Error("got a button where there is nothing to take back")
	}
}

func TestAnAlarmByMailNamesWhoAndLinksToTheWayBack(t *testing.T) {
	for locale, want := range map[string]string{"de": "42 öffentliche Kommentare", "en": "42 public comments"} {
		subject, text, html, err := newSet(t).SpreeMail(locale, spreeMail("taken_down"))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{text, html} {
			if flat := strings.Join(strings.Fields(part), " "); !strings.Contains(flat, want) || !strings.Contains(flat, "/sprees?by=") || !strings.Contains(subject, "A. Weber") {
				t.Errorf("%s: got %q\n%s", locale, subject, part)
			}
		}
	}
}
