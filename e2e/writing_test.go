package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const (
	previewButton = "button[value=preview]"
	mine          = "#comments .mine"
	tick          = "#remember-own"
)

// words are what a page says in a language.
var writing = map[string]struct{ empty, waits string }{
	"de": {"Das darf nicht leer bleiben.", "Wartet auf Prüfung"},
	"en": {"This must not be empty.", "Waiting for review"},
}

// focused is the id of the element that has the focus.
func (b *tab) focused() string { b.Helper(); return eval[string](b, `document.activeElement.id`) }

// stored is all that the page has put on the device.
func (b *tab) stored() string {
	b.Helper()
	return eval[string](b, `JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])`)
}

// editor is somebody at the desk who chooses at which rule links point writers.
func editor(t *testing.T) (choose func(rule string)) {
	t.Helper()
	desk := newTab(t).signIn(weber)
	return func(rule string) {
		desk.open(plenum.base + "/desk/stadtanzeiger/words")
		desk.see("#hint-links")
		eval[string](desk, `document.querySelector("#hint-links").value = "`+rule+`"`)
		desk.click(`form[action$="/hints"] button`)
		until(t, "the hint is saved", func() bool { return strings.HasSuffix(desk.address(), "#hints") && desk.value("#hint-links") == rule })
	}
}

func TestAReaderPreviewsCorrectsAndSendsWithoutLeavingThePage(t *testing.T) {
	for locale, says := range writing {
		text := "Die Brücke über den Bach hält noch, sagt der Prüfer: " + locale
		reader := newTab(t)
		reader.open(plenum.base + thread + "&locale=" + locale)
		reader.see(".tools")
		if got := reader.stored(); got != "[[],[]]" {
			t.Errorf("%s: got %s on the device before a key was typed", locale, got)
		}
		reader.fill(bodyField, text)
		if got := reader.stored(); !strings.Contains(got, "hält noch") || !strings.HasPrefix(got, "[[],") {
			t.Errorf("%s: got %s on the device, want the draft in this tab and nowhere else", locale, got)
		}
		eval[bool](reader, `document.querySelector("textarea").select() || true`)
		reader.click(`.tools [data-mark="bold"]`)
		if got := reader.value(bodyField); got != "**"+text+"**" {
			t.Errorf("%s: got %q after Bold", locale, got)
		}
		eval[bool](reader, `document.execCommand("undo")`)
		if got := reader.value(bodyField); got != text {
			t.Errorf("%s: got %q after undo, want what was typed", locale, got)
		}
		reader.fill(bodyField, "*"+text+"*")
		reader.click(previewButton)
		reader.sees(".preview em", text)
		if got := reader.focused(); got != "preview" {
			t.Errorf("%s: the focus is on %q, want the preview", locale, got)
		}
		reader.axe("a preview")
		reader.expect(http.StatusUnprocessableEntity)
		reader.click(submit)
		reader.sees("#name-error", says.empty)
		if got := reader.focused(); got != "name" {
			t.Errorf("%s: the focus is on %q, want the name", locale, got)
		}
		reader.axe("a form with an error")
		if got := reader.value(bodyField); got != "*"+text+"*" {
			t.Errorf("%s: got %q after the error, want what was typed", locale, got)
		}
		reader.fill(nameField, "Gast")
		reader.click(submit)
		reader.sees(mine+" em", text)
		reader.sees(mine+" .tag", says.waits)
		if !eval[bool](reader, `document.activeElement.closest("[data-posted]") !== null`) {
			t.Errorf("%s: the focus is not where it says that the comment has arrived", locale)
		}
		if got := reader.stored(); got != "[[],[]]" {
			t.Errorf("%s: got %s on the device after sending", locale, got)
		}
		reader.axe("an own comment in the thread")
		reader.fits(reader, locale)
		reader.reload()
		reader.see("#comments .comment")
		if there := eval[bool](reader, `document.querySelector(".mine") !== null`); there {
			t.Errorf("%s: a comment is remembered for a reader who did not ask for it", locale)
		}
		nowhere(t, text)
	}
}

func TestAnOwnCommentIsThereAfterAReloadForWhoTickedTheBox(t *testing.T) {
	const text = "Das Geländer am Steg wackelt seit dem Frühjahr, bitte nachsehen."
	reader := newTab(t)
	reader.open(plenum.base + thread)
	own := reader.write("Gast", text)
	reader.click(tick)
	reader.reload()
	reader.sees(mine, text)
	reader.click(mine + " footer a")
	reader.sees("h1", "Wartet auf Prüfung")
	desk := newTab(t).signIn(weber)
	desk.pick(text)
	desk.click(`.actions button[value="reject:topic"]`)
	desk.see("form.undo")
	reader.open(plenum.base + thread)
	reader.sees(mine+" .tag", "Nicht veröffentlicht")
	reader.axe("an own comment that was refused")
	reader.click("#remember")
	if got := reader.stored(); got != "[[],[]]" {
		t.Errorf("got %s on the device after the box was cleared", got)
	}
	reader.reload()
	reader.see("#comments .comment")
	if there := eval[bool](reader, `document.querySelector(".mine") !== null`); there {
		t.Error("the comment is remembered after the box was cleared")
	}
	reader.status(own, "Nicht veröffentlicht")
	nowhere(t, text)
}

func TestAHintComesBeforeSendingAndStopsNobody(t *testing.T) {
	choose := editor(t)
	choose("substance")
	defer choose("")
	const text = "Hier klicken: https://example.org/a und https://example.org/b"
	scripted, plain := newTab(t), newPlainTab(t)
	for _, reader := range []*tab{scripted, plain} {
		reader.open(plenum.base + thread)
		reader.fill(bodyField, text)
		reader.fill(nameField, "Gast")
		reader.click(submit)
		reader.sees(".hints", "Regel 4")
		if got := reader.value(bodyField) + reader.value(nameField); got != text+"Gast" {
			t.Errorf("got %q in the form, want what was typed", got)
		}
	}
	if got := scripted.focused(); got != "hints" {
		t.Errorf("the focus is on %q, want the hint", got)
	}
	scripted.axe("a hint")
	scripted.fits(scripted, "de")
	scripted.click(submit)
	scripted.sees(mine, "Hier klicken")
	plain.click(submit)
	plain.sees("h1", "Wartet auf Prüfung")
	nowhere(t, "Hier klicken")
}

func TestWithoutScriptsAPreviewIsAPageAndNoButtonIsDead(t *testing.T) {
	const text = "Erst ansehen, *dann* senden."
	reader := newPlainTab(t)
	reader.open(plenum.base + thread)
	reader.fill(bodyField, text)
	reader.click(previewButton)
	reader.sees(".preview em", "dann")
	if got := reader.value(bodyField); got != text {
		t.Errorf("got %q after the preview, want what was typed", got)
	}
	if dead := eval[[]string](reader, `[...document.querySelectorAll("button[type=button], [data-remember]:not([hidden])")].map(e => e.outerHTML)`); len(dead) > 0 {
		t.Errorf("got controls that do nothing without scripts: %v", dead)
	}
}

func TestTheCounterSpeaksNearTheLimitOnly(t *testing.T) {
	reader := newTab(t)
	reader.open(plenum.base + thread)
	reader.see(".tools")
	long := func(length int) {
		eval[bool](reader, `(field => { field.value = "x".repeat(`+strconv.Itoa(length)+`); return field.dispatchEvent(new InputEvent("input", {bubbles: true})); })(document.querySelector("textarea"))`)
	}
	long(9100)
	reader.sees("[data-count]", "Zeichen übrig: 900")
	long(10001)
	reader.sees("[data-count].error", "Zeichen zu viel: 1")
	reader.fill(nameField, "Gast")
	reader.expect(http.StatusUnprocessableEntity)
	reader.click(submit)
	reader.sees("#body-error", "höchstens 10.000 Zeichen")
	if got := reader.focused(); got != "body" {
		t.Errorf("the focus is on %q, want the text", got)
	}
	if got := len(reader.value(bodyField)); got != 10001 {
		t.Errorf("got %d characters after the error, want all that were typed", got)
	}
	long(20)
	until(t, "the counter is silent", func() bool { return reader.text("[data-count]") == "" })
}

// The pages' policy takes no HTML from a string, so no script of ours can come to do it either.
func TestNoScriptOfAReadersPageCanMakeHTMLOfAString(t *testing.T) {
	reader := newTab(t)
	reader.open(plenum.base + thread)
	reader.see("#comments")
	reader.expectWords("TrustedHTML")
	if got := eval[string](reader, `(() => { try { document.createElement("p").innerHTML = "<b>x</b>"; return "taken"; } catch (e) { return e.name; } })()`); got != "TypeError" {
		t.Errorf("got %s, want the policy to refuse it", got)
	}
}

// What a reader typed is still there where the server is away, and is said in words.
func TestWhatCannotBeSentStaysInTheForm(t *testing.T) {
	reader := newTab(t)
	reader.open(plenum.base + thread)
	reader.see(".tools")
	reader.fill(bodyField, "Ein Satz, der warten muss.")
	reader.fill(nameField, "Gast")
	eval[bool](reader, `(form => { form.action = "/stadtanzeiger/gone"; return true })(document.querySelector("#form"))`)
	reader.expect(http.StatusNotFound)
	reader.click(submit)
	reader.sees("[data-failed]", "Ihr Text steht noch hier")
	if got := reader.value(bodyField); got != "Ein Satz, der warten muss." {
		t.Errorf("got %q in the form", got)
	}
}
