package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// text is a comment's body and its HTML.
type text struct{ body, html, locale string }

var names = []string{"Anna K.", "Bernd", "carla_m", "D. Öztürk", "Emma", "Fritz Lang", "Grete", "Heiko W.", "Ines", "J. Smith", "Kate", "Liam", "Mo", "Nora"}

var sentences = map[string][]string{
	"de": {
		"Das habe ich in %d Jahren nicht erlebt.", "Wer dort wohnt, weiß es seit Langem.", "Die Zahlen im Artikel stammen aus dem Jahr %d.",
		"Ich sehe das **anders**, und zwar aus drei Gründen.", "Beim letzten Mal waren es noch %d Stimmen.", "So einfach ist es leider nicht.",
		"Vielleicht sollte die Stadt die Anwohner fragen, bevor sie baut.", "Das Geld fehlt dann an anderer Stelle.", "Danke für den ausgewogenen Bericht!",
		"In Österreich wurde das schon vor %d Jahren beschlossen.", "Mir fehlt in der Debatte die Sicht der Pflegekräfte.", "Bitte nennen Sie die Quelle.",
		"Gerade für Familien ist der Weg mit dem Rad zu gefährlich.", "Es gibt übrigens ein Urteil dazu, siehe https://news.example/urteil/%d.",
	},
	"en": {
		"I have never seen this in %d years.", "People who live there have known for a long time.", "The figures in the article are from %d.",
		"I see it *differently*, for three reasons.", "Last time there were still %d votes.", "It is not as simple as that, I am afraid.",
		"Perhaps the council should ask residents before it builds.", "The money will be missing elsewhere.", "Thank you for a balanced report!",
		"Scotland decided this %d years ago.", "What the debate lacks is the view of the nurses.", "Please name your source.",
		"For families in particular the road is too dangerous by bicycle.", "There is a ruling on this, see https://news.example/ruling/%d.",
	},
}

// compose writes the texts that comments are made of: most are short, a few go on for paragraphs.
func compose(rng *rand.Rand, render func(string) (string, error)) (all []text, err error) {
	for range bodies {
		t := text{locale: "de"}
		if rng.IntN(4) == 0 {
			t.locale = "en"
		}
		t.body = body(rng, sentences[t.locale])
		if t.html, err = render(t.body); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// Bodies are n texts as readers write them, the same each time.
func Bodies(n int) (all []string) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range n {
		all = append(all, body(rng, sentences["de"]))
	}
	return all
}

func body(rng *rand.Rand, from []string) string {
	var b strings.Builder
	for {
		sentence := from[rng.IntN(len(from))]
		if strings.Contains(sentence, "%d") {
			sentence = fmt.Sprintf(sentence, 2+rng.IntN(2000))
		}
		b.WriteString(sentence)
		switch n := rng.IntN(100); {
		case n < 22:
			return b.String()
		case n < 34:
			b.WriteString("\n\n")
		default:
			b.WriteString(" ")
		}
	}
}
