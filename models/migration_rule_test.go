package models_test

import (
	"regexp"
	"strings"
)

// The rule: a step only adds (expand), what fills it is a job (migrate), and a later release takes away what no program
// that still runs needs (contract). So the release before runs on the schema of the next, and nobody waits for a step:
// it holds no lock for longer than a moment on a table that is in use.

var (
	functionBody = regexp.MustCompile(`(?s)\$(\w*)\$.*?\$\w*\$`)
	lineComment  = regexp.MustCompile(`--[^\n]*`)
	created      = regexp.MustCompile(`create (?:unlogged )?table (?:if not exists )?(\w+)`)
	indexed      = regexp.MustCompile(`^create (?:unique )?index (concurrently )?(?:if not exists )?(\w+ )?on (?:only )?(\w+)`)
	altered      = regexp.MustCompile(`^alter table (?:if exists )?(?:only )?(\w+) (.*)$`)
	added        = regexp.MustCompile(`^add column (?:if not exists )?\w+ `)
	checked      = regexp.MustCompile(`^add (?:constraint \w+ )?(?:check|foreign key)`)
	keyed        = regexp.MustCompile(`^add (?:constraint \w+ )?(?:unique|primary key|exclude) ?\(`)
	retyped      = regexp.MustCompile(`^alter (?:column )?\w+ (?:set data )?type `)
	notNull      = regexp.MustCompile(`^alter (?:column )?\w+ set not null`)
	taken        = regexp.MustCompile(`^(?:drop column|rename|drop table)`)
	rewritten    = regexp.MustCompile(`^(?:update|delete from) (\w+)`)
)

// faultsOf says how a step breaks the rule. It reads statements as they are written here, not all of SQL.
func faultsOf(step string) (faults []string) {
	contract := strings.Contains(step, "-- contract: ")
	alone := strings.Contains(step, "-- +goose NO TRANSACTION")
	text := strings.ToLower(functionBody.ReplaceAllString(lineComment.ReplaceAllString(step, ""), "''"))
	fresh, dropped := map[string]bool{}, map[string]bool{}
	for _, m := range created.FindAllStringSubmatch(text, -1) {
		fresh[m[1]] = true
	}
	for _, statement := range strings.Split(text, ";") {
		statement = strings.Join(strings.Fields(statement), " ")
		if name, ok := strings.CutPrefix(statement, "drop index concurrently if exists "); ok {
			dropped[name] = true
		}
		faults = append(faults, faultsOfIndex(statement, fresh, dropped, alone)...)
		if m := altered.FindStringSubmatch(statement); m != nil && !fresh[m[1]] {
			for _, action := range actions(m[2]) {
				faults = append(faults, faultsOfAction(action, contract)...)
			}
		}
		if m := rewritten.FindStringSubmatch(statement); m != nil && !fresh[m[1]] {
			faults = append(faults, statement+": touches every row in one transaction: let a job do it in parts")
		}
		if strings.HasPrefix(statement, "lock ") {
			faults = append(faults, statement+": takes a lock by hand")
		}
		if taken.MatchString(statement) && !contract {
			faults = append(faults, statement+": the release before still uses it; say -- contract: and since when it does not")
		}
	}
	return faults
}

func faultsOfIndex(statement string, fresh, dropped map[string]bool, alone bool) []string {
	m := indexed.FindStringSubmatch(statement)
	switch {
	case m == nil || fresh[m[3]]:
		return nil
	case m[1] == "":
		return []string{statement + ": blocks writers for as long as it takes: concurrently"}
	case !alone:
		return []string{statement + ": needs -- +goose NO TRANSACTION"}
	case !dropped[strings.TrimSpace(m[2])]:
		return []string{statement + ": one that was interrupted stays behind, invalid: drop index concurrently if exists before it"}
	}
	return nil
}

func faultsOfAction(action string, contract bool) (faults []string) {
	say := func(why string) { faults = append(faults, action+": "+why) }
	switch {
	case added.MatchString(action) && strings.Contains(action, "not null") && !strings.Contains(action, "default"):
		say("not null without a default: the release before does not fill it in")
	case checked.MatchString(action) && !strings.HasSuffix(action, "not valid"):
		say("reads the whole table under a lock: not valid, and validate constraint in the next step")
	case keyed.MatchString(action):
		say("blocks everybody while it is built: create unique index concurrently, then add constraint using index")
	case notNull.MatchString(action):
		say("reads the whole table under a lock: a check that is validated first")
	case retyped.MatchString(action):
		say("rewrites the table: a new column, and a job that fills it")
	case taken.MatchString(action) && !contract:
		say("the release before still uses it; say -- contract: and since when it does not")
	}
	return faults
}

// actions are the parts of an alter table, cut at the commas outside of brackets.
func actions(text string) (all []string) {
	depth, from := 0, 0
	for i, c := range text {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, strings.TrimSpace(text[from:i]))
			from = i + 1
		}
	}
	return append(all, strings.TrimSpace(text[from:]))
}
