// Package markup is what a commenter may write, rendered to safe HTML.
//
//	body ── Clean ──► parser (blocks, inlines, links, addresses)   only what we take, the rest stays text
//	                    │
//	                  writer (write, write_inlines)                escapes everything it did not write itself
//	                    │
//	                  sanitiser (sanitise)                         an allow-list that trusts nobody; the last to touch the HTML
//	                    │
//	HTML ── TextOf ──► plain text for mails, feeds and comparison
//
// The language is a small part of Markdown: paragraphs, line breaks (one newline is one), *emphasis*, **strong**,
// ~~strikethrough~~, quotes, lists, code and links. There is no HTML, no entity, no heading, no rule, no image, no table and
// no reference: what looks like one is shown as it was typed. Nothing that a reader typed vanishes, except the marks that
// did their work and the address behind a link, which is in its href.
package markup

import "errors"

// Version names the rules by which Render works. It is stored beside the HTML and raised whenever the same body would give
// other HTML, so that stored HTML can be found and rendered anew.
const Version = 1

// MaxLength is the length of the longest body that Render takes, in characters (runes) after Clean.
const MaxLength = 10000

// Why Render refuses a body.
var (
	ErrTooLong = errors.New("markup: body is longer than MaxLength")
	ErrControl = errors.New("markup: body holds control characters or is not UTF-8")
)

// Render turns a body, cleaned or not, into HTML that may stand in a page as it is. It holds p, br, em, strong, del,
// blockquote, ul, ol (start), li, pre, code and a (href, rel, target) and nothing else; links go to http and https only and
// open outside the frame. A body with anything visible in it gives HTML with something visible in it; an empty body gives "".
// The only errors are ErrTooLong and ErrControl.
func Render(body string) (string, error) {
	body = Clean(body)
	if longer(body, MaxLength) {
		return "", ErrTooLong
	}
	if HasControl(body) {
		return "", ErrControl
	}
	return sanitise(draft(body)), nil
}

// draft is the HTML of a clean body before the sanitiser. A body of nothing but marks (a lone ">") is shown as typed.
func draft(body string) string {
	source := []byte(body + "\n") // the parser is at its best with whole lines: of "```0" it would drop the 0
	w := writer{source: source}
	w.blocks(parse(source))
	if !w.visible {
		return asTyped(body)
	}
	return w.String()
}

// longer reports whether s has more than limit runes, without reading on once that is known.
func longer(s string, limit int) bool {
	if len(s) <= limit {
		return false
	}
	for range s {
		if limit--; limit < 0 {
			return true
		}
	}
	return false
}
