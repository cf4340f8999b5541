package markup

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// heavy are bodies that are cheap to type and dear to render; each is repeated up to MaxLength.
var heavy = []struct{ name, open, repeat string }{
	{"stars", "", "*"},
	{"openers", "", "*a "},
	{"strong openers", "", "**a *a "},
	{"closers", "", "a* "},
	{"pairs", "", "*a* "},
	{"mixed emphasis", "", "*a_ ~~b*_ "},
	{"both ways", "", ".*.*_._"},
	{"tildes", "", "~~a~"},
	{"open brackets", "", "["},
	{"open brackets with text", "", "[a"},
	{"closed brackets", "", "a]"},
	{"nested links", "", "[a](https://a.de/"},
	{"half links", "", "[a](<b"},
	{"titles", "", "[a](b \""},
	{"images", "", "![a]("},
	{"links", "", "[a](http://a.de)"},
	{"bad links", "", "[*a*](x)"},
	{"brackets in brackets", strings.Repeat("[", 4000), "x](y)"},
	{"addresses", "", "www.a.de "},
	{"schemes", "", "https://"},
	{"colons", "", ":"},
	{"dots", "", "www."},
	{"hosts that lead nowhere", "", "www.---"},
	{"hosts by number", "", "https://a.1/"},
	{"broken escapes", "", "https://a.de/%/"},
	{"closed and opened", "", "](["},
	{"single tildes", "", "~"},
	{"address brackets", "https://a.de/", "()"},
	{"address end", "https://a.de/", ")"},
	{"backticks", "", "`"},
	{"growing backticks", "", " `a ``b ```c "},
	{"code", "", "`\"` "},
	{"backslashes", "", `\`},
	{"entities", "", "&amp;"},
	{"quotation marks", "", `"`},
	{"ampersands in lines", "", "&\n"},
	{"quotes", "", ">"},
	{"quotes and lines", "", ">a\n\n"},
	{"deep quotes", "", ">>>>>>>>a\n\n"},
	{"deep quotes, lazy", strings.Repeat(">", 100), "a\n"},
	{"bullets", "", "- "},
	{"deep lists", "", "- - - - - - - - a\n"},
	{"deep numbers", "", "1. 1. 1. 1. 1. 1. 1. 1. a\n"},
	{"items", "", "- a\n"},
	{"numbers that jump", "", "1. a\n"},
	{"quotes and lists", "", "> - > - > - > - a\n"},
	{"fences", "", "```\n"},
	{"fences with words", "", "```a\n"},
	{"lines", "", "a\n"},
	{"paragraphs", "", "a\n\n"},
	{"spaces", "a", " "},
	{"tabs", "a", "\t"},
	{"spaces before", "a\n", "        b\n"},
	{"tags", "", "<b>"},
	{"comments", "", "<!--"},
	{"references", "", "[a]: b\n"},
	{"wide", "", "\U0001f469\u200d"},
	{"turned round", "", "\u202ea\u202c"},
	{"stacked", "a", "\u0301"},
}

func heavyBody(open, repeat string) string {
	left := MaxLength - utf8.RuneCountInString(open)
	return open + strings.Repeat(repeat, left/utf8.RuneCountInString(repeat))
}

func TestHeavyBodiesDoNotSwell(t *testing.T) {
	for _, row := range heavy {
		t.Run(row.name, func(t *testing.T) {
			body := heavyBody(row.open, row.repeat)
			checkSize(t, body, mustRender(t, body))
			checkTyped(t, Clean(body))
		})
	}
}

func checkSize(t failer, body, rendered string) {
	t.Helper()
	if len(rendered) > 8*len(body) {
		t.Errorf("%d bytes become %d", len(body), len(rendered))
	}
}

func BenchmarkRenderHeavy(b *testing.B) {
	for _, row := range heavy {
		b.Run(row.name, func(b *testing.B) {
			body := heavyBody(row.open, row.repeat)
			for b.Loop() {
				if _, err := Render(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRenderProse(b *testing.B) {
	body := strings.Repeat("Die Leser*innen der **Zeitung** schrieben unter https://example.org/a, dass es [hier](https://example.org) gut sei.\n\n", 4)
	for b.Loop() {
		if _, err := Render(body); err != nil {
			b.Fatal(err)
		}
	}
}
