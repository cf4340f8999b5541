package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenum/cmd/internal/config"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// finding is one thing that was looked at. Advice says what to do where it is not well; where it is well, what could be
// better.
type finding struct {
	What   string `json:"what"`
	Well   bool   `json:"well"`
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

// judged is a finding whose advice is for the case that it is not well.
func judged(what string, well bool, found, advice string) finding {
	if well {
		advice = ""
	}
	return finding{what, well, found, advice}
}

// failedBy is a finding that could not be made.
func failedBy(what string, err error, advice string) finding {
	return finding{what, false, err.Error(), advice}
}

// patience is for everything that is asked of others.
const patience = 30 * time.Second

var errUnwell = errors.New("something is wrong: see above for what to do")

// Run looks at settings, mail server and database, changes nothing, and fails where something is wrong.
func (c doctorCommand) Run(ctx context.Context, s config.Settings, io streams) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	findings := settingsFindings(ctx, s)
	i, err := open(ctx, s)
	if err != nil {
		findings = append(findings, failedBy("database", err, "set DATABASE_URL, or install PostgreSQL 14 or newer"))
	} else {
		defer func() { err = errors.Join(err, i.close()) }()
		findings = append(findings, databaseFindings(ctx, i)...)
	}
	return c.report(io, findings)
}

func (c doctorCommand) report(io streams, findings []finding) error {
	var unwell error
	for _, f := range findings {
		if !f.Well {
			unwell = errUnwell
		}
		if !c.JSON {
			f.print(io)
		}
	}
	if c.JSON {
		if err := json.NewEncoder(io.out).Encode(findings); err != nil {
			return err
		}
	}
	return unwell
}

func (f finding) print(io streams) {
	mark := "ok  "
	switch {
	case !f.Well:
		mark = "!!  "
	case f.Advice != "":
		mark = "ok? "
	}
	fmt.Fprintf(io.out, "%s%s: %s\n", mark, f.What, f.Found)
	if f.Advice != "" {
		fmt.Fprintf(io.out, "    %s\n", f.Advice)
	}
}
