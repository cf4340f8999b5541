package triage

// automaton finds many words in one pass over a text (Aho and Corasick, 1975).
type automaton []state

type state struct {
	next  map[rune]int
	fail  int // where to go on when no letter fits
	words []int
	depth int
	out   int // the next state on the way of fail that ends a word; 0: none
}

type hit struct{ word, from, to int }

func newAutomaton(words [][]rune) automaton {
	a := automaton{{next: map[rune]int{}}}
	for number, word := range words {
		at := 0
		for _, r := range word {
			to, ok := a[at].next[r]
			if !ok {
				to = len(a)
				a[at].next[r] = to
				a = append(a, state{next: map[rune]int{}, depth: a[at].depth + 1})
			}
			at = to
		}
		a[at].words = append(a[at].words, number)
	}
	a.link()
	return a
}

// link sets the ways back, breadth first: they lead to shorter states, which are linked already.
func (a automaton) link() {
	queue := []int{0}
	for len(queue) > 0 {
		from := queue[0]
		queue = queue[1:]
		for r, to := range a[from].next {
			if from != 0 {
				a[to].fail = a.step(a[from].fail, r)
			}
			if back := a[to].fail; len(a[back].words) > 0 {
				a[to].out = back
			} else {
				a[to].out = a[back].out
			}
			queue = append(queue, to)
		}
	}
}

func (a automaton) step(at int, r rune) int {
	for {
		if to, ok := a[at].next[r]; ok || at == 0 {
			return to
		}
		at = a[at].fail
	}
}

func (a automaton) find(text []rune) (hits []hit) {
	at := 0
	for i, r := range text {
		at = a.step(at, r)
		for s := at; s != 0; s = a[s].out {
			for _, word := range a[s].words {
				hits = append(hits, hit{word: word, from: i + 1 - a[s].depth, to: i + 1})
			}
		}
	}
	return hits
}
