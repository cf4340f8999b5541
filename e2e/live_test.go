package e2e

import "testing"

// What others do arrives by itself, and nothing that is being typed is touched.
func TestTheDeskHearsWhatOthersDo(t *testing.T) {
	const mine, theirs, fresh = "Der Zebrastreifen an der Schule fehlt im Plan.", "Am Bahnhof gibt es doch schon Stellplätze.", "Wer zahlt eigentlich die neuen Schilder?"
	const typed = "Bitte zur Sache"
	post(t, "Gast", mine)
	p := post(t, "Gast", theirs)
	desk, other := newTab(t).signIn(vogt), newTab(t).signIn(weber)
	desk.pick(mine)
	desk.press("m")
	desk.see("#statement:focus")
	desk.do(strokes(typed))

	other.pick(theirs)
	desk.sees(`.list li[data-id="`+p.ID+`"]`, "bei A. Weber")
	other.press("a")
	published(t, theirs)
	desk.sees(`.list li.gone[data-id="`+p.ID+`"]`, "nicht mehr in dieser Liste")
	desk.axe("a list with what is gone")
	post(t, "Gast", fresh)
	desk.sees("#live", "Neues ist eingegangen")
	if got := desk.value("#statement"); got != typed {
		t.Errorf("got %q in the field, want what was typed", got)
	}
	desk.click("#live a")
	desk.sees(".list", fresh)
	desk.see("#decide") // the claim outlived the reload
}

func TestAReaderIsToldOfNewCommentsAndNothingMoves(t *testing.T) {
	const text = "Ich habe die Zählung von damals noch zu Hause liegen."
	p := post(t, "Gast", text)
	reader := newTab(t)
	reader.open(plenum.base + thread)
	reader.see("#comments")
	before := eval[float64](reader, `document.querySelector("ol.thread").getBoundingClientRect().top`)
	desk := newTab(t).signIn(vogt)
	desk.pick(text)
	desk.press("a")
	reader.sees(".fresh", "neuer Kommentar")
	if after := eval[float64](reader, `document.querySelector("ol.thread").getBoundingClientRect().top`); after != before {
		t.Errorf("the thread moved from %v to %v", before, after)
	}
	reader.click(".fresh a")
	reader.see("#c-" + p.ID)
}

// WCAG 2.2, 2.1.4: single keys can be switched off.
func TestSingleKeysCanBeSwitchedOff(t *testing.T) {
	desk := newTab(t).signIn(weber)
	set := func(on bool) {
		desk.open(plenum.base + "/desk/preferences")
		desk.see("#single-keys")
		if eval[bool](desk, `document.querySelector("#single-keys").checked`) != on {
			desk.click("#single-keys")
		}
		desk.click("button.primary")
		desk.see("[role=status]")
	}
	set(false)
	defer set(true)
	desk.open(plenum.base + "/desk/stadtanzeiger/queue")
	desk.see(".calm")
	desk.press("n")
	desk.press("?")
	if got := eval[string](desk, "location.pathname"); got != "/desk/stadtanzeiger/queue" {
		t.Errorf("got to %s by a key that was switched off", got)
	}
	if eval[bool](desk, `document.querySelector("dialog#keys").open`) {
		t.Error("a key that was switched off opened the help")
	}
}
