package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"plenum/moderation/markup"
)

// Page is what of an HTML page matters here.
type Page struct {
	Shown []Shown
	Next  *url.URL // a[rel=next]; nil at the end
}

// parsePage finds the comments of a page, each an <article> with its text in .text, and the way on.
func parsePage(answer Answer) (p Page, err error) {
	document, err := html.Parse(bytes.NewReader(answer.Body))
	if err != nil {
		return Page{}, err
	}
	for n := range document.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "article":
			p.Shown = append(p.Shown, Shown{idOf(n), textOf(n)})
		case n.Data == "a" && slices.Contains(strings.Fields(attribute(n, "rel")), "next"):
			if p.Next != nil {
				return Page{}, errors.New("two links rel=next")
			}
			if p.Next, err = answer.URL.Parse(attribute(n, "href")); err != nil {
				return Page{}, err
			}
		}
	}
	return p, nil
}

// idOf is the comment's id: c-ID in its thread; elsewhere a link to that place, which stands with it in one list item.
func idOf(article *html.Node) string {
	if id, found := strings.CutPrefix(attribute(article, "id"), "c-"); found {
		return id
	}
	for n := range article.Parent.Descendants() {
		if _, id, found := strings.Cut(attribute(n, "href"), "#c-"); found && n.Data == "a" {
			return id
		}
	}
	return ""
}

// textOf is the text of the first .text within a comment, as markup reads it.
func textOf(comment *html.Node) string {
	for n := range comment.Descendants() {
		if n.Type == html.ElementNode && slices.Contains(strings.Fields(attribute(n, "class")), "text") {
			var inner strings.Builder
			for child := range n.ChildNodes() {
				if err := html.Render(&inner, child); err != nil {
					return ""
				}
			}
			return markup.Normalise(markup.TextOf(inner.String()))
		}
	}
	return ""
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// pages reads a page and those that follow it by rel=next, at most so many.
func (a *audit) pages(ctx context.Context, path string, most int) (shown []Shown, first int, faults []Fault) {
	for n := range most {
		answer, bad := a.read(ctx, path)
		faults = append(faults, bad...)
		if answer.Status != http.StatusOK {
			return shown, first, faults
		}
		p, err := parsePage(answer)
		if err != nil {
			return shown, first, append(faults, wrong("%s: %v", path, err))
		}
		shown = append(shown, p.Shown...)
		if n == 0 {
			first = len(shown)
		}
		if p.Next == nil {
			return shown, first, faults
		}
		if p.Next.Host != answer.URL.Host {
			return shown, first, append(faults, wrong("%s: the next page is elsewhere: %s", path, p.Next.Host))
		}
		path = p.Next.RequestURI()
	}
	return shown, first, append(faults, extra("%s: the pages do not end", path))
}

// threadPage compares the thread as a page of HTML, all pages of it; and the fragment of it, which is its first page.
func (a *audit) threadPage(ctx context.Context, shelf Shelf) []Fault {
	path := page("/thread?article=%s", url.QueryEscape(shelf.Key))
	shown, first, faults := a.pages(ctx, path, len(shelf.Items)+2)
	faults = append(faults, compare(shown, shelf.Items)...)
	faults = append(faults, below(shown, shelf.Items)...)

	answer, bad := a.read(ctx, path+"&fragment=1")
	fragment, err := parsePage(answer)
	if err != nil || !slices.Equal(fragment.Shown, shown[:first]) {
		bad = append(bad, wrong("the fragment shows %d comments other than the %d of the first page (%v)", len(fragment.Shown), first, err))
	}
	return append(faults, bad...)
}

// overview compares the list of recent comments: the newest first, nothing but approved ones.
func (a *audit) overview(ctx context.Context) []Fault {
	shown, _, faults := a.pages(ctx, page("/"), len(a.public)+2)
	faults = append(faults, onlyThese(shown, a.public)...)
	return append(faults, newest(shown, a.public, newestCount)...)
}
