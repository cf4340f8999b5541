package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"plenum/models"
)

// databaseFindings asks the database about itself, and about what is in it.
func databaseFindings(ctx context.Context, i *instance) []finding {
	before := time.Now()
	h, err := i.direct.Health(ctx)
	if err != nil {
		return []finding{failedBy("database", err, "check DATABASE_URL and that the server runs")}
	}
	findings := []finding{
		judged("database version", h.VersionNumber >= models.MinVersion, h.Version, "use PostgreSQL 14 or newer"),
		judged("durability", h.Fsync == "on" && h.SynchronousCommit != "off" && h.FullPageWrites == "on",
			fmt.Sprintf("fsync %s, synchronous_commit %s, full_page_writes %s", h.Fsync, h.SynchronousCommit, h.FullPageWrites),
			"set all three to on: else what was acknowledged can be lost"),
		checksumsFinding(h),
		clockFinding(h, before, time.Now()),
		judged("roles plenum_serve and plenum_search", h.RoleUsable, roleFound(h.RoleUsable),
			"let a database administrator run, for what is missing: CREATE ROLE plenum_serve NOLOGIN; CREATE ROLE plenum_search NOLOGIN; GRANT plenum_serve, plenum_search TO "+h.User+";"),
		schemaFinding(ctx, i),
	}
	return slices.Concat(findings, jobsFindings(ctx, i), staffFindings(ctx, i), endedFindings(ctx, i))
}

func checksumsFinding(h models.Health) finding {
	f := finding{"checksums", true, h.Checksums, ""}
	if h.Checksums != "on" {
		f.Advice = "enable them with pg_checksums while the server is stopped: else a disk that decays goes unnoticed"
	}
	return f
}

// maxSkew is what nobody notices.
const maxSkew = 2 * time.Second

// clockFinding compares the database's clock, read between two looks at ours.
func clockFinding(h models.Health, before, after time.Time) finding {
	skew := h.Clock.Sub(before.Add(after.Sub(before) / 2))
	uncertain := after.Sub(before) / 2
	return judged("clock", skew.Abs() <= maxSkew+uncertain, fmt.Sprintf("the database's differs by %s", skew.Round(time.Millisecond)),
		"let both machines keep time by NTP (timedatectl set-ntp true): Plenum goes by the database's clock, but the job queue finds what a killed program left by its own")
}

func schemaFinding(ctx context.Context, i *instance) finding {
	const what, advice = "schema", "run plenum migrate up"
	steps, err := i.direct.Migrations(ctx)
	if err != nil {
		return failedBy(what, err, advice)
	}
	waiting := 0
	for _, step := range steps {
		if step.AppliedAt.IsZero() {
			waiting++
		}
	}
	return judged(what, waiting == 0, fmt.Sprintf("%d of %d steps wait", waiting, len(steps)), advice)
}

// jobsFindings names what was given up after all its tries.
func jobsFindings(ctx context.Context, i *instance) (findings []finding) {
	counts, err := i.direct.JobCounts(ctx)
	if err != nil {
		return nil // what is wrong with the schema has been said
	}
	for _, c := range counts {
		if c.State == "discarded" {
			findings = append(findings, finding{"jobs", true, fmt.Sprintf("%d of the kind %s were given up after all their tries", c.Count, c.Kind),
				fmt.Sprintf("why is in river_job.errors; once it is mended: UPDATE river_job SET state = 'available', max_attempts = max_attempts + 5, finalized_at = NULL WHERE kind = '%s' AND state = 'discarded';", c.Kind)})
		}
	}
	return findings
}

// staffFindings names the sites where nobody can decide an appeal. It is no fault of the program's, so all is well.
func staffFindings(ctx context.Context, i *instance) (findings []finding) {
	sites, err := i.direct.Sites(ctx)
	if err != nil {
		return nil // what is wrong with the schema has been said
	}
	for _, site := range sites {
		n, err := i.direct.StaffCount(ctx, site.ID)
		switch {
		case err != nil:
			findings = append(findings, failedBy("moderators of "+site.Slug, err, "run plenum migrate up"))
		case n == 0:
			findings = append(findings, finding{"moderators of " + site.Slug, true, "nobody: what readers write waits for ever",
				"run plenum moderator create YOU@EXAMPLE.ORG --site " + site.Slug + " --role admin"})
		case n == 1:
			findings = append(findings, finding{"moderators of " + site.Slug, true, "one only: appeals of their decisions stay open",
				"let another person hear them: plenum moderator create THEM@EXAMPLE.ORG --site " + site.Slug + " --role moderator"})
		}
	}
	return findings
}

// endedFindings names the sites whose deletion was interrupted.
func endedFindings(ctx context.Context, i *instance) (findings []finding) {
	slugs, err := i.direct.EndedSites(ctx)
	if err != nil {
		return nil // what is wrong with the schema has been said
	}
	for _, slug := range slugs {
		findings = append(findings, finding{"site " + slug, false, "ended, and not deleted yet: all of its data is still there",
			"run plenum site delete " + slug + " --confirm " + slug})
	}
	return findings
}

func roleFound(usable bool) string {
	if usable {
		return "there, and ours to take on"
	}
	return "missing, or not granted to us"
}
