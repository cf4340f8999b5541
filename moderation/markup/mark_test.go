package markup

import (
	"regexp"
	"testing"
)

var (
	markSups = regexp.MustCompile(`<sup>[0-9]+</sup></mark>`)
	markTags = regexp.MustCompile(`</?mark>`)
)

func TestMarkNumbersPassagesInsideTheirElements(t *testing.T) {
	for _, c := range []struct {
		body     string
		passages []Passage
		want     string
	}{
		{"Ein Wort hier", []Passage{{1, 4, 8}}, "<p>Ein <mark>Wort<sup>1</sup></mark> hier</p>"},
		{"Ein *gutes* Wort", []Passage{{2, 0, 9}}, "<p><mark>Ein<sup>2</sup></mark> <em><mark>gutes<sup>2</sup></mark></em> Wort</p>"},
		{"a & b", []Passage{{1, 2, 3}}, "<p>a <mark>&amp;<sup>1</sup></mark> b</p>"},
		{"kurz", []Passage{{1, 2, 900}}, "<p>ku<mark>rz<sup>1</sup></mark></p>"},
	} {
		rendered, err := Render(c.body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Mark(rendered, c.passages)
		if err != nil || Normalise(got) != c.want {
			t.Errorf("%q: got %q, %v, want %q", c.body, got, err, c.want)
		}
	}
}

func FuzzMarkKeepsWhatIsVisible(f *testing.F) {
	f.Add("Ein *gutes* Wort\n\n1. a\n2. b\n\n```\n\nx  y\n```", 3, 9, 5, 20)
	f.Add("<b> & https://x.example/?a=1&b", 0, 4, 2, 9)
	f.Fuzz(func(t *testing.T, body string, a, b, c, d int) {
		rendered, err := Render(body)
		if err != nil {
			return
		}
		got, err := Mark(rendered, []Passage{{1, a, b}, {2, c, d}})
		if err != nil {
			t.Fatal(err)
		}
		plain := markTags.ReplaceAllString(markSups.ReplaceAllString(got, "</mark>"), "")
		if TextOf(plain) != TextOf(rendered) {
			t.Errorf("%q: shows %q, want %q", body, TextOf(plain), TextOf(rendered))
		}
		// Both sides are written by the same serialiser: it has its own way with <br/> and quotes.
		clean, err := Mark(sanitise(plain), nil)
		if err != nil || clean != plain {
			t.Errorf("%q: the sanitiser makes %q of %q, %v", body, clean, plain, err)
		}
	})
}
