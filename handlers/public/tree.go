package public

import (
	"strings"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// row is a comment and the level that it is shown at.
type row struct {
	templates.Comment
	level int
}

// grow lays places in reading order out below each other, so many levels deep; deeper ones stand beside each other.
// Whoever does not stand right below what they answer names it: the parent is on another page, or too deep itself.
func grow(places []models.Place, depth int, a models.Article) []templates.Comment {
	levels, rows := make(map[uuid.UUID]int, len(places)), make([]row, len(places))
	for i, p := range places {
		level := 0
		above, here := levels[parentOf(p)]
		if here {
			level = min(above+1, depth)
		}
		levels[p.ID], rows[i] = level, row{place(p, a), level}
		if p.ParentID != nil && (!here || level == above) {
			rows[i].AnswersID, rows[i].Answers = *p.ParentID, p.ParentName
		}
	}
	roots, _ := nest(rows, 0)
	return roots
}

// nest takes the comments of a level, each with those below it, off the rows.
func nest(rows []row, level int) (siblings []templates.Comment, rest []row) {
	for len(rows) > 0 && rows[0].level >= level {
		c := rows[0].Comment
		c.Replies, rows = nest(rows[1:], level+1)
		siblings = append(siblings, c)
	}
	return siblings, rows
}

func parentOf(p models.Place) uuid.UUID {
	if p.ParentID == nil {
		return uuid.Nil
	}
	return *p.ParentID
}

// foldRests tells each root how many public comments of its branch are not shown.
func foldRests(roots []templates.Comment, places []models.Place, sizes map[uuid.UUID]int) {
	shown, last := map[uuid.UUID]int{}, map[uuid.UUID]uuid.UUID{}
	for _, p := range places {
		if p.Public {
			shown[p.RootID]++
			last[p.RootID] = p.ID
		}
	}
	for i, c := range roots {
		roots[i].Rest, roots[i].RestFrom = sizes[c.ID]-shown[c.ID], last[c.ID]
	}
}

// each does something to every comment of a tree.
func each(comments []templates.Comment, do func(c *templates.Comment)) {
	for i := range comments {
		do(&comments[i])
		each(comments[i].Replies, do)
	}
}

// A text is folded at about this many characters, or lines.
const (
	longText  = 1800
	longLines = 16
)

func place(p models.Place, a models.Article) templates.Comment {
	c := templates.Comment{ID: p.ID, Gap: !p.Public, ArticleKey: a.Key}
	if !p.Public {
		return c
	}
	c.Name, c.URL, c.Staff, c.HTML, c.CreatedAt = p.AuthorName, p.AuthorURL, p.AuthorRole == "staff", p.HTML, p.CreatedAt
	c.AlikeStaff = p.AlikeStaff
	c.Featured, c.MayReply, c.Agreed = p.Featured, a.State == models.ArticleOpen, p.Agreed
	c.Long = len(p.HTML) > longText || strings.Count(p.HTML, "<p>")+strings.Count(p.HTML, "<br")+strings.Count(p.HTML, "<li>") > longLines
	if p.PublishedAt != nil {
		c.PublishedAt = *p.PublishedAt
	}
	if p.EditedAt != nil {
		c.EditedAt = *p.EditedAt
	}
	return c
}
