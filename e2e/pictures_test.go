package e2e

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The README's pictures are made here: go test -run Pictures -screenshots ../docs/images
func TestPicturesOfTheReadme(t *testing.T) {
	page := newTab(t)
	page.do(chromedp.EmulateViewport(1280, 1600))
	page.open(plenum.article)
	frame := page.frame()
	frame.see("#comments article")
	asHighAsItsContent(page, frame)
	eval[float64](page, `scrollTo({top: document.querySelector(".comments").getBoundingClientRect().top + scrollY - 130, behavior: "instant"}), scrollY`)
	page.keep("article.png", 1280, 1600)

	desk := newTab(t).signIn(vogt)
	desk.do(chromedp.EmulateViewport(1360, 900))
	desk.pick("Die Stadtwerke bekommen seit einem halben Jahr")
	desk.press("m")
	desk.see("#statement:focus")
	desk.do(strokes("Wer die Kosten geprüft hat, fragen Sie zu Recht. Ohne den ersten Satz veröffentlichen wir das gern."), strokes(kb.Tab),
		strokes("Die Frage ist berechtigt, der Einstieg nicht."), strokes(kb.Escape))
	desk.keep("desk.png", 1360, 900)
}

// keep takes a picture of what the page shows, and writes it where a folder is given for it.
func (b *tab) keep(name string, width, height int) {
	b.Helper()
	picture := ask(b, chromedp.CaptureScreenshot())
	if size, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || size.Width != width || size.Height != height {
		b.Fatalf("got a picture of %d × %d px, %v, want %d × %d", size.Width, size.Height, err, width, height)
	}
	if *screenshots == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name), picture, 0o644); err != nil {
		b.Fatal(err)
	}
}
