package markup

import (
	"strings"
	"unicode"
)

// Piece is a run of text that two versions share, or that one of them has. Op is Same, Added or Removed.
type Piece struct{ Op, Text string }

// What a piece is.
const (
	Same    = "same"
	Added   = "added"
	Removed = "removed"
)

// maxCells bounds the table of the comparison, of two bytes a cell: two texts of 10,000 characters fit.
const maxCells = 16_000_000

// Diff compares two texts word by word. Same and Removed pieces together are the old text, Same and Added the new one.
// Texts whose differing parts are too large to compare are given as one removed and one added piece.
func Diff(before, after string) (pieces []Piece) {
	a, b := words(before), words(after)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var d differ
	d.add(Same, a[:start]...)
	d.middle(a[start:len(a)-end], b[start:len(b)-end])
	d.add(Same, a[len(a)-end:]...)
	return d.pieces
}

type differ struct{ pieces []Piece }

// add joins what follows a piece of its own kind.
func (d *differ) add(op string, words ...string) {
	text := strings.Join(words, "")
	if text == "" {
		return
	}
	if n := len(d.pieces); n > 0 && d.pieces[n-1].Op == op {
		d.pieces[n-1].Text += text
		return
	}
	d.pieces = append(d.pieces, Piece{op, text})
}

// middle follows the longest common subsequence of the parts that differ.
func (d *differ) middle(a, b []string) {
	if len(a)*len(b) > maxCells {
		d.add(Removed, a...)
		d.add(Added, b...)
		return
	}
	length := common(a, b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add(Same, a[i])
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			d.add(Removed, a[i])
			i++
		default:
			d.add(Added, b[j])
			j++
		}
	}
	d.add(Removed, a[i:]...)
	d.add(Added, b[j:]...)
}

// common is, for each pair of ends, how many words their texts share in order.
func common(a, b []string) [][]uint16 {
	length := make([][]uint16, len(a)+1)
	for i := range length {
		length[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	return length
}

// words cuts a text into words and what stands between them; joined they are the text.
func words(text string) (all []string) {
	from, inside := 0, false
	for i, r := range text {
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		if i > from && (!word || !inside) {
			all = append(all, text[from:i])
			from = i
		}
		inside = word
	}
	if from < len(text) {
		all = append(all, text[from:])
	}
	return all
}
