// Package templates turns the struct of a page (pages.go) into its bytes, in the language asked for: pages of the
// reader (public/), of the moderator (desk/), of the demo (demo/), and mails (mail/). It has no behaviour: what is
// shown has been decided above, what is said stands in locale/, and what it looks like stands in static/.
//
//	layout/    the page around a page     partials/  parts that several pages or levels share
//	Set.Render a page                     Set.Mail   a mail, as text and as HTML
//	Set.T      one sentence, for refusals and problems that a handler puts into a page or a JSON answer
//
// A language is one file in locale/; adding one needs nothing else here. Which ones there may be is checked above, and in
// the schema.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	texttemplate "text/template"
)

//go:embed layout partials public desk demo mail locale
var files embed.FS

// Set holds every template of every language, parsed. It may be used by many at once.
type Set struct {
	languages map[string]*language
}

// language is all there is in one language: its sentences, and the templates bound to them.
type language struct {
	words *words
	pages map[string]*template.Template     // "public/thread"
	texts map[string]*texttemplate.Template // "mail/received"
}

// New parses all templates once for each language. Asset gives the address of a static file by its name.
func New(asset func(name string) string) (*Set, error) {
	set := &Set{languages: map[string]*language{}}
	for _, locale := range Locales() {
		l, err := newLanguage(locale, asset)
		if err != nil {
			return nil, fmt.Errorf("templates in %s: %w", locale, err)
		}
		set.languages[locale] = l
	}
	return set, nil
}

// Render executes the template of a page and writes it whole or, on an error, not at all. Names are the paths of the
// files without their ending: "public/thread", "desk/desk". An unknown locale is shown in the first language.
func (s *Set) Render(w io.Writer, locale, name string, page any) error {
	t, ok := s.language(locale).pages[name]
	if !ok {
		return fmt.Errorf("render %s: no such template", name)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	if _, err := out.WriteTo(w); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	return nil
}

// T says one sentence. Args fill its places; an integer is written as the language writes numbers, and "count"
// chooses the plural. An unknown key, or a place left empty, gives the key itself: seen at once, and never an error page.
func (s *Set) T(locale, key string, args map[string]any) string {
	sentence, err := s.language(locale).words.say(key, args)
	if err != nil {
		return key
	}
	return sentence
}

func (s *Set) language(locale string) *language { return s.languages[Match(locale)] }

func newLanguage(locale string, asset func(string) string) (*language, error) {
	w, err := newWords(locale)
	if err != nil {
		return nil, err
	}
	l := &language{words: w}
	if l.pages, err = parsePages(funcs(w, asset)); err != nil {
		return nil, err
	}
	l.texts, err = parseTexts(funcs(w, asset))
	return l, err
}

// parsePages gives every page a set of its own, because each fills the same blocks of its layout, with the shared
// templates that it calls: a copy of all of them would be a megabyte for each page.
func parsePages(funcs template.FuncMap) (map[string]*template.Template, error) {
	shared, err := template.New("shared").Funcs(funcs).ParseFS(files, "layout/*.html", "partials/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, file := range pageFiles() {
		page, err := template.New(path.Base(file)).Funcs(funcs).ParseFS(files, file)
		if err == nil {
			err = adopt(page, shared)
		}
		if err != nil {
			return nil, err
		}
		pages[strings.TrimSuffix(file, ".html")] = page
	}
	return pages, nil
}

func parseTexts(funcs texttemplate.FuncMap) (map[string]*texttemplate.Template, error) {
	shared, err := texttemplate.New("shared").Funcs(funcs).ParseFS(files, "layout/*.txt", "mail/*.txt")
	if err != nil {
		return nil, err
	}
	texts := map[string]*texttemplate.Template{}
	for _, file := range matching("mail/*.txt") {
		texts[strings.TrimSuffix(file, ".txt")] = shared.Lookup(path.Base(file))
	}
	return texts, nil
}

func pageFiles() []string {
	return matching("public/*.html", "desk/*.html", "demo/*.html", "mail/*.html")
}

func matching(patterns ...string) []string {
	var all []string
	for _, pattern := range patterns {
		found, err := fs.Glob(files, pattern)
		if err != nil {
			panic(err) // a pattern of ours is malformed
		}
		all = append(all, found...)
	}
	return all
}
