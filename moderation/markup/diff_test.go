package markup

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiffShowsWhatChanged(t *testing.T) {
	got := Diff("Der Radweg wird schmaler, leider.", "Der neue Radweg wird breiter, leider.")
	want := []Piece{{Same, "Der "}, {Added, "neue "}, {Same, "Radweg wird "}, {Removed, "schmaler"}, {Added, "breiter"}, {Same, ", leider."}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func joined(pieces []Piece, without string) string {
	var text strings.Builder
	for _, p := range pieces {
		if p.Op != without {
			text.WriteString(p.Text)
		}
	}
	return text.String()
}

func TestADiffHoldsBothTexts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"ein", "Wort", " ", ", ", "\n\n", "é", "🚲", "\u0301", "."}), 0, 40)
		before, after := strings.Join(text.Draw(r, "before"), ""), strings.Join(text.Draw(r, "after"), "")
		pieces := Diff(before, after)
		if joined(pieces, Added) != before || joined(pieces, Removed) != after {
			r.Fatalf("%q to %q: got %q", before, after, pieces)
		}
		if before == after && len(pieces) > 1 {
			r.Fatalf("the same text twice: got %q", pieces)
		}
	})
}

func TestWhatIsTooLargeToCompareIsShownWhole(t *testing.T) {
	before, after := strings.Repeat("a ", 5000), strings.Repeat("b ", 5000)
	if got := Diff(before, after); joined(got, Added) != before || joined(got, Removed) != after {
		t.Errorf("got %d pieces that are not both texts", len(got))
	}
}
