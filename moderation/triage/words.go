package triage

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"unicode/utf8"
)

// MaxPattern is the longest pattern that a list takes, in characters.
const MaxPattern = 500

// Why a list does not take an entry. The caller has a sentence for each.
var (
	ErrEmpty   = errors.New("entry matches empty text")
	ErrTooLong = errors.New("entry is too long")
	ErrPattern = errors.New("pattern does not compile")
)

// Word is an entry of a site's list.
type Word struct {
	Text    string
	Pattern bool // RE2; otherwise a plain word or phrase, found where it stands as a whole
	Minutes int  // 1 to 30, what it adds to the priority
}

// List is a site's words, made ready once for many texts.
type List struct {
	plain    automaton
	minutes  []int // of plain, by number
	patterns []pattern
}

type pattern struct {
	*regexp.Regexp
	minutes int
}

// NewList makes a list ready. It fails with ErrEmpty, ErrTooLong or ErrPattern.
func NewList(entries []Word) (*List, error) {
	l, plain := &List{}, [][]rune{}
	for _, w := range entries {
		if utf8.RuneCountInString(w.Text) > MaxPattern {
			return nil, ErrTooLong
		}
		if w.Pattern {
			p, err := compile(w.Text)
			if err != nil {
				return nil, err
			}
			l.patterns = append(l.patterns, pattern{p, w.Minutes})
			continue
		}
		runes := fold([]rune(w.Text)).squeeze().runes
		if len(tokens(string(runes))) == 0 {
			return nil, ErrEmpty
		}
		plain, l.minutes = append(plain, runes), append(l.minutes, w.Minutes)
	}
	l.plain = newAutomaton(plain)
	return l, nil
}

// Hits tells whether an entry of the list is in a visible text.
func Hits(l *List, visible string) bool { return len(Places(l, visible)) > 0 }

// Places are where entries of the list stand in a visible text, in its order.
func Places(l *List, visible string) []Span {
	found, _ := words(undisguised(visible), Context{Words: l})
	return found.spans
}

// compile reads a pattern as small letters without accents, as it meets folded text.
func compile(source string) (*regexp.Regexp, error) {
	parsed, err := syntax.Parse(source, syntax.Perl|syntax.FoldCase)
	if err != nil {
		return nil, ErrPattern
	}
	bare(parsed)
	p, err := regexp.Compile(parsed.String())
	if err != nil {
		return nil, ErrPattern
	}
	if p.MatchString("") {
		return nil, ErrEmpty
	}
	return p, nil
}

// bare folds the letters of a pattern's literals.
func bare(re *syntax.Regexp) {
	if re.Op == syntax.OpLiteral {
		re.Rune = skeleton(re.Rune).runes
	}
	for _, sub := range re.Sub {
		bare(sub)
	}
}

// words finds the site's words and patterns in the folded text.
func words(t Text, about Context) (finding, bool) {
	if about.Words == nil {
		return finding{}, false
	}
	spans, minutes := about.Words.find(t)
	if len(spans) == 0 {
		return finding{}, true
	}
	return finding{
		score: float64(minutes) / 30, reason: "signal.words", args: map[string]any{"hits": len(spans)}, spans: inOrder(spans),
	}, true
}

func (l *List) find(t Text) (spans []Span, minutes int) {
	runes := t.squeezed.runes
	for _, h := range l.plain.find(runes) {
		if (h.from > 0 && isWord(runes[h.from-1])) || (h.to < len(runes) && isWord(runes[h.to])) {
			continue
		}
		spans, minutes = append(spans, t.squeezed.span(h.from, h.to)), minutes+l.minutes[h.word]
	}
	for _, p := range l.patterns {
		for _, f := range []folded{t.folded, t.squeezed} {
			s := string(f.runes)
			hits := positions(s, p.FindAllStringIndex(s, -1))
			for _, h := range hits {
				if h.From < h.To {
					spans = append(spans, f.span(h.From, h.To))
				}
			}
			if len(hits) > 0 {
				minutes += p.minutes
				break
			}
		}
	}
	return spans, minutes
}
