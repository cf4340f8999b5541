// Package triage sorts and explains what waits. Every signal runs over every text; none publishes, none refuses. A signal
// is a pure function of the visible text and a Context that was read before.
package triage

import (
	"context"
	"math"
)

// MaxPriority bounds in minutes how far signals together move a comment ahead of its place by age.
const MaxPriority = 60

// Span is a range of runes in the visible text, To not included.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Signal is what one of the signals says of one text.
type Signal struct {
	Name        string
	Version     int
	Unavailable bool           // it could not be computed; everything below is empty
	Score       float64        // 0 to 1
	Minutes     int            // its term of the priority
	Reason      string         // a key of the locale, empty where there is nothing to say
	Args        map[string]any // of the reason
	Spans       []Span         // in the order of the text
}

// finding is a signal's own part of its result.
type finding struct {
	score  float64
	reason string
	args   map[string]any
	spans  []Span
}

// judge reads a text; false means that what it needs is not there.
type judge func(Text, Context) (finding, bool)

// entry is one signal of the list. A learned signal is one more entry.
type entry struct {
	name    string
	version int
	minutes float64 // of a score of 1
	judge   judge
}

func signals() []entry {
	return []entry{
		{"links", 1, 15, links},
		{"words", 1, 30, words},
		{"duplicate", 1, 20, duplicate},
		{"shouting", 1, 5, shouting},
		{"length", 1, 5, length},
		{"language", 1, 5, language},
		{"nearness", 1, 5, nearness},
		{"record", 1, 10, record},
		{"burst", 1, 5, burst},
	}
}

// Names are the names of all signals, in the order of the list.
func Names() (names []string) {
	for _, e := range signals() {
		names = append(names, e.name)
	}
	return names
}

// Run gives every signal's result, in the order of the list. A signal that panics, or that would begin after ctx is done,
// is unavailable: a comment never waits for its triage, and is never lost by it.
func Run(ctx context.Context, t Text, about Context) []Signal { return run(ctx, signals(), t, about) }

func run(ctx context.Context, list []entry, t Text, about Context) []Signal {
	all := make([]Signal, 0, len(list))
	for _, e := range list {
		all = append(all, e.run(ctx, t, about))
	}
	return all
}

func (e entry) run(ctx context.Context, t Text, about Context) (s Signal) {
	missing := Signal{Name: e.name, Version: e.version, Unavailable: true}
	defer func() {
		if recover() != nil {
			s = missing
		}
	}()
	if ctx.Err() != nil {
		return missing
	}
	f, ok := e.judge(t, about)
	if !ok || math.IsNaN(f.score) {
		return missing
	}
	score := min(max(f.score, 0), 1)
	return Signal{
		Name: e.name, Version: e.version, Score: score, Minutes: int(math.Round(score * e.minutes)),
		Reason: f.reason, Args: f.args, Spans: f.spans,
	}
}

// Priority is the bounded sum of the terms that the desk shows, in minutes.
func Priority(all []Signal) int {
	sum := 0
	for _, s := range all {
		sum += s.Minutes
	}
	return min(max(sum, 0), MaxPriority)
}
