package moderation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
)

// Record is what the desk knows of an author on one site: how their comments fared, and what was laid on them.
type Record struct {
	models.Record
	models.Marks
	Sanctions []Sanction // newest first, in force and past
}

// authorRecord reads an author's record.
func authorRecord(ctx context.Context, q models.Queries, siteID, authorID uuid.UUID) (r Record, err error) {
	if r.Record, err = q.AuthorRecord(ctx, siteID, authorID); err != nil {
		return Record{}, err
	}
	if r.Marks, err = q.AuthorMarks(ctx, siteID, authorID); err != nil {
		return Record{}, err
	}
	rows, err := q.Sanctions(ctx, siteID, authorID)
	if err != nil {
		return Record{}, err
	}
	r.Sanctions, err = sanctions(ctx, q, rows)
	return r, err
}

// AuthorFile is an author as the desk shows them: the record, and a page of what they wrote.
type AuthorFile struct {
	models.Author
	Record   Record
	Comments []models.WrittenComment // newest first
	More     bool
}

// Author gathers what the desk shows of one author. It changes nothing.
func (f *Flow) Author(ctx context.Context, siteID uuid.UUID, p models.AuthorPage) (a AuthorFile, err error) {
	err = f.Store.Serve(ctx, siteID, func(tx *models.Tx) error {
		if a.Author, err = tx.Author(ctx, siteID, p.AuthorID); err != nil {
			return err
		}
		if a.Record, err = authorRecord(ctx, tx.Queries, siteID, p.AuthorID); err != nil {
			return err
		}
		a.Comments, a.More, err = tx.WrittenComments(ctx, siteID, p)
		return err
	})
	if err != nil {
		return AuthorFile{}, fmt.Errorf("author: %w", err)
	}
	return a, nil
}

// Sanctions lists what the actor may lay on an author; whether it reaches them is another question.
func (a Actor) Sanctions() []string {
	switch {
	case a.ReadOnly:
		return nil
	case a.AtLeast(RoleEditor):
		return []string{Warn, Pause, Ban, Network}
	}
	return []string{Warn, Pause}
}
