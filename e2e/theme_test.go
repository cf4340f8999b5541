package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// element puts a <plenum-thread> with these attributes into the article page, in place of its frame, and answers the
// page inside.
func (b *tab) element(attributes ...string) *tab {
	b.Helper()
	b.open(plenum.article)
	set := ""
	for i := 0; i < len(attributes); i += 2 {
		set += fmt.Sprintf("thread.setAttribute(%q, %q);", attributes[i], attributes[i+1])
	}
	ask(b, chromedp.Poll[bool](`!!customElements.get("plenum-thread")`))
	eval[bool](b, `(() => {
		const thread = document.createElement("plenum-thread");
		thread.setAttribute("site", "stadtanzeiger"); thread.setAttribute("article", "wehr");`+set+`
		document.querySelector("iframe").replaceWith(thread);
		return true;
	})()`)
	until(b.T, "the old frame is gone", func() bool { return !strings.Contains(b.frame().address(), "radweg") })
	frame := b.frame()
	frame.sees("#comments", "Heiko Lammers")
	return frame
}

// contrasts measures, as the page paints them, the ratio of a link to its ground and that of a button's words to theirs.
const contrasts = `(() => {
	const drawn = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const rgb = colour => { drawn.fillStyle = colour; drawn.fillRect(0, 0, 1, 1); return [...drawn.getImageData(0, 0, 1, 1).data].slice(0, 3); };
	const light = colour => { const [r, g, b] = rgb(colour).map(n => (n /= 255) <= .04045 ? n / 12.92 : ((n + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
	const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
	const style = selector => getComputedStyle(document.querySelector(selector));
	const link = style("body > footer a").color;
	return [ratio(link, style("body").backgroundColor), ratio(link, style(".form").backgroundColor), ratio(style(".primary").color, style(".primary").backgroundColor)];
})()`

const accent = `getComputedStyle(document.querySelector("body > footer a")).color`

// An accent that could not be read is made so, by day and by night; one that can is taken as it is.
func TestAnAccentIsAlwaysReadable(t *testing.T) {
	page := newTab(t)
	frame := page.element("accent", "#7a0019", "font", "Georgia, serif", "radius", "0")
	for given, kept := range map[string]string{"#7a0019": "rgb(122, 0, 25)", "#ffe600": "", "#fff": "", "#000000": "rgb(0, 0, 0)", "#00b7ff": "", "#888888": ""} {
		eval[bool](page, fmt.Sprintf(`(() => { document.querySelector("plenum-thread").setAttribute("accent", %q); return true })()`, given))
		for _, scheme := range []string{"light", "dark"} {
			page.scheme(scheme)
			frame.scheme(scheme)
			until(t, "the frame is "+scheme, func() bool { return frame.dark() == (scheme == "dark") })
			until(t, given+" is read in "+scheme, func() bool {
				for _, ratio := range eval[[]float64](frame, contrasts) {
					if ratio < 4.5 {
						return false
					}
				}
				return true
			})
			if got := eval[string](frame, accent); scheme == "light" && kept != "" {
				until(t, given+" is taken as it is, not "+got, func() bool { return eval[string](frame, accent) == kept })
			}
		}
	}
}

// The look that the page asks for is that of each page in the frame, from its first paint on; what is not exactly of
// its form changes nothing.
func TestTheFrameWearsTheLookOfThePage(t *testing.T) {
	page := newTab(t)
	look := func(frame *tab) string {
		return eval[string](frame, `[`+accent+`, getComputedStyle(document.body).fontFamily, getComputedStyle(document.querySelector("body")).getPropertyValue("--radius")].join(" | ")`)
	}
	const want = "rgb(122, 0, 25) | Georgia, serif | 0px"
	frame := page.element("accent", "#7a0019", "font", "Georgia, serif", "radius", "0", "scheme", "light")
	if got := look(frame); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if eval[bool](frame, `/accent|font|7a0019/.test(location.href)`) {
		t.Errorf("the look is in the address %s: each would be a page of its own to a cache", frame.address())
	}
	frame.click(".bar nav a:nth-child(2)")
	until(t, "the next page is there", func() bool { return strings.Contains(frame.address(), "sort=newest") })
	frame.see("#comments article")
	if got := look(frame); got != want {
		t.Errorf("got %s on the next page, want %s", got, want)
	}

	plain := newTab(t).element()
	own := look(plain)
	for name, value := range map[string]string{"accent": "red;--paper:#000", "font": "x;} body{display:none", "radius": "99rem", "scheme": "blue"} {
		if got := look(newTab(t).element(name, value)); got != own {
			t.Errorf("got %s with %s=%q, want %s", got, name, value, own)
		}
	}
}
