package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A comment that is public is erased on its author's own page, with scripts off: nothing of it is left anywhere.
func TestAnErasedCommentIsGoneEverywhere(t *testing.T) {
	const text = "Das hätte ich besser nicht unter meinem Namen geschrieben."
	reader := newPlainTab(t)
	reader.open(plenum.base + thread)
	own := reader.write("Wilhelmine Reue", text)
	desk := newPlainTab(t).signIn(weber)
	desk.pick(text)
	desk.click(`.actions button[value="approve"]`)
	published(t, text)
	look := newTab(t)
	look.open(own)
	look.axe("an author's page with everything on offer")
	reader.open(own)
	reader.click("#erase summary")
	reader.click("#erase button")
	reader.sees("h1", "Gelöscht")
	nowhere(t, text)
	nowhere(t, "Wilhelmine Reue")
}

// Whoever asks by mail downloads everything under their address, and then erases it; looking at the link changes nothing.
func TestAPersonDownloadsAndErasesEverythingByAMailedLink(t *testing.T) {
	const text, address = "Unter dieser Adresse steht nur ein einziger Satz von mir.", "vergesslich@example.org"
	reader := newTab(t)
	reader.open(plenum.base + thread)
	reader.fill("input[name=email]", address)
	own := reader.write("Gast", text)
	reader.open(plenum.base + "/stadtanzeiger/privacy")
	reader.axe("the privacy notice")
	reader.fill("main input[type=email]", address)
	reader.click("main form button")
	reader.see("[role=status]")
	links := mailed(t, "inquiry", address).prefetch(t)
	reader.open(links[0])
	reader.axe("what can be done with one's data")
	if got := download(t, reader); !strings.Contains(got, text) || !json.Valid([]byte(got)) {
		t.Errorf("got a download without the comment: %.300s", got)
	}
	reader.click("button.danger")
	reader.sees("h1", "Gelöscht")
	reader.status(own, "Gelöscht")
}

// download sends the page's form for the data, as its button does, and reads what comes.
func download(t *testing.T, b *tab) string {
	t.Helper()
	address := eval[string](b, `document.querySelector("form[action*='/export']").action`)
	token := eval[string](b, `document.querySelector("form[action*='/export'] [name=token]").value`)
	answer, err := http.Post(address, "application/x-www-form-urlencoded", strings.NewReader("token="+token))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("got %d, %v", answer.StatusCode, err)
	}
	return string(content)
}
