package triage

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// confusables are letters of other scripts that look like Latin ones, in small letters.
const confusables = "аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsԁdԛqԝwһhӏlαaεeηnιiκkνvοoρpτtυuχxγyıiℓløołlđd"

// digits and marks stand for letters inside a word.
const leet = "0o1i3e4a5s7t8b@a$s!i€e|i"

var confusable, leetspeak = pairs(confusables), pairs(leet)

func pairs(s string) map[rune]rune {
	all, m := []rune(s), map[rune]rune{}
	for i := 0; i+1 < len(all); i += 2 {
		m[all[i]] = all[i+1]
	}
	return m
}

// folded is a text without its disguises; at[i] is the position in the original that rune i came from.
type folded struct {
	runes []rune
	at    []int32
}

// room is an empty text with room for as many runes as most foldings have.
func room(runes int) folded { return folded{make([]rune, 0, runes+8), make([]int32, 0, runes+8)} }

func (f *folded) add(r rune, at int32) {
	f.runes, f.at = append(f.runes, r), append(f.at, at)
}

// span is where runes i to j came from.
func (f folded) span(i, j int) Span {
	return Span{From: int(f.at[i]), To: int(f.at[j-1]) + 1}
}

// fold undoes compatibility forms, accents, look-alikes, invisible characters, digits for letters and spaced letters.
func fold(original []rune) folded {
	return joinSpaced(unleet(skeleton(original)))
}

// skeleton works rune by rune, so that every result has one origin. Marks are dropped: ü is u, in lists as in texts.
func skeleton(original []rune) folded {
	f := room(len(original))
	for from, r := range original {
		i := int32(from)
		if r > ' ' && r < unicode.MaxASCII { // most of every text
			f.add(unicode.ToLower(r), i)
			continue
		}
		for _, d := range norm.NFKD.String(strings.ToLower(string(r))) {
			d = unicode.ToLower(d)
			if latin, ok := confusable[d]; ok {
				d = latin
			}
			switch {
			case d == 'ß':
				f.add('s', i)
				f.add('s', i)
			case unicode.In(d, unicode.Mn, unicode.Me, unicode.Cf):
			case unicode.IsSpace(d):
				f.add(' ', i)
			default:
				f.add(d, i)
			}
		}
	}
	return f
}

// unleet reads digits and marks as letters where they touch a letter on both sides of their run, or lead into one. It
// changes f, as joinSpaced does.
func unleet(f folded) folded {
	for i := 0; i < len(f.runes); {
		j, letters, last := i, 0, i
		for ; j < len(f.runes) && wordlike(f.runes[j]); j++ {
			if unicode.IsLetter(f.runes[j]) {
				letters++
			}
			if isWord(f.runes[j]) {
				last = j + 1 // an exclamation mark at the end of a word is one
			}
		}
		for k := i; letters > 0 && k < last; k++ {
			if letter, ok := leetspeak[f.runes[k]]; ok {
				f.runes[k] = letter
			}
		}
		i = max(j, i+1)
	}
	return f
}

func wordlike(r rune) bool {
	_, ok := leetspeak[r]
	return ok || isWord(r)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// joinSpaced closes "k r e d i t" and "k.r.e.d.i.t": at least four single letters, one separator between each.
func joinSpaced(f folded) folded {
	out := folded{f.runes[:0], f.at[:0]} // shorter, if anything
	for i := 0; i < len(f.runes); {
		n := spacedRun(f.runes, i)
		if n < 4 {
			out.add(f.runes[i], f.at[i])
			i++
			continue
		}
		for k := range n {
			out.add(f.runes[i+2*k], f.at[i+2*k])
		}
		i += 2*n - 1
	}
	return out
}

// spacedRun counts the single letters that begin at i.
func spacedRun(runes []rune, i int) (n int) {
	if i > 0 && isWord(runes[i-1]) {
		return 0
	}
	for ; i < len(runes) && unicode.IsLetter(runes[i]); i += 2 {
		if i+1 < len(runes) && isWord(runes[i+1]) {
			return n
		}
		n++
		if i+1 >= len(runes) || !strings.ContainsRune(" .-_*·,/", runes[i+1]) {
			return n
		}
	}
	return n
}

// squeeze makes one letter of repeated ones.
func (f folded) squeeze() folded {
	out := room(len(f.runes))
	for i, r := range f.runes {
		if i > 0 && r == f.runes[i-1] && unicode.IsLetter(r) {
			out.at[len(out.at)-1] = f.at[i] // a span that ends here takes all of them
			continue
		}
		out.add(r, f.at[i])
	}
	return out
}
