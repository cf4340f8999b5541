package static

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// WCAG 2.2 §1.4.3 asks for 4.5:1 of text, §1.4.11 for 3:1 of the edge of a field.
func TestEveryTextStandsOutInBothSchemes(t *testing.T) {
	text := map[string][]string{
		"ink":    {"paper", "mist", "accent-soft", "amber-soft", "red-soft", "blue-soft"},
		"stone":  {"paper", "mist", "blue-soft", "red-soft", "amber-soft", "accent-soft"},
		"accent": {"paper", "mist", "accent-soft", "blue-soft"},
		"amber":  {"paper", "amber-soft", "blue-soft"},
		"red":    {"paper", "mist", "red-soft", "blue-soft"},
		"blue":   {"paper", "blue-soft"},
		"paper":  {"accent"},
	}
	for i, scheme := range []string{"light", "dark"} {
		colours := raw(t, "tokens.css", i)
		for front, backs := range text {
			for _, back := range backs {
				atLeast(t, 4.5, scheme+": "+front+" on "+back, colours[front], colours[back])
			}
		}
		for _, back := range []string{"paper", "mist"} {
			atLeast(t, 3, scheme+": edge of a field on "+back, colours["stone"], colours[back])
			atLeast(t, 3, scheme+": focus on "+back, colours["blue"], colours[back])
		}
		demo := raw(t, "demo/demo.css", i)
		for _, front := range []string{"print", "faded", "mark"} {
			atLeast(t, 4.5, scheme+": demo "+front, demo[front], demo["sheet"])
		}
		atLeast(t, 4.5, scheme+": demo notice", demo["print"], demo["note"])
	}
}

func atLeast(t *testing.T, want float64, what, a, b string) {
	t.Helper()
	if got := contrast(t, a, b); got < want {
		t.Errorf("%s: %.2f:1, want %.1f:1", what, got, want)
	}
}

// raw reads --name: light-dark(#light, #dark).
func raw(t *testing.T, path string, scheme int) map[string]string {
	t.Helper()
	css, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)`).FindAllStringSubmatch(string(css), -1) {
		colours[m[1]] = m[2+scheme]
	}
	return colours
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is WCAG's relative luminance of an sRGB colour.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		t.Fatal(fmt.Errorf("colour %q: %w", hex, err))
	}
	sum := 0.0
	for shift, weight := range map[int]float64{16: 0.2126, 8: 0.7152, 0: 0.0722} {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
