package handlers_test

import (
	_ "embed"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// matrix is every operation of routes.go, and what each of the people below is answered.
//
//go:embed testdata/matrix.txt
var matrix string

// operation is one row of the matrix.
type operation struct {
	method, route string
	subject       string   // what it is done to: see [matrixWorld.make]
	body          string   // a query, a body, or both
	want          []string // by column
}

func (o operation) String() string { return o.method + " " + o.route }

// operations reads the matrix: the names of the columns, and a row each of an operation with its answers, followed by
// a line that is indented for those that need a subject or a body.
func operations(t *testing.T) (columns []string, rows []operation) {
	t.Helper()
	for line := range strings.Lines(matrix) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(line, "#"):
		case fields[0] == "operation":
			columns = fields[1:]
		case strings.HasPrefix(line, " "):
			last := &rows[len(rows)-1]
			last.subject, last.body, _ = strings.Cut(strings.TrimSpace(line), " ")
		default:
			rows = append(rows, operation{method: fields[0], route: fields[1], want: fields[2:]})
		}
	}
	return columns, rows
}

func TestEveryOperationHasARowInTheMatrix(t *testing.T) {
	w := newMatrix(t)
	columns, rows := operations(t)
	known := map[string]bool{}
	for _, row := range rows {
		if known[row.String()] = true; len(row.want) != len(columns) {
			t.Errorf("%s: got %d answers, want one of %v", row, len(row.want), columns)
		}
	}
	for _, route := range w.product.Engine.Routes() {
		// HEAD is GET, and a preflight carries nobody's credentials.
		name := route.Method + " " + route.Path
		if !known[name] && route.Method != http.MethodHead && route.Method != http.MethodOptions {
			t.Errorf("%s has no row in testdata/matrix.txt: add one, and say what everybody is answered", name)
		}
		delete(known, name)
	}
	for name := range known {
		t.Errorf("%s is in testdata/matrix.txt and no route", name)
	}
}

func TestEveryOperationAnswersEverybodyAsTheMatrixSays(t *testing.T) {
	w := newMatrix(t)
	columns, rows := operations(t)
	for _, row := range rows {
		got := make([]string, len(columns))
		for i, who := range columns {
			got[i] = w.ask(row, who)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s:\ngot  %v\nwant %v", row, got, row.want)
		}
	}
}

// ask sends one operation as one person. The answer is the status, or door: sent to sign in.
func (w *matrixWorld) ask(row operation, who string) string {
	w.Helper()
	p := w.people[who]
	subject := w.subject(row.subject, who)
	fill := strings.NewReplacer("{id}", subject.ID, "{version}", strconv.Itoa(subject.version), "{email}", p.email, "{token}", w.manageToken(who, subject.posted))
	path := strings.NewReplacer(":site", w.site.Slug, ":slug", "eins", ":version", "1", "*file", "none.css", ":id", subject.named, ":delivery", subject.below).Replace(row.route)
	var options []option
	if cookieOnly := strings.HasPrefix(row.route, "/desk"); p.bearer == "" || !cookieOnly {
		options = append(options, p.credentials(w.manageToken(who, subject.posted)))
	}
	body := fill.Replace(row.body)
	if strings.HasPrefix(body, "?") {
		query, rest, _ := strings.Cut(body, " ")
		path, body = path+query, rest
	}
	var sent any
	if body != "" {
		sent = body
		if !strings.HasPrefix(body, "{") {
			options = append(options, header("Content-Type", "application/x-www-form-urlencoded"))
		}
	}
	method := row.method
	if strings.HasSuffix(row.route, "/events") { // which would not end
		method = http.MethodHead
	}
	from := w.world
	if row.method == http.MethodGet { // which changes nothing, whoever asks
		from = w.reads
	}
	a := from.do(method, path, sent, options...)
	if row.method != http.MethodGet && a.status < 400 {
		w.spend(row.subject, who)
	}
	if strings.HasPrefix(a.header.Get("Location"), "/desk/signin?next=") {
		return "door"
	}
	return strconv.Itoa(a.status)
}
