package moderation_test

import (
	"testing"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/transfer"
)

// importing brings comments by the reader in on the side, until somebody holds what it needs. What it answers waits until
// they are in, and is the last one's.
func (w *world) importing(items ...transfer.Item) (end func() models.Comment) {
	w.Helper()
	done, last := make(chan error, 1), items[len(items)-1].Body
	for i := range items {
		items[i].Email = reader
	}
	w.blocked(func() {
		_, err := w.flow.Import(w.Context(), w.site, moderation.Import{Reader: &shelf{items: items}, Address: func(s string) string { return s }})
		done <- err
	})
	return func() models.Comment {
		w.Helper()
		w.must(<-done)
		return w.stored()[last]
	}
}

// While all of somebody's comments are being erased, an import has more of them.
func TestWhatIsImportedAfterAnErasureIsANewAuthors(t *testing.T) {
	w := newWorld(t)
	first := w.submit(w.by(reader))
	var end func() models.Comment
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		_, err := tx.LockAuthor(t.Context(), w.site.ID, w.author(first.ID))
		w.must(err)
		end = w.importing(said("1", "", transfer.Public))
		return tx.WipeAuthor(t.Context(), w.site.ID, w.author(first.ID), w.now)
	}))
	c := end()
	w.erasedOrAddressed("imported after", c.ID)
	if c.AuthorID == w.author(first.ID) {
		t.Error("got the author who was erased, want a new one")
	}
}

// The night forgets the address of somebody of whom an import brings more at that very moment.
func TestWhoIsImportedByNightKeepsTheAddress(t *testing.T) {
	w := newWorld(t)
	w.must(w.decide(w.moderator, w.submit(w.by(reader)).ID, moderation.Approve))
	w.now = w.now.AddDate(10, 0, 0)
	var end func() models.Comment
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		w.must(tx.LockLedger(t.Context(), w.site.ID))
		end = w.importing(said("1", "", transfer.Public))
		return w.flow.Expire(t.Context())
	}))
	w.erasedOrAddressed("by night", end().ID)
}

// An erasure takes the ledger and then its author. An import of something that waits there and of something that has an
// entry here needs both, too.
func TestAnImportAndAnErasureDoNotWaitForEachOther(t *testing.T) {
	w := newWorld(t)
	first := w.submit(w.by(reader))
	var end func() models.Comment
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		w.must(tx.LockLedger(t.Context(), w.site.ID))
		end = w.importing(said("1", "", transfer.Waiting), said("2", "", transfer.Public))
		_, err := tx.LockAuthor(t.Context(), w.site.ID, w.author(first.ID))
		return err
	}))
	end()
}

// An article is named by its publisher with a comment that is being sent: whoever sends holds it, then needs the author.
func TestAnImportAndASubmissionDoNotWaitForEachOther(t *testing.T) {
	w := newWorld(t)
	first := w.submit(w.by(reader))
	one, other := said("1", "", transfer.Waiting), said("2", "", transfer.Waiting)
	one.Article.Key, other.Article.Key = "b", "a"
	var end func() models.Comment
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		w.must(tx.NameArticle(t.Context(), w.site.ID, models.Article{Key: "a", Title: "B"}))
		end = w.importing(one, other)
		_, err := tx.LockAuthor(t.Context(), w.site.ID, w.author(first.ID))
		return err
	}))
	end()
}
