package moderation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// led are the columns of a comment that the log leads to.
var led = []string{"version", "published_at", "featured_at", "set_aside_until", "passed_to", "passed_role", "rank_at", "waiting_since", "priority", "erased_at"}

// unread stands for what was erased until the log comes to that.
const unread = "…"

// putComments brings comments in as they were sent: waiting, with all of their texts. The log leads them on.
func (o *own) putComments(ctx context.Context, tx *models.Tx) error {
	paths, err := tx.Paths(ctx, o.site.ID, o.parents())
	if err != nil {
		return err
	}
	var texts []models.Row
	for _, row := range o.rows {
		id, err := uuid.Parse(row.Text("id"))
		if err != nil {
			return fmt.Errorf("a comment: %w", err)
		}
		own, err := o.texts(row)
		if err != nil {
			return fmt.Errorf("comment %s: %w", id, err)
		}
		texts = append(texts, own...)
		if err := o.stand(row, id, paths); err != nil {
			return fmt.Errorf("comment %s: %w", id, err)
		}
		o.finals[id] = models.Row{}
		for _, column := range led {
			o.finals[id][column] = row[column]
		}
		if err := o.rewind(row); err != nil {
			return err
		}
	}
	return errors.Join(tx.PutRows(ctx, o.site.ID, "comment", o.rows), tx.PutRevisions(ctx, o.site.ID, texts))
}

func (o *own) parents() (ids []uuid.UUID) {
	for _, row := range o.rows {
		if id, err := uuid.Parse(row.Text("parent_id")); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// texts are the revisions of a comment, 1, 2, 3 … without a gap, rendered by this release.
func (o *own) texts(row models.Row) (all []models.Row, err error) {
	if err := json.Unmarshal(row["revisions"], &all); err != nil || len(all) == 0 {
		return nil, errors.New("it has no text")
	}
	delete(row, "revisions")
	for i, text := range all {
		if string(text["number"]) != strconv.Itoa(i+1) {
			return nil, fmt.Errorf("its text %d is missing", i+1)
		}
		html, err := markup.Render(text.Text("body"))
		if err != nil {
			return nil, err
		}
		if err := errors.Join(text.Set("html", html), text.Set("markup_version", markup.Version)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// stand gives a comment its place below what it answers.
func (o *own) stand(row models.Row, id uuid.UUID, paths map[uuid.UUID][]byte) error {
	path := id[:]
	if parent, err := uuid.Parse(row.Text("parent_id")); err == nil {
		above, ok := paths[parent]
		if !ok {
			return errors.New("what it answers does not stand before it")
		}
		path = slices.Concat(above, path)
	}
	paths[id] = path
	return errors.Join(row.Set("path", fmt.Sprintf(`\x%x`, path)), row.Set("root_id", uuid.UUID(path[:len(id)])), row.Set("depth", len(path)/len(id)-1))
}

// rewind takes a comment back to how it was sent.
func (o *own) rewind(row models.Row) error {
	if url := row.Text("author_url"); url != "" && !isPage(url) {
		return fmt.Errorf("the address of an author, %q, is none", short(url, maxImportedTitle))
	}
	for _, column := range []string{"entry", "public_revision", "published_at", "featured_at", "set_aside_until", "passed_to", "passed_role", "erased_at"} {
		delete(row, column)
	}
	err := errors.Join(row.Set("status", models.Pending), row.Set("version", 1), row.Set("revision", 1), row.Set("held_revision", 1))
	if row.Text("author_name") == "" {
		err = errors.Join(err, row.Set("author_name", unread))
	}
	return err
}
