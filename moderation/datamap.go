package moderation

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed datamap.yaml
var dataMap []byte

// DataMap is what the program keeps of people, and which columns hold nothing of anybody. See datamap.yaml.
type DataMap struct {
	Personal    []DataGroup         `yaml:"personal"`
	NotPersonal map[string][]string `yaml:"not_personal"` // columns by their table
}

// DataGroup is what is kept for one purpose. What it is and what it is for stand in the catalogue of languages, as
// privacy.data.NAME and privacy.why.NAME.
type DataGroup struct {
	Name    string              `yaml:"name"`
	Basis   string              `yaml:"basis"` // the letter of GDPR Art. 6(1)
	Law     string              `yaml:"law"`   // that obliges the site; empty: none does
	Keep    []Retention         `yaml:"keep"`
	Columns map[string][]string `yaml:"columns"` // by their table
}

// Retention is for how long something is kept, as privacy.keep.RULE says it.
type Retention struct {
	Rule  string `yaml:"rule"`
	Days  int    `yaml:"days"`
	Hours int    `yaml:"hours"`
}

// Span is the time that the rule names; zero: it is bound to something else.
func (r Retention) Span() time.Duration {
	return time.Duration(r.Days)*24*time.Hour + time.Duration(r.Hours)*time.Hour
}

// ReadDataMap reads the map that the program was built with.
func ReadDataMap() (m DataMap, err error) {
	if err := yaml.UnmarshalWithOptions(dataMap, &m, yaml.DisallowUnknownField()); err != nil {
		return DataMap{}, fmt.Errorf("read the data map: %w", err)
	}
	return m, nil
}

// Rules are the retention rules of all groups by their names.
func (m DataMap) Rules() map[string]Retention {
	rules := map[string]Retention{}
	for _, g := range m.Personal {
		for _, r := range g.Keep {
			rules[r.Rule] = r
		}
	}
	return rules
}
