package moderation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/moderation/transfer"
)

// Restored counts the rows of an export, by their records.
type Restored map[string]int

// ImportOwn brings in what plenum export wrote of a site, with every state, text and entry of the log, into a site that
// was just made. Ids stay; the log is chained and signed anew, because a chain is of one site and one secret. Texts are
// rendered anew. Who is named in the log is known by name, and gets neither a role nor a way to sign in. Rows that are
// there are passed over, so that an import that was cut off goes on; until its end comments wait that the log has yet to
// decide. No mail goes out.
func (f *Flow) ImportOwn(ctx context.Context, site models.Site, file *transfer.Records) (Restored, error) {
	o := &own{Flow: f, site: site, count: Restored{}, finals: map[uuid.UUID]models.Row{}, versions: map[uuid.UUID]int{}}
	for {
		record, err := file.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return o.count, errors.Join(o.write(ctx), err)
		}
		if err != nil || record.Kind != o.kind || len(o.rows) >= importChunk {
			if err := o.write(ctx); err != nil {
				return o.count, err
			}
		}
		if err != nil {
			return o.count, o.whole()
		}
		o.kind = record.Kind
		var row models.Row
		if err := json.Unmarshal(record.Row, &row); err != nil || row == nil {
			return o.count, fmt.Errorf("line %d: this is no row", record.Line)
		}
		if column := unreadable(row); column != "" {
			return o.count, fmt.Errorf("line %d: %s holds control characters", record.Line, column)
		}
		o.rows, o.line = append(o.rows, row), record.Line
	}
}

// unreadable is a column with what no form takes: control characters, or where there is one line only, more of them; empty:
// none has. Names stand in the heads of mails.
func unreadable(row models.Row) string {
	for _, column := range slices.Sorted(maps.Keys(row)) {
		text := row.Text(column)
		oneLine := column == "author_name" || column == "name" || column == "email"
		if markup.HasControl(text) || oneLine && strings.ContainsAny(text, "\r\n") {
			return column
		}
	}
	return ""
}

// own is an export of ours that is being read: rows of one kind wait until there are enough of them.
type own struct {
	*Flow
	site     models.Site
	count    Restored
	kind     string
	line     int // of the last row
	rows     []models.Row
	finals   map[uuid.UUID]models.Row // what the log leads comments to
	versions map[uuid.UUID]int        // the versions that it has led them to
}

// write brings the rows in, in one transaction.
func (o *own) write(ctx context.Context) error {
	if len(o.rows) == 0 {
		return nil
	}
	put := map[string]func(context.Context, *models.Tx) error{"site": leave, "setting_change": leave, "staff_change": leave, "moderator": o.putModerators, "rule": o.putRules, "comment": o.putComments, "entry": o.putEntries}[o.kind]
	if put == nil {
		put = o.putRows
	}
	err := o.Store.Serve(ctx, o.site.ID, func(tx *models.Tx) error {
		if err := put(ctx, tx); err != nil {
			return err
		}
		return tx.TellSite(ctx, o.site.ID)
	})
	if err != nil {
		return fmt.Errorf("lines up to %d: %w", o.line, err)
	}
	o.count[o.kind] += len(o.rows)
	o.rows = nil
	return nil
}

// whole refuses a file whose log ends before its comments do: what was taken down since would be public.
func (o *own) whole() error {
	for id, final := range o.finals {
		if version := string(final["version"]); version != strconv.Itoa(max(o.versions[id], 1)) {
			return fmt.Errorf("comment %s is of version %s, but the log leads it to %d: the file lacks an entry", id, version, max(o.versions[id], 1))
		}
	}
	return nil
}

// leave leaves the site's own settings and staff as they are, and the logs of both: they are its owner's to set.
func leave(context.Context, *models.Tx) error { return nil }

// putRows brings in rows as they are, but for what follows from an address under this secret.
func (o *own) putRows(ctx context.Context, tx *models.Tx) error {
	for _, row := range o.rows {
		if address := row.Text("email"); address != "" {
			hash := o.keys.Address(o.site.ID, address)
			if err := row.Set("address_hash", fmt.Sprintf(`\x%x`, hash)); err != nil {
				return err
			}
		}
		if url := row.Text("url"); o.kind == "article" && url != "" && !within(o.site, url) {
			return fmt.Errorf("the address of an article, %q, lies under no origin of the site", short(url, maxImportedTitle))
		}
	}
	return tx.PutRows(ctx, o.site.ID, o.kind, o.rows)
}

// putRules brings rules in, and refuses those that the site has otherwise: every decision names them by their version.
func (o *own) putRules(ctx context.Context, tx *models.Tx) error {
	if err := o.putRows(ctx, tx); err != nil {
		return err
	}
	for _, row := range o.rows {
		same, err := tx.SameRule(ctx, o.site.ID, row)
		if err != nil {
			return err
		}
		if !same {
			return fmt.Errorf("the site has another rule %s in version %s of its rules: import into a site that was just made", row["number"], row["version"])
		}
	}
	return nil
}

func (o *own) putModerators(ctx context.Context, tx *models.Tx) error {
	var all []models.Moderator
	for _, row := range o.rows {
		id, err := uuid.Parse(row.Text("id"))
		if err != nil {
			return fmt.Errorf("a moderator: %w", err)
		}
		all = append(all, models.Moderator{ID: id, Email: id.String() + "@imported.invalid", Name: row.Text("name"), PasswordHash: nobody, Locale: o.site.Locale, CreatedAt: o.now()})
	}
	return tx.PutModerators(ctx, all)
}

// putEntries replays the log.
func (o *own) putEntries(ctx context.Context, tx *models.Tx) error {
	for _, row := range o.rows {
		e, err := entryIn(row)
		if err != nil {
			return err
		}
		o.versions[e.CommentID] = e.Version
		head, err := tx.Replay(ctx, o.site.ID, e, row, o.finals[e.CommentID])
		if err != nil {
			return err
		}
		if head.Hash == nil { // it is there
			continue
		}
		head.Mac = o.keys.Head(head.SiteID, head.Count, head.Hash)
		if err := tx.SignHead(ctx, head); err != nil {
			return err
		}
	}
	return nil
}

// entryIn reads what moves a comment.
func entryIn(row models.Row) (e models.Entry, err error) {
	text, err := json.Marshal(row)
	if err != nil {
		return e, err
	}
	var said struct {
		ID             uuid.UUID     `json:"id"`
		Kind           string        `json:"kind"`
		CommentID      uuid.NullUUID `json:"comment_id"`
		Version        int           `json:"version"`
		Revision       int           `json:"revision"`
		Status         string        `json:"status"`
		PublicRevision *int          `json:"public_revision"`
		HeldRevision   *int          `json:"held_revision"`
		CreatedAt      time.Time     `json:"created_at"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return e, fmt.Errorf("an entry: %w", err)
	}
	return models.Entry{ID: said.ID, Kind: said.Kind, CommentID: said.CommentID.UUID, Version: said.Version, Revision: said.Revision, CreatedAt: said.CreatedAt,
		State: models.State{Status: said.Status, PublicRevision: said.PublicRevision, HeldRevision: said.HeldRevision}}, nil
}
