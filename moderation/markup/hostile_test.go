package markup

import (
	"strings"
	"testing"
)

// hostile is our own corpus of bodies that want to be more than text. None makes a link unless links says how many, and
// all that was typed is seen.
var hostile = []struct {
	body  string
	links int
}{
	// HTML, whole and broken
	{body: `<script>alert(1)</script>`},
	{body: "<script\n>alert(1)</script\n>"},
	{body: `<img src=x onerror=alert(1)>`},
	{body: `<ImG sRc=x OnErRoR="alert(1)"`},
	{body: `<svg onload=alert(1)>`},
	{body: `<svg><animate onbegin=alert(1) attributeName=x dur=1s>`},
	{body: `<svg><style><img src=x onerror=alert(1)></style></svg>`},
	{body: `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`},
	{body: `<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`},
	{body: `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`},
	{body: `<template><script>alert(1)</script></template>`},
	{body: `<iframe srcdoc="<script>alert(1)</script>">`},
	{body: `<iframe src=javascript:alert(1)>`},
	{body: `<object data=javascript:alert(1)><embed src=javascript:alert(1)>`},
	{body: `<base href=https://evil.example/>`, links: 1},
	{body: `<meta http-equiv=refresh content=0;url=javascript:alert(1)>`},
	{body: `<link rel=stylesheet href=//evil.example/x.css>`},
	{body: `<style>@import '//evil.example/x.css';</style>`},
	{body: `<div style="background:url(javascript:alert(1))">x</div>`},
	{body: `<p id=comments name=body class=staff>Redaktion</p>`},
	{body: `<a href="javascript:alert(1)">x</a>`},
	{body: `<a href=x onmouseover=alert(1)>x</a>`},
	{body: `</p></article></main><h1>Ende</h1>`},
	{body: `--></textarea></title></style></script><b>`},
	{body: "<!-- Kommentar -->\n<!--[if IE]><script>alert(1)</script><![endif]-->"},
	{body: `<![CDATA[<script>alert(1)</script>]]>`},
	{body: `<?php echo 1 ?><?xml version="1.0"?>`},
	{body: `<!DOCTYPE html><html><body onload=alert(1)>`},
	{body: `<plaintext>`},
	{body: `<xmp><img src=x onerror=alert(1)></xmp>`},
	{body: `<select><option><style></select><img src=x onerror=alert(1)>`},
	{body: "<scr<script>ipt>alert(1)</scr</script>ipt>"},
	{body: "<div\n\n<script>\nalert(1)\n\n</script>"},
	{body: `＜script＞alert(1)＜/script＞`},
	{body: "<x\u2028onclick=alert(1)>"},
	// schemes in links
	{body: `[x](javascript:alert(1))`},
	{body: `[x](JaVaScRiPt:alert(1))`},
	{body: "[x](java\tscript:alert(1))"},
	{body: "[x](java\nscript:alert(1))"},
	{body: "[x](\u2000javascript:alert(1))"},
	{body: "[x](\u00adjavascript:alert(1))"},
	{body: `[x](javascript&colon;alert(1))`},
	{body: `[x](&#106;avascript:alert(1))`},
	{body: `[x](&#x6A;&#x61;vascript&#58;alert(1))`},
	{body: `[x](javascript%3Aalert(1))`},
	{body: `[x](<javascript:alert(1)>)`},
	{body: `[x](javascript://example.org/%0aalert(1))`},
	{body: `[x](vbscript:msgbox(1))`},
	{body: `[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`},
	{body: `[x](data:image/svg+xml,<svg/onload=alert(1)>)`},
	{body: `[x](file:///etc/passwd)`},
	{body: `[x](blob:https://example.org/1)`, links: 1},
	{body: `[x](view-source:https://example.org)`, links: 1},
	{body: `[x](mailto:a@example.org) a@example.org <a@example.org>`},
	{body: `[x](tel:110) [x](sms:110) [x](intent://x) [x](steam://run)`},
	{body: `[x](//evil.example) [x](/admin) [x](admin) [x](?a) [x](#a) [x](../)`},
	{body: `[x](\\evil.example) [x](/\evil.example) [x](https:\\evil.example) [x](https:/\evil.example)`},
	{body: `[x](https:evil.example) [x](https:/evil.example) [x](https:///evil.example) [x](http:evil.example)`},
	{body: `[x](https://bank.example@evil.example) https://bank.example:x@evil.example/`},
	{body: "[x](https://bank.example\u202e/gnp.exe)", links: 1},
	{body: "https://bank.example/\u202egnp.exe", links: 1},
	{body: `[x](https://) [x](https://?) [x](https://#) [x](http://.) [x](http://..) [x](http://a..b)`},
	{body: `[x](http://[::1]/) [x](http://localhost) [x](http://0x7f.1) [x](http://127.0.0.1) [x](http://2130706433)`},
	{body: `[x](http://example.org:99999/) [x](http://example.org:80:80/) [x](http://exam_ple.org) [x](http://-a-.org)`},
	{body: `<javascript:alert(1)> <data:text/html,x>`},
	{body: `<https://example.org/"onclick="alert(1)>`, links: 1},
	// breaking out of an attribute
	{body: `[x](https://example.org/"onmouseover="alert(1))`, links: 1},
	{body: `[x](https://example.org/'onmouseover='alert(1))`, links: 1},
	{body: "[x](https://example.org/`onmouseover=alert(1))", links: 1},
	{body: `https://example.org/"><script>alert(1)</script>`, links: 1},
	{body: `https://example.org/?<svg/onload=alert(1)>`, links: 1},
	{body: `[x](https://example.org "onmouseover=alert(1) x=")`, links: 1},
	{body: `[x](https://example.org 'a"><img src=x onerror=alert(1)>')`, links: 1},
	{body: `[x](https://example.org/&quot;onclick=alert(1))`, links: 1},
	{body: "```\" onclick=alert(1) x=\"\ncode\n```"},
	{body: "```</code></pre><script>alert(1)</script>\ncode\n```"},
	{body: "`</code><script>alert(1)</script>`"},
	// images, references, brackets
	{body: `![x](javascript:alert(1))`},
	{body: `![x](https://evil.example/pixel.gif)`, links: 1},
	{body: `![x" onerror="alert(1)](x)`},
	{body: "[a]: javascript:alert(1)\n\n[a] [b][a] ![c][a]"},
	{body: `[[[[x]]](javascript:alert(1))](javascript:alert(2))`},
	{body: `[a [b](https://b.example) c](https://c.example)`, links: 2},
	{body: `[![x](javascript:alert(1))](https://example.org)`, links: 1},
	{body: "[x\n](javascript:alert(1)\n)"},
	{body: `[https://bank.example](https://evil.example)`, links: 2},
	{body: "[\u200b](https://evil.example) [](https://evil.example)", links: 2},
	// entities
	{body: `&lt;script&gt;alert(1)&lt;/script&gt;`},
	{body: `&#60;script&#62; &#x3c;img&#x3e; &#0; &#xD800; &#x202e; &nbsp; &ZeroWidthSpace; &shy;`},
	{body: `&amp;lt;script&amp;gt; &lt &LT; &notanentity; &`},
	// templates and other languages
	{body: `{{constructor.constructor('alert(1)')()}} {% raw %} ${alert(1)} #{1} <%= 1 %> [[${1}]]`},
	{body: `{{template "x"}} {{.}} {{"{{"}}`},
	{body: `$(rm -rf /) '; DROP TABLE comments; -- =cmd|' /C calc'!A0`},
	// tables, footnotes, headings with attributes
	{body: "|a|b|\n|---|---|\n|<img src=x onerror=alert(1)>|c|"},
	{body: "# Titel {#x onclick=alert(1)}\n\nTitel {.x}\n====\n"},
	{body: "x[^1]\n\n[^1]: <script>alert(1)</script>"},
}

func TestHostileBodiesStayText(t *testing.T) {
	for _, row := range hostile {
		rendered := mustRender(t, row.body)
		if got := strings.Count(rendered, "<a "); got != row.links {
			t.Errorf("links in %q: got %d, want %d: %s", row.body, got, row.links, rendered)
		}
		if got := typed(Text(row.body)); row.links == 0 && got != typed(row.body) {
			t.Errorf("seen of %q: got %q", row.body, Text(row.body))
		}
		checkTyped(t, row.body)
	}
}

func TestLinksThatAreNoneAreShownAsTyped(t *testing.T) {
	for _, body := range []string{
		"[x](javascript:alert(1))", "[x](https:evil.example)", "[x](/admin)", "[x](https://a@evil.example)", "![alt](bild.png)",
		"[x]", "[x][y]", "[x]()", "[](x)", "[sic](ja)", "[x](data:text/html,x)",
		"[x](https://example.org/\u202egnp.exe)", "[x](https://example.org/\u200b)", `[x](https://example.org/\@evil.example/)`,
		"[x](ftp://example.org/)", "[x](//example.org)",
	} {
		if got := TextOf(mustRender(t, body)); got != body {
			t.Errorf("got %q, want %q", got, body)
		}
	}
}
