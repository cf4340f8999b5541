package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/moderation/notify"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// finding is one thing that was looked at. Advice says what to do where it is not well.
type finding struct {
	What   string `json:"what"`
	Well   bool   `json:"well"`
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

var errUnwell = errors.New("something is wrong: see above for what to do")

// Run looks at settings and database and fails where something is wrong.
func (c doctorCommand) Run(ctx context.Context, s config.Settings, io streams) (err error) {
	findings := settingsFindings(s)
	i, err := open(ctx, s)
	if err != nil {
		findings = append(findings, finding{What: "database", Found: err.Error(), Advice: "set DATABASE_URL, or install PostgreSQL 14 or newer"})
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
			mark := "ok  "
			if !f.Well {
				mark = "!!  "
			}
			fmt.Fprintf(io.out, "%s%s: %s\n", mark, f.What, f.Found)
			if f.Advice != "" && !f.Well {
				fmt.Fprintf(io.out, "    %s\n", f.Advice)
			}
		}
	}
	if c.JSON {
		if err := json.NewEncoder(io.out).Encode(findings); err != nil {
			return err
		}
	}
	return unwell
}

func settingsFindings(s config.Settings) []finding {
	base, err := s.Base()
	address := finding{What: "base URL", Well: err == nil, Advice: "set PLENUM_BASE_URL to the address that readers use"}
	mails := finding{What: "mail", Well: true, Found: "no SMTP_URL: mails are written to the data folder"}
	if err != nil {
		address.Found = err.Error()
		return []finding{address, mails}
	}
	address.Found = base.String()
	if s.SMTPURL != "" {
		_, err := notify.NewSMTP(s.SMTPURL, s.Sender(base))
		mails.Well, mails.Found = err == nil, "by SMTP, from "+s.Sender(base)
		if err != nil {
			mails.Found, mails.Advice = err.Error(), "correct SMTP_URL"
		}
	}
	return []finding{address, mails}
}

func databaseFindings(ctx context.Context, i *instance) []finding {
	h, err := i.direct.Health(ctx)
	if err != nil {
		return []finding{{What: "database", Found: err.Error(), Advice: "check DATABASE_URL and that the server runs"}}
	}
	findings := []finding{
		{What: "database version", Well: h.VersionNumber >= models.MinVersion, Found: h.Version, Advice: "use PostgreSQL 14 or newer"},
		{What: "durability", Well: h.Fsync == "on" && h.SynchronousCommit != "off", Advice: "set fsync and synchronous_commit to on: else what was acknowledged can be lost",
			Found: fmt.Sprintf("fsync %s, synchronous_commit %s", h.Fsync, h.SynchronousCommit)},
		{What: "checksums", Well: h.Checksums == "on", Found: h.Checksums, Advice: "enable them with pg_checksums while the server is stopped"},
		{What: "roles plenum_serve and plenum_search", Well: h.RoleUsable, Found: roleFound(h.RoleUsable),
			Advice: "let a database administrator run, for what is missing: CREATE ROLE plenum_serve NOLOGIN; CREATE ROLE plenum_search NOLOGIN; GRANT plenum_serve, plenum_search TO " + h.User + ";"},
	}
	steps, err := i.direct.Migrations(ctx)
	waiting := 0
	for _, step := range steps {
		if step.AppliedAt.IsZero() {
			waiting++
		}
	}
	schema := finding{What: "schema", Well: err == nil && waiting == 0, Found: fmt.Sprintf("%d steps wait", waiting), Advice: "run plenum migrate up"}
	if err != nil {
		schema.Found = err.Error()
	}
	return append(append(findings, schema), staffFindings(ctx, i)...)
}

// staffFindings names the sites where nobody can decide an appeal. It is no fault of the program's, so all is well.
func staffFindings(ctx context.Context, i *instance) (findings []finding) {
	sites, err := i.direct.Sites(ctx)
	if err != nil {
		return nil // what is wrong with the schema has been said
	}
	for _, site := range sites {
		n, err := i.direct.StaffCount(ctx, site.ID)
		if err != nil {
			findings = append(findings, finding{What: "appeals on " + site.Slug, Found: err.Error(), Advice: "run plenum migrate up"})
		}
		if n == 1 {
			findings = append(findings, finding{What: "appeals on " + site.Slug, Well: true,
				Found: "one moderator only: appeals of their decisions stay open until there is another person (plenum moderator create)"})
		}
	}
	return findings
}

func roleFound(usable bool) string {
	if usable {
		return "there, and ours to take on"
	}
	return "missing, or not granted to us"
}
