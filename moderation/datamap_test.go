package moderation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"plenum/moderation"
	"plenum/static"
	"plenum/templates"
)

func readMap(t *testing.T) moderation.DataMap {
	t.Helper()
	m, err := moderation.ReadDataMap()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Whoever adds a column says in datamap.yaml whether it is about a person, why it is kept and for how long.
func TestTheDataMapNamesEveryColumnOfTheSchema(t *testing.T) {
	m, listed := readMap(t), map[string]int{}
	list := func(columns map[string][]string) {
		for table, names := range columns {
			for _, name := range names {
				listed[table+"."+name]++
			}
		}
	}
	for _, g := range m.Personal {
		list(g.Columns)
	}
	list(m.NotPersonal)
	rows, err := newWorld(t).flow.Store.Pool().Query(t.Context(), `select table_name || '.' || column_name from information_schema.columns
		where table_schema = 'public' and table_name not like 'river\_%' and table_name not like 'goose\_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		switch listed[column] {
		case 0:
			t.Errorf("%s is not in moderation/datamap.yaml: add it to a group of personal, with purpose, basis and retention, or to not_personal", column)
		case 1:
		default:
			t.Errorf("%s is in moderation/datamap.yaml %d times", column, listed[column])
		}
		delete(listed, column)
	}
	if rows.Err() != nil || len(listed) > 0 {
		t.Errorf("%v: in moderation/datamap.yaml, but not in the schema: %v", rows.Err(), listed)
	}
}

// What a job holds, the map need not list: ids, words of ours, numbers and times.
func TestJobsHoldNothingOfAPerson(t *testing.T) {
	w := newDumped(t)
	w.wanda()
	rows, err := w.flow.Store.Pool().Query(t.Context(), `select kind || ' ' || key, value #>> '{}' from river_job, jsonb_each(args) where kind like 'notify%'`)
	w.must(err)
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var key, value string
		w.must(rows.Scan(&key, &value))
		seen++
		about := strings.HasSuffix(key, " about") || strings.HasSuffix(key, " at")
		if _, err := uuid.Parse(value); err != nil && !about {
			t.Errorf("the job %s holds %q", key, value)
		}
	}
	if seen == 0 {
		t.Error("there is no job: something is wrong with this test")
	}
}

func TestEveryRuleOfTheDataMapIsCarriedOutAndSaid(t *testing.T) {
	m, swept := readMap(t), []string{"network", "key", "inquiry", "awaited"}
	set, err := templates.New(static.URL)
	if err != nil {
		t.Fatal(err)
	}
	nightly := moderation.Expiries()
	for name, r := range m.Rules() {
		if carried := slices.Contains(nightly, name) || slices.Contains(swept, name); r.Span() > 0 && !carried {
			t.Errorf("nothing carries out %s", name)
		}
	}
	for _, name := range append(nightly, swept...) {
		if _, there := m.Rules()[name]; !there {
			t.Errorf("%s is carried out, but is no rule of the map", name)
		}
	}
	for _, locale := range templates.Locales() {
		say := func(key string) {
			if said := set.T(locale, key, map[string]any{"days": 3, "hours": 3, "count": 3}); said == key {
				t.Errorf("%s: no sentence %s", locale, key)
			}
		}
		for _, g := range m.Personal {
			say("privacy.data." + g.Name)
			say("privacy.why." + g.Name)
			say("privacy.basis." + g.Basis)
			for _, r := range g.Keep {
				say("privacy.keep." + r.Rule)
			}
		}
	}
}
