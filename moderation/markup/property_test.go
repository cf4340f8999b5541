package markup

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// marks are the pieces that bodies for the properties are made of: everything that means something to some Markdown.
var marks = []string{
	"*", "**", "***", "_", "__", "~", "~~", "~~~", "`", "``", "```", "```\n", "> ", ">", ">>> ", "- ", "* ", "+ ", "1. ", "2. ", "17. ", "007. ", "1) ",
	"\n", "\n\n", " ", "  \n", "    ", "\t", "\\", "\\\n", "#", "## ", "---", "***\n", "===\n", "|", "[", "]", "(", ")", "!", "![", "<", "</", ">", "<!--", "-->",
	"<b>", "&", "&amp;", "&#65;", ";", ":", "http://", "https://", "www.", ".de", "/", "@", "{{", "}}", "\"", "'", "=", "javascript:",
	"Wort", "ein", "x", "ä", "ß", "1990", "7", "中", "\u0301", "\u200b", "\u202e", "\u00a0", "👍",
}

func bodies(pieces []string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
	})
}

func TestNothingTypedVanishes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := bodies(marks).Draw(t, "body")
		mustRender(t, body)
		checkTyped(t, body)
	})
}

func TestLettersAndDigitsAreSeenOrInAnAddress(t *testing.T) {
	pieces := append([]string{"[Wort](https://a.de/x)", "[x](javascript:y)", "](", "](https://a.de)", "[https://a.de](http://b.de)"}, marks...)
	rapid.Check(t, func(t *rapid.T) {
		body := bodies(pieces).Draw(t, "body")
		rendered := mustRender(t, body)
		left := counts(TextOf(rendered) + strings.Join(hrefs(t, rendered), ""))
		for r, n := range counts(body) {
			if r < unicode.MaxASCII && left[r] < n { // addresses write letters beyond ASCII otherwise
				t.Fatalf("%q typed %d times, there %d times: %q gives %s", r, n, left[r], body, rendered)
			}
		}
	})
}

func TestAnyTextIsRendered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := Clean(rapid.String().Draw(t, "body"))
		if HasControl(body) {
			return
		}
		mustRender(t, body)
		checkTyped(t, body)
	})
}

// counts is how often each letter and digit occurs.
func counts(s string) map[rune]int {
	n := map[rune]int{}
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n[r]++
		}
	}
	return n
}

func FuzzRender(f *testing.F) {
	for _, row := range hostile {
		f.Add(row.body)
	}
	for _, row := range benign {
		f.Add(row.body)
	}
	f.Add(strings.Join(marks, ""))
	f.Fuzz(func(t *testing.T, body string) {
		if _, err := Render(body); err != nil {
			return
		}
		mustRender(t, body)
		checkTyped(t, Clean(body))
	})
}

func FuzzSanitise(f *testing.F) {
	for _, row := range hostile {
		f.Add(row.body)
	}
	f.Fuzz(func(t *testing.T, body string) { checkSanitised(t, body) })
}
