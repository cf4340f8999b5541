package moderation_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"plenum/models"
)

// compare holds the database to the lives: rows, every public surface, the queue, one entry for each change.
func (p *play) compare(*rapid.T) {
	err := p.flow.Store.Serve(p.Context(), p.site.ID, func(tx *models.Tx) error {
		for _, l := range p.all {
			if err := p.compareRow(tx, l); err != nil {
				return err
			}
		}
		if err := p.comparePublic(tx); err != nil {
			return err
		}
		if err := p.compareQueue(tx); err != nil {
			return err
		}
		return p.compareLedger(tx)
	})
	if err != nil {
		p.Fatal(err)
	}
}

// row is a comment as the database and the model both tell it.
type row struct {
	status                string
	public, held, version int
	published             time.Time
	holder                uuid.UUID
}

func (p *play) compareRow(tx *models.Tx, l *life) error {
	c, err := tx.Comment(p.Context(), p.site.ID, l.id)
	if err != nil {
		return err
	}
	got := row{c.Status, value(c.PublicRevision), value(c.HeldRevision), c.Version, value(c.PublishedAt).UTC(), value(c.ClaimedBy)}
	if want := (row{l.status, l.public, l.held, l.version, l.published, l.holder}); got != want {
		return fmt.Errorf("got the comment %+v, want %+v", got, want)
	}
	return nil
}

// line is a place as a reader sees it: nothing but its id where it is an empty one.
type line struct {
	id         uuid.UUID
	html, name string
}

func (l *life) line() line {
	if l.public == 0 {
		return line{id: l.id}
	}
	return line{l.id, "<p>" + l.texts[l.public-1] + "</p>\n", "Ann"}
}

func lines(all lives) (want []line) {
	for _, l := range all {
		want = append(want, l.line())
	}
	return want
}

func (p *play) comparePublic(tx *models.Tx) error {
	total := map[string]int{"a": 0, "b": 0}
	for key := range total {
		article, err := tx.Article(p.Context(), p.site.ID, key)
		if err != nil {
			if len(p.all.thread(key, false)) == 0 {
				continue // nobody wrote there yet
			}
			return err
		}
		for _, newest := range []bool{false, true} {
			places, more, err := tx.Thread(p.Context(), p.site.ID, models.ThreadPage{ArticleID: article.ID, Sort: map[bool]string{true: models.SortNewest}[newest], Limit: 1000})
			var got []line
			for _, place := range places {
				got = append(got, line{place.ID, place.HTML, place.AuthorName})
			}
			if want := lines(p.all.thread(key, newest)); err != nil || more || !slices.Equal(got, want) {
				return fmt.Errorf("thread of %s, newest first %v: got %v, more %v (%w), want %v", key, newest, got, more, err, want)
			}
		}
	}
	published, err := tx.Published(p.Context(), p.site.ID, models.PublishedPage{Limit: 1000})
	var got []line
	for _, publication := range published {
		got = append(got, line{publication.ID, publication.HTML, publication.AuthorName})
		total[publication.ArticleKey]++
	}
	if want := lines(p.all.overview()); err != nil || !slices.Equal(got, want) {
		return fmt.Errorf("overview: got %v (%w), want %v", got, err, want)
	}
	counts, err := tx.Counts(p.Context(), p.site.ID, []string{"a", "b"})
	if err != nil || fmt.Sprint(counts) != fmt.Sprint(total) {
		return fmt.Errorf("got the counts %v (%w), want %v", counts, err, total)
	}
	return nil
}

func (p *play) compareQueue(tx *models.Tx) error {
	for _, lane := range []string{models.LanePending, models.LaneEdited} {
		items, err := tx.Queue(p.Context(), p.site.ID, models.QueuePage{Lane: lane, Limit: 1000})
		var got, want []string
		for _, item := range items {
			got = append(got, item.ID.String()+" "+item.Body)
		}
		for _, l := range p.all.queue(lane) {
			want = append(want, l.id.String()+" "+l.texts[l.held-1])
		}
		if err != nil || !slices.Equal(got, want) {
			return fmt.Errorf("queue %s: got %q (%w), want %q", lane, got, err, want)
		}
	}
	return nil
}

// compareLedger wants exactly one new entry where something was done, that says what, and none where nothing was.
func (p *play) compareLedger(tx *models.Tx) error {
	entries, err := tx.Ledger(p.Context(), p.site.ID, p.entries, 10)
	if err != nil {
		return err
	}
	var got, want []string
	for _, e := range entries {
		got = append(got, fmt.Sprint(e.CommentID, e.Version, e.Action, value(e.ActorID), e.Revision, e.Status, value(e.PublicRevision), value(e.HeldRevision)))
	}
	if l := p.done; l != nil {
		m := l.last()
		want = append(want, fmt.Sprint(l.id, l.version, m.action, m.by, m.about, l.status, l.public, l.held))
		p.done = nil
		p.entries++
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("got the new entries %q, want %q", got, want)
	}
	return nil
}

// value is what a pointer leads to, or zero.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
