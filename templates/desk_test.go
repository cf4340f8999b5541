package templates

import (
	"testing"
)

func TestDeskOffersWhatFitsAPendingComment(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", fullDesk()))
	d.has("form#decide", "action", "/desk/stadtanzeiger/comments/"+id(21).String()+"/decisions?state=pending")
	d.has("form#decide input[name=version]", "value", "4")
	for key, action := range map[string]string{"a": "approve", "1": "reject:topic", "2": "reject:respect", "s": "spam"} {
		d.has("button[form=decide][data-key="+key+"]", "value", action)
		d.says("button[form=decide][data-key="+key+"] kbd", key)
	}
	d.count(2, "form#decide textarea")
	d.has(".undo button[data-key=u]", "value", "undo")
	d.has(".undo input[name=version]", "value", "3")
	d.says(".undo button", "14 s")
	d.says(".top .tag", "Überfällig")
	d.count(3, ".parent")
	d.says("details.chain .parent", "Jana Reuter")
	d.says(".work [role=status]", "Freigegeben")
	d.count(0, "[style]")
}

func TestDeskListOpensItemsByForm(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", fullDesk()))
	d.count(5, ".list form[action=/desk/stadtanzeiger/claims?state=pending]")
	d.says(".list button[data-key=j]", "Lena")
	d.says(".list button[data-key=k]", "72 min, überfällig")
	d.says(".list .held", "bei A. Weber")
	d.says(".list .here", "38 min")
	d.has(".lanes a[aria-current]", "href", "/desk/stadtanzeiger/queue?state=pending")
	d.has("a[rel=next]", "href", "/desk/stadtanzeiger/queue?state=pending&cursor=n2")
}

func TestAHeldEditIsRejectedByKeyAndRemovedOnPurpose(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", heldDesk()))
	d.has("button[data-key=1]", "value", "reject:topic")
	d.count(4, "form#decide .rules button")
	d.has("form#decide .rules button[value=remove:topic]", "name", "action")
	d.says(".both .was", "Die Parkplätze braucht der Bäcker.")
	d.says("button[data-key=a]", "Änderung freigeben")
	d.says("[role=alert]", "Inzwischen")
	d.says("#statement", "Schon getippt")
	d.says("#note", "Notiert")
}

func TestWhatAnotherHoldsIsReadOnly(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", readOnlyDesk()))
	d.count(0, "form#decide")
	d.count(0, "button[form=decide]")
	d.says(".work .notice.waiting", "A. Weber hat diesen Kommentar geöffnet")
}

func TestADecidedCommentCanBeRemovedRestoredOrReopened(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", decidedDesk()))
	d.has("button[data-key=2]", "value", "remove:respect")
	d.has("button[data-key=a]", "value", "restore")
	d.has("button[data-key=o]", "value", "reopen")
	d.count(0, ".keys button[value=spam]")
}

func TestAnUnclaimedEditIsOpenedFirst(t *testing.T) {
	page := fullDesk()
	page.Open.Mine, page.Open.Actions = false, nil
	d := read(t, render(t, "de", "desk/desk", page))
	d.has(".keys form[action=/desk/stadtanzeiger/claims?state=pending] input[name=id]", "value", id(21).String())
}

func TestTheNextIsOpenedFromAnIdleDesk(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", idleDesk()))
	d.has(".calm form", "action", "/desk/stadtanzeiger/claims?state=pending")
	d.count(0, ".calm input[name=id]")
	d.count(0, "details.menu summary[aria-label]")
	read(t, render(t, "de", "desk/desk", quietDesk())).says("h1", "Hier wartet nichts.")
}

func TestTheDeskSaysThatNoneOfWhatIsListedIsFree(t *testing.T) {
	page := idleDesk()
	page.Taken = true
	d := read(t, render(t, "de", "desk/desk", page))
	d.says(".calm h1", "Nichts davon ist für Sie frei.")
	d.says(".calm [role=status]", "Einsprüche gegen die eigene Entscheidung")
	d.count(5, ".list form")
}

func TestEachKeyIsGivenOnce(t *testing.T) {
	for _, page := range []Desk{fullDesk(), heldDesk(), readOnlyDesk(), decidedDesk(), idleDesk(), quietDesk(), reportedDesk(), appealedDesk(), ownAppeal()} {
		d, seen := read(t, render(t, "en", "desk/desk", page)), map[string]bool{}
		for _, button := range d.all("[data-key]") {
			key, _ := attribute(button, "data-key")
			if seen[key] {
				t.Errorf("two buttons for %q", key)
			}
			seen[key] = true
		}
	}
}

func TestATenthRuleHasAButtonWithoutAKey(t *testing.T) {
	page := fullDesk()
	page.Open.Rules = []Rule{{9, "nine", "Neun", ""}, {10, "ten", "Zehn", ""}}
	d := read(t, render(t, "de", "desk/desk", page))
	d.has("button[value=reject:nine]", "data-key", "9")
	d.count(0, "button[value=reject:ten][data-key]")
}

func TestEveryFieldHasALabelAndEveryIDIsUnique(t *testing.T) {
	for _, s := range samples() {
		if s.template == "public/fragment" {
			continue
		}
		d, ids := read(t, render(t, "de", s.template, s.page)), map[string]int{}
		for _, n := range d.all("[id]") {
			name, _ := attribute(n, "id")
			if ids[name]++; ids[name] > 1 && s.name != "bare" && s.name != "later" {
				t.Errorf("%s %s: id %q twice", s.template, s.name, name)
			}
		}
		for _, field := range append(d.all("input"), d.all("textarea")...) {
			kind, _ := attribute(field, "type")
			name, _ := attribute(field, "id")
			if kind != "hidden" && len(d.all("label[for="+name+"]")) != 1 {
				t.Errorf("%s %s: no label for %q", s.template, s.name, name)
			}
		}
	}
}

func TestSignInKeepsWhereToGoAndSaysWhatWasWrong(t *testing.T) {
	d := read(t, samplePage(t, "desk/signin", "full"))
	d.has("form", "action", "/desk/signin")
	d.has("input[name=next]", "value", "/desk")
	d.has("input[name=email]", "value", "vogt@example.org")
	d.has("input[name=password]", "type", "password")
	d.says("[role=alert]", "stimmt nicht")
}

func TestSeveralAreDecidedTogetherWithoutScripts(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", fullDesk()))
	d.has("form#several", "action", "/desk/stadtanzeiger/batches?state=pending")
	d.count(5, "input[type=checkbox][form=several][name=item]")
	d.has("input[type=checkbox][data-key=x]", "value", id(21).String()+":1")
	d.has("form#several button[value=reject:respect]", "name", "action")
	read(t, render(t, "de", "desk/desk", reportedDesk())).count(0, "form#several")
}

func TestAHeldEditIsShownAsADifference(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", heldDesk()))
	d.says(".diff del", "Der")
	d.says(".diff ins", "Die Parkplätze braucht der")
}

func TestReportsOfACommentAreOneCase(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", reportedDesk()))
	d.count(2, ".case li")
	d.says(".case li b", "rechtswidriger Inhalt")
	d.has("button[data-key=b]", "value", "keep")
	d.has("button[data-key=h]", "value", "unfeature")
	d.has("form[action=/desk/stadtanzeiger/comments/"+id(21).String()+"/branch?state=pending] button[value=remove:respect]", "name", "action")
}

func TestAnAppealIsHeardByAnotherPerson(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", appealedDesk()))
	d.has("form#hear button[data-key=a]", "value", "overturn")
	d.has("form#hear button[data-key=b]", "value", "uphold")
	d.has(".keys button[value=restore]", "form", "decide")
	own := read(t, render(t, "de", "desk/desk", ownAppeal()))
	own.count(0, "form#hear")
	own.says(".case .notice", "sonst moderiert hier niemand")
}

func TestSignalsAreListedWithTheirTerms(t *testing.T) {
	d := read(t, render(t, "de", "desk/desk", fullDesk()))
	d.count(3, ".signals li")
	d.says("ul.signals", "+12 min")
}
