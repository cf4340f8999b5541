package moderation

import (
	"context"
	"slices"

	"plenum/models"
	"plenum/moderation/triage"
)

// bylines are names that a site's own words stand under, whoever moderates there.
var bylines = []string{"Redaktion", "Die Redaktion", "Moderation", "Newsroom", "The newsroom", "Admin", "Moderator", "Staff"}

// namedHonestly refuses the name of somebody who moderates, or of the newsroom itself, in letters that only look like it.
// The same name in plain letters is let through, because people share names: there the page says who it is not.
func namedHonestly(ctx context.Context, tx *models.Tx, site models.Site, name string) error {
	if !triage.Disguised(name) {
		return nil
	}
	staff, err := tx.Staff(ctx, site.ID)
	if err != nil {
		return err
	}
	known := append([]string{site.Name}, bylines...)
	for _, s := range staff {
		known = append(known, s.Name)
	}
	if resembles(name, known) {
		return invalid("author.name", "refusal.staff_name")
	}
	return nil
}

// resembles reports whether a name looks like one of those that are known.
func resembles(name string, known []string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return triage.Alike(name, k) })
}

// tellApart marks the readers on a page whose name looks like one that the newsroom has written under.
func (t *Thread) tellApart(site models.Site, written []string) {
	known := append(append(written, site.Name), bylines...)
	seen := map[string]bool{}
	for i, p := range t.Places {
		if !p.Public || p.AuthorRole == "staff" {
			continue
		}
		if _, looked := seen[p.AuthorName]; !looked {
			seen[p.AuthorName] = resembles(p.AuthorName, known)
		}
		t.Places[i].AlikeStaff = seen[p.AuthorName]
	}
}
