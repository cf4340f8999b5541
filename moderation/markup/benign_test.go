package markup

import "testing"

// benign is prose as readers write it, with what has to be seen of it; "" stands for the body itself.
var benign = []struct{ body, seen string }{
	{"List<String> ist in Java kein List<Object>.", ""},
	{"# 1 ist hier die Frage\n#klimaschutz", ""},
	{"oben\n---\nunten\n***\n* * *\n- - -\n===\nganz unten", ""},
	{"![alt](src)", ""},
	{"[Quelle]: http://example.org/bericht", ""},
	{"1990. Das war schön", ""},
	{"24. Dezember bis 2. Januar geschlossen", ""},
	{"2. Punkt: falsch.\n3. Punkt: auch.", ""},
	{"Sie verloren gegen den\n1. FC Beispiel", "Sie verloren gegen den\n\n1. FC Beispiel"},
	{"1) erstens\n2) zweitens", ""},
	{"007. James Bond", ""},
	{"1. eins\n02. zwei\n1) drei", "1. eins\n02. zwei\n1) drei"},
	{"- eins\n-\n* * *\n+ zwei", "eins\n-\n* * *\n+ zwei"},
	{"Die Leser*innen und Autor*innen der Grün*innen", ""},
	{"So ein Sch***kommentar, f**k und sh**t", ""},
	{"Wie geht`s? Hab`s vergessen, auf`s Neue", ""},
	{"5*3*2 = 30, 2 * 3 * 4 = 24, 2**3**2", ""},
	{"hab``s und` so", ""},
	{"~5 km bis ~10 km ~ ungefähr", ""},
	{"snake_case_name und datei_v2_neu.py", ""},
	{"a < b && c > d, x<y, 5 > 3", ""},
	{"+ 5 Grad heute\n+ morgen auch", ""},
	{"-5 Grad, -10 Grad\n-20 Grad", ""},
	{"Fa. Müller & Söhne, AT&amp;T, R&D; &c.", ""},
	{`Der Pfad C:\Users\neu und \\server\share bleibt.`, ""},
	{"»Zitat«, „Zitat“, \"quote\", 'quote' – so…", ""},
	{"Preis: 3,50 € / 4.20 $ (10 % mehr!) §§ 1–3", ""},
	{"    vier Leerzeichen am Anfang\n\n\tein Tabulator", "vier Leerzeichen am Anfang\n\nein Tabulator"},
	{"Meine Gründe:\n- Lärm\n- Preis\n\nDanke!", "Meine Gründe:\n\nLärm\nPreis\n\nDanke!"},
	{"> drei Parkplätze\n\nEs sind fünf.", "drei Parkplätze\n\nEs sind fünf."},
	{"This is **really** good, isn't it? I'd say *yes*.", "This is really good, isn't it? I'd say yes."},
	{"Don't feed the trolls :-) ;) <3 ^^ :/ >:( m(", ""},
	{"See https://example.org/a_b_c/d*e*f?x=1&y=2#z, please.", ""},
	{"(siehe https://de.example.org/wiki/Bank_(Geld))", ""},
	{"„https://example.org/köln“ und www.example.org!", ""},
	{"[hier](https://example.org/x) steht es", "hier steht es"},
	{"[Anm. d. Red.: siehe oben] [1] [x] erledigt", ""},
	{"Zeile eins\nZeile zwei  \nZeile drei\\\nZeile vier", "Zeile eins\nZeile zwei\nZeile drei\\\nZeile vier"},
	{"Κόσμε, мир, שלום עולם, مرحبا 12:30, 日本語のコメント, Tiếng Việt", ""},
	{"👍🏽 👩\u200d🚀 Jose\u0301 ﬁ", ""},
	{"これは**強い**言葉", "これは強い言葉"},
	{"```", ""},
	{"a\n```0", "a\n\n0"},
	{"```0", "0"},
	{">", ""},
	{"-", ""},
	{"1.", ""},
}

func TestBenignProseStaysAsItWasTyped(t *testing.T) {
	for _, row := range benign {
		mustRender(t, row.body)
		checkTyped(t, row.body)
		want := row.seen
		if want == "" {
			want = row.body
		}
		if got := Text(row.body); got != want {
			t.Errorf("seen of %q:\ngot  %q\nwant %q", row.body, got, want)
		}
	}
}

func TestAddressesLeadWhereTheySay(t *testing.T) {
	for _, row := range []struct{ body, href string }{
		{"HTTPS://Example.ORG/Pfad", "https://example.org/Pfad"},
		{"https://köln.example.de/straße", "https://xn--kln-sna.example.de/stra%C3%9Fe"},
		{"https://example.org:8080/x", "https://example.org:8080/x"},
		{"https://example.org/a_b_c/d*e*f", "https://example.org/a_b_c/d*e*f"},
		{"(http://example.org/Bank_(Geld))", "http://example.org/Bank_(Geld)"},
		{"**https://example.org/x**", "https://example.org/x"},
		{"[Anm. http://example.org/x", "http://example.org/x"},
		{"<https://example.org/x>", "https://example.org/x"},
		{"www.example.org/?q=1;", "https://www.example.org/?q=1"},
		{"[https://example.org](https://www.example.org/x)", "https://www.example.org/x"},
		{"[x](<https://example.org/x>)", "https://example.org/x"},
	} {
		rendered := mustRender(t, row.body)
		if got := hrefs(t, rendered); len(got) != 1 || got[0] != row.href {
			t.Errorf("links of %q: got %q, want %q", row.body, got, row.href)
		}
	}
}
