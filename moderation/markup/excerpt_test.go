package markup_test

import (
	"testing"

	"plenum/moderation/markup"
)

func TestAnExcerptIsWhatTheAuthorWroteHimself(t *testing.T) {
	for body, want := range map[string]string{
		"> kontrollieren, sonst bringt alles nichts\n\nGuter Witz.": "Guter Witz.",
		"> nur ein Zitat":                    "nur ein Zitat",
		"Erst ich.\n\n> du\n\nDann ich":      "Erst ich. Dann ich",
		"Ein Satz, der zu lang ist":          "Ein Satz, der zu…",
		"Donaudampfschifffahrtsgesellschaft": "Donaudampfschifffah…",
		"**fett** und\nzwei Zeilen":          "fett und zwei Zeilen",
	} {
		if got := markup.Excerpt(body, 20); got != want {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
}
