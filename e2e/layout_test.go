package e2e

import (
	"fmt"
	"testing"
)

// What readers see fits a small phone and a desk, by day and by night, in both languages.
func TestReadersPagesFitEveryWidth(t *testing.T) {
	p := post(t, "Gast mit einem recht langen Namen", "Eine Adresse: https://example.org/"+fmt.Sprintf("%0120d", 0))
	reader := newTab(t)
	reader.open(plenum.base + thread)
	report := eval[string](reader, `new URL(document.querySelector("#comments a[href*='/report']").href).pathname`)
	for _, locale := range []string{"de", "en"} {
		for _, path := range []string{thread + "&locale=" + locale, "/stadtanzeiger/?locale=" + locale, "/stadtanzeiger/rules?locale=" + locale,
			report + "?locale=" + locale, "/stadtanzeiger/subscriptions?article=radweg&locale=" + locale, p.URL[len(plenum.base):] + "&locale=" + locale} {
			reader.open(plenum.base + path)
			reader.see("main")
			eval[int](reader, `[...document.querySelectorAll("details")].map(d => d.open = true).length`)
			reader.fits(reader, locale)
		}
	}
	reader.open(plenum.article)
	reader.frame().see("#comments article")
	reader.fits(reader.frame(), "de")
	reader.fits(reader, "de")
}

// The desk fits too, with its list, with a comment open, and with the form beside it.
func TestTheDeskFitsEveryWidth(t *testing.T) {
	desk := newTab(t).signIn(vogt)
	for _, locale := range []string{"en", "de"} {
		desk.width(1280)
		desk.click(".menu.me summary")
		if broken := eval[[]string](desk, `[...document.querySelectorAll(".menu.me button")].filter(b => b.offsetHeight > 50).map(b => b.textContent)`); len(broken) > 0 {
			t.Errorf("the menu breaks words: %q", broken)
		}
		desk.click(`.menu button[value="` + locale + `"]`)
		desk.see(`html[lang="` + locale + `"] .calm`)
		desk.fits(desk, locale)
		desk.width(1280)
		desk.click(".calm button")
		desk.see("#decide")
		desk.click(".words summary")
		desk.fits(desk, locale)
		if over := eval[float64](desk, `document.scrollingElement.scrollHeight - innerHeight`); over > 0 {
			t.Errorf("the desk is %v px too high: its parts scroll, the page does not", over)
		}
	}
	desk.width(1280)
	desk.open(plenum.base + "/desk/stadtanzeiger/queue?state=decided")
	desk.click(".list li button")
	desk.see(".context a[href*='/authors/']")
	desk.click(".context a[href*='/authors/']")
	desk.see(".sheet table")
	if over := eval[float64](desk, `(wide => wide.scrollWidth - wide.clientWidth)(document.querySelector(".wide:has(table)"))`); over > 0 {
		t.Errorf("an author's comments run %v px out of their table", over)
	}
	door := newTab(t)
	door.open(plenum.base + "/desk/signin")
	door.see("form")
	door.fits(door, eval[string](door, `navigator.language.slice(0, 2)`)) // nobody has said which site it is about
}

// fits looks at what the tab shows, or a frame in it, at each width and in each scheme.
func (b *tab) fits(inner *tab, locale string) {
	b.Helper()
	for _, width := range []int64{320, 1280} {
		b.width(width)
		for _, scheme := range []string{"light", "dark"} {
			inner.scheme(scheme)
			what := fmt.Sprintf("%s at %d px, %s, %s", inner.address(), width, scheme, locale)
			if over := eval[float64](inner, `document.scrollingElement.scrollWidth - innerWidth`); over > 0 {
				b.Errorf("%s is %v px too wide", what, over)
			}
			if dark := inner.dark(); dark != (scheme == "dark") {
				b.Errorf("%s: got a dark page %v", what, dark)
			}
		}
	}
	if lang := eval[string](inner, `document.documentElement.lang`); lang != locale {
		b.Errorf("%s is marked as %q, want %q", inner.address(), lang, locale)
	}
	if apart := eval[[]string](inner, besides); len(apart) > 0 {
		b.Errorf("%s has boxes to tick that do not stand beside their words: %v", inner.address(), apart)
	}
	if bare := eval[[]string](inner, unnamed); len(bare) > 0 {
		b.Errorf("%s has controls without a name: %v", inner.address(), bare)
	}
}

// besides are the boxes and dots that are seen, and whose words begin on another line.
const besides = `[...document.querySelectorAll("label > :is([type=radio], [type=checkbox])")].filter(e => {
	const words = document.createRange();
	words.setStartAfter(e);
	words.setEndAfter(e.parentElement.lastChild);
	const seen = [...words.getClientRects()].filter(r => r.width > 1);
	return e.getBoundingClientRect().width > 8 && seen.length > 0 && seen[0].top >= e.getBoundingClientRect().bottom - 2;
}).map(e => e.parentElement.textContent.trim())`

// unnamed are the controls that a screen reader could not call by a name.
const unnamed = `[...document.querySelectorAll("input:not([type=hidden]), textarea, select, button, summary, a[href], iframe")]
	.filter(e => !e.getAttribute("aria-label") && !(e.labels ? [...e.labels] : []).some(l => l.textContent.trim()) && !e.textContent.trim() && !e.title)
	.map(e => e.outerHTML)`
