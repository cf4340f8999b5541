package markup

import "testing"

func TestCleanKeepsEverythingButLineEndsAndTheEdges(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"a\r\nb\rc\nd", "a\nb\nc\nd"},
		{" \r\n a  b\t\r\n", "a  b"},
		{"", ""},
		{"\f a\u0085", "\f a\u0085"},
		{"Jose\u0301 \u202ea\u200d", "Jose\u0301 \u202ea\u200d"},
	} {
		if got := Clean(row.in); got != row.want || Clean(got) != got {
			t.Errorf("Clean(%q): got %q, want %q", row.in, got, row.want)
		}
	}
}

func TestHasControl(t *testing.T) {
	for _, s := range []string{"\x00", "a\x07", "\b", "\v", "\f", "\x1b[31m", "\x7f", "\u0080", "\u009f", "\xff", "\xc0\xaf", "\xed\xa0\xbd"} {
		if !HasControl(s) {
			t.Errorf("HasControl(%q): got false", s)
		}
	}
	for _, s := range []string{"", "a\tb\r\nc\n", "\u202e\u2066", "\u200d\ufeff", "\u2028", "äöü 👩\u200d🚀", "\ufffd", "\U000e0067"} {
		if HasControl(s) {
			t.Errorf("HasControl(%q): got true", s)
		}
	}
}

func TestIsBlank(t *testing.T) {
	for _, s := range []string{"", " \t\n", "\u00a0\u2003\u3000", "\u200b\u200d\ufeff", "\u202e\u202c", "\u3164", "\u2800", "\u115f\u1160", "\u0301\ufe0f", "\u00ad", "\U000e0020"} {
		if !IsBlank(s) {
			t.Errorf("IsBlank(%q): got false", s)
		}
	}
	for _, s := range []string{".", "ä", "\u200bx", "👍", "1", "中", "\u0e01\u0e49", "#"} {
		if IsBlank(s) {
			t.Errorf("IsBlank(%q): got true", s)
		}
	}
}
