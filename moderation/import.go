package moderation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"plenum/models"
	"plenum/moderation/transfer"
)

// importComment is the action and the kind of the entry by which a comment from elsewhere has its state. It is nobody's
// decision here: it has no actor, cannot be undone, and counts in no statistics of decisions.
const importComment = "import"

// Import is a file of another system on its way in.
type Import struct {
	Reader  transfer.Reader
	Note    string                    // from where and by whom; beside each entry
	Hold    bool                      // what was public waits too
	DryRun  bool                      // nothing is written
	Address func(old string) string   // where an address of the file leads now
	Passed  func(p *transfer.Problem) // is told of each comment that was passed over
}

// Imported counts what became of the comments of a file.
type Imported struct {
	Public  int `json:"public"`
	Waiting int `json:"waiting"`
	Spam    int `json:"spam"`
	Deleted int `json:"deleted"` // of which only the place is there
	Known   int `json:"known"`   // that were there already
	Passed  int `json:"passed"`  // over, each with its reason
}

const (
	importChunk = 200      // comments a transaction
	maxEarly    = 20_000   // answers that stand in the file before what they answer
	maxEarlyLen = 64 << 20 // bytes of their texts
)

// Import brings the comments of a file in. Each keeps its date, its author and what it answers. What anybody could read at
// the source is public, with an entry of the ledger that says that it was imported and names nobody as its judge; what
// waited there waits here, spam is spam, and of what was deleted there only the place is kept. No mail goes out. A comment
// of a source comes in once: a second import of a file adds nothing, and one that was cut off goes on where it was.
func (f *Flow) Import(ctx context.Context, site models.Site, i Import) (Imported, error) {
	rules, err := f.Store.RulesVersion(ctx, site.ID)
	if err != nil {
		return Imported{}, err
	}
	m := &importing{Flow: f, Import: i, site: site, rules: rules, early: map[models.SourceKey][]arrival{}, there: map[models.SourceKey]models.Standing{}}
	for {
		item, err := i.Reader.Next()
		var passed *transfer.Problem
		switch {
		case errors.Is(err, io.EOF):
			return m.count, m.finish(ctx)
		case errors.As(err, &passed):
			m.passOver(passed)
		case err != nil: // what came before it is good
			return m.count, errors.Join(m.write(ctx), err)
		default:
			m.chunk = append(m.chunk, m.arrive(item))
		}
		if len(m.chunk) >= importChunk {
			if err := m.write(ctx); err != nil {
				return m.count, err
			}
		}
	}
}

// importing is a file that is being read.
type importing struct {
	*Flow
	Import
	site     models.Site
	rules    int
	count    Imported
	read     int
	chunk    []arrival
	early    map[models.SourceKey][]arrival // by what they answer
	earlies  int
	earlyLen int
	there    map[models.SourceKey]models.Standing // of this chunk; where nothing is written, of all before
}

// passOver passes a comment over.
func (m *importing) passOver(p *transfer.Problem) {
	m.count.Passed++
	m.Passed(p)
}

// finish writes what is left; what answers a comment that never came is passed over.
func (m *importing) finish(ctx context.Context) error {
	if err := m.write(ctx); err != nil {
		return err
	}
	var lost []arrival
	for _, waiting := range m.early {
		lost = append(lost, waiting...)
	}
	slices.SortFunc(lost, func(a, b arrival) int { return a.Line - b.Line })
	for _, a := range lost {
		m.passOver(a.problem("what it answers, %s, is not in the file or was passed over", a.Parent))
	}
	return nil
}

// write brings the chunk in, and whatever waited for one of it, in one transaction.
func (m *importing) write(ctx context.Context) error {
	for len(m.chunk) > 0 {
		chunk := m.chunk
		m.chunk = nil
		if err := m.writeChunk(ctx, chunk); err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	return nil
}

func (m *importing) writeChunk(ctx context.Context, chunk []arrival) error {
	if !m.DryRun {
		m.there = map[models.SourceKey]models.Standing{}
	}
	if err := m.look(ctx, chunk); err != nil {
		return err
	}
	made, err := m.place(ctx, chunk)
	if err != nil || m.DryRun || len(made) == 0 {
		return err
	}
	return m.Store.Serve(ctx, m.site.ID, func(tx *models.Tx) error {
		head, err := tx.Import(ctx, m.site.ID, made)
		if err != nil || head.Hash == nil { // nothing but what waits
			return err
		}
		head.Mac = m.keys.Head(head.SiteID, head.Count, head.Hash)
		return tx.SignHead(ctx, head)
	})
}

// look finds where those of the chunk stand that are there, and what they answer.
func (m *importing) look(ctx context.Context, chunk []arrival) error {
	return m.Store.Serve(ctx, m.site.ID, func(tx *models.Tx) error {
		there, err := tx.Standings(ctx, m.site.ID, sources(chunk))
		maps.Copy(m.there, there)
		return err
	})
}
