package markup

import "testing"

func TestTextHasTheLinesOfThePage(t *testing.T) {
	for _, row := range []struct{ body, want string }{
		{"", ""},
		{"eins\nzwei\n\ndrei", "eins\nzwei\n\ndrei"},
		{"*a* **b**c `d  e`", "a **b**c d e"},
		{"> Zitat\n\nAntwort", "Zitat\n\nAntwort"},
		{"Gründe:\n- a\n- b\n  - c\n\nEnde", "Gründe:\n\na\nb\nc\n\nEnde"},
		{"1. a\n2. b\n   1. c\n\nEnde", "1. a\n2. b\n1. c\n\nEnde"},
		{"1. a\n\n2. b", "1. a\n\n2. b"},
		{"1. a\n7. b", "1. a\n\n7. b"},
		{"1. > Zitat", "1.\n\nZitat"},
		{"```\na\n\n  b\n```\nc", "a\n\n  b\n\nc"},
		{"[hier](https://example.org) &amp; <b>", "hier &amp; <b>"},
	} {
		if got := Text(row.body); got != row.want {
			t.Errorf("Text(%q)\ngot  %q\nwant %q", row.body, got, row.want)
		}
		mustRender(t, row.body)
	}
}

func TestTextOfLeavesScriptsAndStylesOut(t *testing.T) {
	got := TextOf("<style>p{}</style><p>a&nbsp;b <b>c</b></p><script>x()</script><div>d</div>")
	if want := "a\u00a0b c\n\nd"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNormaliseFoldsWhiteSpace(t *testing.T) {
	if got, want := Normalise("\n a \t b\u00a0c\n\n"), "a b c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
