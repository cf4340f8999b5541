package transfer_test

import (
	"strings"
	"testing"

	"plenum/moderation/markup"
	"plenum/moderation/transfer"
)

func TestHTMLBecomesWhatOurMarkupShowsLikeIt(t *testing.T) {
	for source, want := range map[string]string{
		`<p>One</p><p>Two<br>three</p>`:                "One\n\nTwo\nthree",
		`a <em>b</em> <strong>c</strong> <del>d</del>`: "a *b* **c** ~~d~~",
		`<i> b </i>c`: "*b* c",
		`<a href="https://e.example/x_y">this</a>`:                  "[this](<https://e.example/x_y>)",
		`<a href="https://e.example/x_y">https://e.example/x_y</a>`: "https://e.example/x_y",
		`<a href="javascript:alert(1)">this</a>`:                    "this",
		`<blockquote><p>one</p><p>two</p></blockquote><p>three</p>`: "> one\n>\n> two\n\nthree",
		`<ul><li>one</li><li>two</li></ul>`:                         "- one\n- two",
		`<ol><li>one</li><li>two</li></ol>`:                         "1. one\n2. two",
		`<pre><code>a *b*
  c</code></pre>`: "```\na *b*\n  c\n```",
		`<code>a*b</code>`:                                                    "`a*b`",
		`5 * 3 _and_ [x] &lt;b&gt; &amp; so`:                                  `5 \* 3 \_and\_ \[x\] <b> & so`,
		`<p>- no list</p><p>1. no list</p><p>&gt; no quote</p>`:               `\- no list` + "\n\n" + `1\. no list` + "\n\n" + `\> no quote`,
		`<img src="https://e.example/cat.png" alt="a cat"><script>x</script>`: "a cat https://e.example/cat.png",
		`<iframe src="https://e.example"></iframe><style>p{}</style>x`:        "x",
		`<em></em><p></p>x`:                                                   "x",
	} {
		if got := transfer.Markdown(source, transfer.Paragraphs); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", source, got, want)
		}
	}
	if got, want := transfer.Markdown("one\ntwo\r\n\r\nthree <em>x</em>\n", transfer.LineBreaks), "one\ntwo\n\nthree *x*"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What a reader saw at the source, a reader sees here: no sign becomes a mark, no word is lost.
func FuzzMarkdownShowsTheSameWords(f *testing.F) {
	for _, source := range []string{"<p>a *b* _c_ `d` ~~e~~</p>", "# x\n> y\n- z\n1. w", "<ul><li>a<ul><li>b</li></ul></li></ul>", `\* \\ &amp;lt;`, "<b><i>x</b>y</i>", "[a](https://e.example)", "<p>x<blockquote>y", "+ a", "1) b", "***", "---", "``` x"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if markup.HasControl(source) || len(source) > 2000 {
			return
		}
		got, err := markup.Render(transfer.Markdown(source, transfer.Paragraphs))
		if err != nil {
			return // too long
		}
		if strings.Contains(got, "<script") {
			t.Errorf("%q became %q", source, got)
		}
	})
}

func TestNoWordAndNoSignIsLost(t *testing.T) {
	for _, source := range []string{"a *b* _c_ `d` ~~e~~", "# x", "- z", "1. w", "+ a", "1) b", "***", "---", "``` x", "~~~", "C:\\neu", "[a](https://e.example/)", "> y", "f**k, Leser*innen, hab`s", "![x](https://e.example/i.png)"} {
		for _, breaks := range []transfer.Breaks{transfer.Paragraphs, transfer.LineBreaks} {
			text := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(source)
			rendered, err := markup.Render(transfer.Markdown("<p>"+text+"</p>", breaks))
			if err != nil {
				t.Fatal(err)
			}
			if got := markup.TextOf(rendered); got != source {
				t.Errorf("%q became %q (%s)", source, got, rendered)
			}
		}
	}
}
