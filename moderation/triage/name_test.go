package triage

import "testing"

func TestNamesThatLookAlike(t *testing.T) {
	for name, want := range map[string]struct{ alike, disguised bool }{
		"Clara Vogt":             {true, false},
		"clara  vogt":            {true, false},
		"CIara Vogt":             {true, false}, // a capital i
		"Сlаrа Vоgt":             {true, true},  // Cyrillic С, а, о
		"Cl\u200bara Vogt":       {true, true},
		"C1ara V0gt":             {true, true},
		"𝐂𝐥𝐚𝐫𝐚 Vogt":             {true, true},
		"C\u0336l\u0336ara Vogt": {true, false},
		"\u202etgoV aralC":       {true, true},
		"Clara Vogtländer":       {false, false},
		"Klara Vogt":             {false, false},
		"عمر":                    {false, true},
		"":                       {false, false},
		"tgoV aralC":             {false, false}, // nothing turns it round
	} {
		if got := Alike(name, "Clara Vogt"); got != want.alike {
			t.Errorf("%q: got alike %v", name, got)
		}
		if got := Disguised(name); got != want.disguised {
			t.Errorf("%q: got disguised %v", name, got)
		}
	}
	if Alike("", "") || Alike("…", "?") {
		t.Error("names without a letter look like each other")
	}
}
