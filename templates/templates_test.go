package templates

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var (
	update  = flag.Bool("update", false, "write the golden files anew")
	preview = flag.String("preview", "", "a folder to write every sample page to, for looking at")
)

// parsed is the set that all tests share: it may be used by many, and takes a while to parse.
var parsed = sync.OnceValues(func() (*Set, error) { return New(func(name string) string { return "/static/" + name }) })

func newSet(t *testing.T) *Set {
	t.Helper()
	set, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func render(t *testing.T, locale, name string, page any) string {
	t.Helper()
	var out bytes.Buffer
	if err := newSet(t).Render(&out, locale, name, page); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestEverySampleRendersInEveryLanguage(t *testing.T) {
	set := newSet(t)
	for _, locale := range Locales() {
		for _, s := range samples() {
			var out bytes.Buffer
			if err := set.Render(&out, locale, s.template, s.page); err != nil {
				t.Errorf("%s %s %s: %v", locale, s.template, s.name, err)
			}
			for _, stain := range []string{"<no value>", "ZgotmplZ", "%!"} {
				if strings.Contains(out.String(), stain) {
					t.Errorf("%s %s %s shows %q", locale, s.template, s.name, stain)
				}
			}
			writePreview(t, locale, s, out.Bytes())
		}
	}
}

func writePreview(t *testing.T, locale string, s sample, page []byte) {
	if *preview == "" {
		return
	}
	name := strings.ReplaceAll(s.template, "/", "-") + "-" + s.name + "-" + locale + ".html"
	if err := os.WriteFile(filepath.Join(*preview, name), page, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Run with -race: handlers share one set.
func TestASetServesManyAtOnce(t *testing.T) {
	set, all := newSet(t), samples()
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for _, s := range all {
				if err := set.Render(io.Discard, "de", s.template, s.page); err != nil {
					t.Error(err)
				}
			}
			if got := set.T("de", "invalid.max", map[string]any{"max": 10000}); got != "Das ist zu lang: höchstens 10.000 Zeichen." {
				t.Error(got)
			}
		})
	}
	running.Wait()
}
