package markup

import (
	"errors"
	"strings"
	"testing"
)

// link is a link as Render writes it.
func link(href, text string) string {
	return `<a href="` + href + `" rel="nofollow ugc noopener noreferrer" target="_blank">` + text + `</a>`
}

func TestRenderWritesTheSubset(t *testing.T) {
	for _, row := range []struct{ body, want string }{
		{"", ""},
		{"Ja", "<p>Ja</p>\n"},
		{"eins\nzwei", "<p>eins<br>\nzwei</p>\n"},
		{"eins  \r\nzwei\r\rdrei", "<p>eins<br>\nzwei</p>\n<p>drei</p>\n"},
		{"*so* _so_ **so** __so__ ~~so~~", "<p><em>so</em> <em>so</em> <strong>so</strong> <strong>so</strong> <del>so</del></p>\n"},
		{"***beides***", "<p><em><strong>beides</strong></em></p>\n"},
		{"> Zitat\n> weiter\n\nAntwort", "<blockquote>\n<p>Zitat<br>\nweiter</p>\n</blockquote>\n<p>Antwort</p>\n"},
		{"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
		{"* a\n\n* b", "<ul>\n<li><p>a</p></li>\n<li><p>b</p></li>\n</ul>\n"},
		{"- a\n\n  + b\n\n- c", "<ul>\n<li><p>a</p>\n<p>+ b</p></li>\n<li><p>c</p></li>\n</ul>\n"},
		{"1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		{"1. a\n3. b", "<ol>\n<li>a</li>\n</ol>\n<ol start=\"3\">\n<li>b</li>\n</ol>\n"},
		{"1. a\n1. b", "<ol>\n<li>a</li>\n</ol>\n<ol>\n<li>b</li>\n</ol>\n"},
		{"ein `<b>` hier", "<p>ein <code>&lt;b&gt;</code> hier</p>\n"},
		{"```\na < b\n\n  c\n```", "<pre><code>a &lt; b\n\n  c\n</code></pre>\n"},
		{"```go\nx\n```", "<pre><code>go\nx\n</code></pre>\n"},
		{"[hier](https://example.org/a?b=1&c=2)", "<p>" + link("https://example.org/a?b=1&amp;c=2", "hier") + "</p>\n"},
		{"[*hier*](http://example.org)", "<p>" + link("http://example.org", "<em>hier</em>") + "</p>\n"},
		{"Siehe https://example.org/x.", "<p>Siehe " + link("https://example.org/x", "https://example.org/x") + ".</p>\n"},
		{"www.example.org", "<p>" + link("https://www.example.org", "www.example.org") + "</p>\n"},
		{`\*nicht kursiv\*`, "<p>*nicht kursiv*</p>\n"},
	} {
		if got := mustRender(t, row.body); got != row.want {
			t.Errorf("Render(%q)\ngot  %q\nwant %q", row.body, got, row.want)
		}
	}
}

func TestRenderRefusesWhatIsTooLong(t *testing.T) {
	if _, err := Render("  " + strings.Repeat("ä", MaxLength) + "\r\n"); err != nil {
		t.Errorf("a body of MaxLength characters: %v", err)
	}
	long := strings.Repeat("ä", MaxLength+1)
	if _, err := Render(long); !errors.Is(err, ErrTooLong) {
		t.Errorf("one character more: got %v, want ErrTooLong", err)
	}
	if got := Text(long); got != long {
		t.Errorf("Text of a refused body: got %.40q, want it as typed", got)
	}
}

func TestRenderRefusesControlCharacters(t *testing.T) {
	for _, body := range []string{"a\x00b", "a\x1bb", "a\u0085b", "a\x7f", "a\xffb", "\xed\xa0\x80"} {
		if _, err := Render(body); !errors.Is(err, ErrControl) {
			t.Errorf("Render(%q): got %v, want ErrControl", body, err)
		}
	}
}

func TestRenderNestsEightDeepAndKeepsTheRest(t *testing.T) {
	quote := mustRender(t, strings.Repeat(">", 40)+" unten")
	if got := strings.Count(quote, "<blockquote>"); got != 8 {
		t.Errorf("quotes: got %d, want 8", got)
	}
	list := mustRender(t, strings.Repeat("- ", 40)+"unten")
	if got := strings.Count(list, "<ul>"); got != 8 {
		t.Errorf("lists: got %d, want 8", got)
	}
	emphasis := mustRender(t, strings.Repeat("*a **b ", 20)+"unten"+strings.Repeat(" c** d*", 20))
	if got := strings.Count(emphasis, "<em>") + strings.Count(emphasis, "<strong>"); got == 0 || deepest(emphasis) > 8 {
		t.Errorf("emphasis: %d elements, %d deep, want up to 8 deep", got, deepest(emphasis))
	}
	for _, rendered := range []string{quote, list, emphasis} {
		if !strings.Contains(TextOf(rendered), "unten") {
			t.Errorf("the text at the bottom is lost in %s", rendered)
		}
	}
}

// deepest is how far em and strong are nested.
func deepest(rendered string) int {
	depth, most := 0, 0
	for _, part := range strings.SplitAfter(rendered, ">") {
		switch {
		case strings.HasSuffix(part, "</em>"), strings.HasSuffix(part, "</strong>"):
			depth--
		case strings.HasSuffix(part, "<em>"), strings.HasSuffix(part, "<strong>"):
			depth++
		}
		most = max(most, depth)
	}
	return most
}

func TestRenderStopsAtAHundredLinksAndBlocks(t *testing.T) {
	links := mustRender(t, strings.Repeat("www.a.de ", 300))
	if got := strings.Count(links, "<a "); got != maxLinks {
		t.Errorf("links: got %d, want %d", got, maxLinks)
	}
	if got := strings.Count(TextOf(links), "www.a.de"); got != 300 {
		t.Errorf("addresses shown: got %d, want 300", got)
	}
	quotes := mustRender(t, strings.Repeat("> a\n\nb\n\n", 300))
	if got := strings.Count(quotes, "<blockquote>"); got != maxBlocks {
		t.Errorf("quotes: got %d, want %d", got, maxBlocks)
	}
}
