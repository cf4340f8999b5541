package triage

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestSiteWordsAreFoundInDisguise(t *testing.T) {
	list, err := NewList([]Word{{Text: "Kredit", Minutes: 10}, {Text: "kommen sie", Minutes: 5}, {Text: `für\s+gratis`, Pattern: true, Minutes: 5}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, marked string }{
		{"Ein Kredit hilft", "Kredit"},
		{"Ein K r e d i t hilft", "K r e d i t"},
		{"Ein K.r.e.d.i.t hilft", "K.r.e.d.i.t"},
		{"Ein Kr3d1t hilft", "Kr3d1t"},
		{"Ein \u041ar\u0435d\u0456t hilft", "\u041ar\u0435d\u0456t"},
		{"Ein Kre\u200bdit hilft", "Kre\u200bdit"},
		{"Ein KREEEEDIT hilft", "KREEEEDIT"},
		{"Ein Kredit! Hilft", "Kredit"},
		{"Ein Kredi\u0301t hilft", "Kredi\u0301t"},
		{"Ein \uff2bredit hilft", "\uff2bredit"},
		{"Bitte kommen Sie bald", "kommen Sie"},
		{"Alles FUR  gratis heute", "FUR  gratis"},
		{"Akkreditierung und Kreditor", ""},
		{"Im Jahr 2024 war das so", ""},
	} {
		spans, _ := list.find(undisguised(c.text))
		got := ""
		for _, s := range spans {
			got += string([]rune(c.text)[s.From:s.To])
		}
		if got != c.marked {
			t.Errorf("%q: marked %q, want %q", c.text, got, c.marked)
		}
	}
}

func TestAListRefusesWhatItCannotMatch(t *testing.T) {
	for _, c := range []struct {
		word Word
		want error
	}{
		{Word{Text: "(", Pattern: true}, ErrPattern},
		{Word{Text: "a*", Pattern: true}, ErrEmpty},
		{Word{Text: strings.Repeat("a", MaxPattern+1), Pattern: true}, ErrTooLong},
		{Word{Text: " \u200b"}, ErrEmpty},
	} {
		if _, err := NewList([]Word{c.word}); !errors.Is(err, c.want) {
			t.Errorf("%q: got %v, want %v", c.word.Text, err, c.want)
		}
	}
}

func TestSignalsSayWhyTheySort(t *testing.T) {
	many, said := 40, "Die neue Brücke über den Fluss wird im nächsten Jahr gebaut und kostet viele Millionen."
	for _, c := range []struct {
		name, text, reason string
		about              Context
	}{
		{"links", "Mehr auf https://spam.example/x", "signal.links", Context{}},
		{"links", "Das sehe ich anders.", "", Context{}},
		{"shouting", "DAS IST UNGLAUBLICH", "signal.shouting", Context{}},
		{"shouting", "Neiiiiin, bitte nicht", "signal.shouting", Context{}},
		{"shouting", "Die NATO tagt in Berlin.", "", Context{}},
		{"length", "!?", "signal.empty", Context{}},
		{"length", "ja", "signal.short", Context{}},
		{"length", "Das sehe ich anders.", "", Context{}},
		{"language", "This is not the language that we would write on this site.", "signal.language", Context{Locale: "de"}},
		{"language", said, "signal.language", Context{Locale: "en"}},
		{"language", said, "", Context{Locale: "de"}},
		{"duplicate", strings.ToUpper(said) + "!", "signal.duplicate_author", Context{Earlier: &[]Earlier{{Gist: gist(said), SameAuthor: true}}}},
		{"duplicate", "Ganz etwas anderes steht in diesem Satz über das Wetter.", "", Context{Earlier: &[]Earlier{{Gist: gist(said)}}}},
		{"links", "Ab ins Caſino!", "signal.links", Context{}}, // a long s is one
		{"nearness", "Heute Kuchen backen: Zucker, Butter, Mehl, Vanille, Schokolade, Sahne, Nüsse.", "signal.far", Context{Locale: "de", Article: &Article{Text: said + " Stadtrat beschließt Verkehrsplan."}}},
		{"record", "Hallo", "signal.record", Context{Record: &Record{Approved: 1, Rejected: 4}}},
		{"burst", "Hallo", "signal.burst", Context{Recent: &many}},
	} {
		got := named(t, Run(t.Context(), Read(c.text, c.about.Locale), c.about), c.name)
		if got.Unavailable || got.Reason != c.reason {
			t.Errorf("%s of %q: got %+v, want reason %q", c.name, c.text, got, c.reason)
		}
	}
}

func TestWhatCouldNotBeReadIsUnavailable(t *testing.T) {
	all := Run(t.Context(), Read("Hallo", "de"), Context{})
	for _, name := range []string{"words", "duplicate", "language", "nearness", "record", "burst"} {
		if got := named(t, all, name); !got.Unavailable || got.Minutes != 0 {
			t.Errorf("%s: got %+v, want unavailable", name, got)
		}
	}
}

func TestASignalThatPanicsOrComesTooLateIsUnavailable(t *testing.T) {
	bad := entry{"bad", 1, 10, func(Text, Context) (finding, bool) { panic("bad") }}
	good := entry{"good", 1, 10, func(Text, Context) (finding, bool) { return finding{score: 1}, true }}
	all := run(t.Context(), []entry{bad, good}, Read("Hallo", "de"), Context{})
	if !all[0].Unavailable || all[1].Unavailable || all[1].Minutes != 10 {
		t.Errorf("got %+v", all)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if all = run(done, []entry{good}, Read("Hallo", "de"), Context{}); !all[0].Unavailable {
		t.Errorf("got %+v, want unavailable", all)
	}
}

func TestPriorityIsBounded(t *testing.T) {
	if got := Priority([]Signal{{Minutes: 30}, {Minutes: 20}, {Minutes: 20}}); got != MaxPriority {
		t.Errorf("got %d, want %d", got, MaxPriority)
	}
	if got := Priority([]Signal{{Minutes: 3}, {Minutes: 4}}); got != 7 {
		t.Errorf("got %d, want the sum of the terms", got)
	}
}

func FuzzSpansLieInTheText(f *testing.F) {
	for _, s := range []string{"Kr3d1t", "K r e d i t", "\u200b", "ßßß", "ﬁﬁ", "\xff", "AAAAAA!!!! https://x.example"} {
		f.Add(s)
	}
	list, err := NewList([]Word{{Text: "kredit", Minutes: 5}, {Text: "s", Minutes: 5}, {Text: "[a-z]+", Pattern: true, Minutes: 5}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, signal := range Run(t.Context(), Read(s, "de"), Context{Words: list, Locale: "de"}) {
			last := 0
			for _, span := range signal.Spans {
				if span.From < last || span.To <= span.From || span.To > len([]rune(s)) {
					t.Errorf("%s of %q: span %v", signal.Name, s, span)
				}
				last = span.To
			}
		}
	})
}

func BenchmarkRunOnTenThousandCharacters(b *testing.B) {
	body := strings.Repeat("Die Brücke über den Fluss ist teuer. ", 280)[:10000]
	list, err := NewList([]Word{{Text: "kredit", Minutes: 5}, {Text: `kr\w+t`, Pattern: true, Minutes: 5}})
	if err != nil {
		b.Fatal(err)
	}
	about := Context{Locale: "de", Words: list, Article: &Article{Text: body}, Earlier: &[]Earlier{{Gist: gist(body)}}}
	for b.Loop() {
		Run(b.Context(), Read(body, "de"), about)
	}
}

func gist(visible string) Gist { return Read(visible, "de").Gist() }

func named(t *testing.T, all []Signal, name string) Signal {
	t.Helper()
	for _, s := range all {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no signal %q", name)
	return Signal{}
}
