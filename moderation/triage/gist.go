package triage

import (
	"hash/maphash"
	"slices"
)

// Gist is what two texts are compared by: numbers that stand for their runs of letters and for the stems of their words.
// It holds nothing that could be read, and means something within one process only. The zero value is of an empty text.
type Gist struct{ shingles, stems set }

// bytes is the memory that a gist takes.
func (g Gist) bytes() int { return 4 * (len(g.shingles) + len(g.stems)) }

// set are numbers in their order, each once.
type set []uint32

// seed makes the numbers of this process. Of two different things one in four thousand millions has the same.
var seed = maphash.MakeSeed()

func number[T comparable](of T) uint32 { return uint32(maphash.Comparable(seed, of)) }

func newSet(numbers []uint32) set {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// shared counts what both have. As soon as that is sure to be less than least, it says 0.
func (s set) shared(other set, least int) (n int) {
	for i, j := 0, 0; i < len(s) && j < len(other); {
		switch {
		case s[i] < other[j]:
			i++
		case s[i] > other[j]:
			j++
		default:
			i, j, n = i+1, j+1, n+1
			continue
		}
		if n+min(len(s)-i, len(other)-j) < least {
			return 0
		}
	}
	return n
}
