package moderation

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// record writes an outcome with its jobs, and signs the new end of the site's ledger. It answers the entry as it stands
// there. The ledger is of the whole site, so it is written last: whoever decides something else there waits for it.
func (f *Flow) record(ctx context.Context, tx *models.Tx, o outcome) (models.Entry, error) {
	for _, id := range o.webhooks {
		d := f.delivery(id, happening{o.Entry.SiteID, o.Entry.CommentID, o.Entry.Action, &o.Entry.ID})
		o.Deliveries = append(o.Deliveries, d)
		o.later(notify.WebhookNotice{SiteID: d.SiteID, DeliveryID: d.ID}, time.Time{})
	}
	if err := tx.EnqueueDue(ctx, o.jobs); err != nil {
		return models.Entry{}, err
	}
	if o.head.Hash != nil {
		o.End = f.sign(after(o.head, o.Entry))
	}
	e, signed, err := tx.Record(ctx, o.Change)
	if err != nil || signed {
		return e, err
	}
	return e, tx.SignHead(ctx, f.sign(e.Head())) // somebody else wrote since the head was read
}

// after is the end of a chain once an entry continues it.
func after(head models.Head, e models.Entry) models.Head {
	e.Seq, e.PrevHash = head.Count+1, head.Hash
	e.Hash = entryHash(e)
	return e.Head()
}

func (f *Flow) sign(h models.Head) models.Head {
	h.Mac = f.keys.Head(h.SiteID, h.Count, h.Hash)
	return h
}

// log writes an entry that is about no comment and signs the new end of the site's ledger.
func (f *Flow) log(ctx context.Context, tx *models.Tx, e models.Entry, written []models.Statement) error {
	head, err := tx.Log(ctx, e, written)
	if err != nil {
		return err
	}
	return tx.SignHead(ctx, f.sign(head))
}

// Fault is the first place where a ledger is not what was written. Seq 0 is the ledger as a whole.
type Fault struct {
	Seq int64     `json:"seq"`
	ID  uuid.UUID `json:"id"`
	Why string    `json:"why"`
}

// Verification is what VerifyLedger found: how many entries hold, and the first fault if there is one.
type Verification struct {
	Site    string `json:"site"`
	Entries int64  `json:"entries"`
	Fault   *Fault `json:"fault,omitempty"`
}

const verifyPage = 1000

// VerifyLedger computes the site's chain again from its rows, compares its end with the signed head, each statement
// with its hash, and each comment's state with its newest entry.
func (f *Flow) VerifyLedger(ctx context.Context, site models.Site) (Verification, error) {
	v := Verification{Site: site.Slug}
	head, err := f.Store.LedgerHead(ctx, site.ID)
	if err != nil {
		return v, err
	}
	days, err := f.Store.Heads(ctx, site.ID, f.now().AddDate(100, 0, 0), maxHeads)
	if err != nil {
		return v, err
	}
	ends := map[int64][]models.HeadOfDay{}
	for _, d := range days {
		ends[d.Count] = append(ends[d.Count], d)
	}
	end := make([]byte, sha256.Size)
	for {
		entries, err := f.Store.Ledger(ctx, site.ID, v.Entries, verifyPage)
		if err != nil {
			return v, err
		}
		for _, e := range entries {
			if v.Fault = f.checkEntry(e, v.Entries+1, end); v.Fault != nil {
				return v, nil
			}
			v.Entries, end = e.Seq, e.Hash
			if v.Fault = f.checkDays(ends[e.Seq], e.Hash); v.Fault != nil {
				return v, nil
			}
		}
		if len(entries) < verifyPage {
			break
		}
	}
	if v.Fault = checkTail(days, v.Entries); v.Fault != nil {
		return v, nil
	}
	if v.Fault = f.checkHead(head, v.Entries, end); v.Fault == nil {
		v.Fault, err = f.checkRows(ctx, site)
	}
	return v, err
}

func (f *Flow) checkEntry(e models.Entry, seq int64, prev []byte) *Fault {
	switch {
	case e.Seq != seq:
		return &Fault{seq, e.ID, fmt.Sprintf("entry %d is missing: entry %d follows", seq, e.Seq)}
	case !bytes.Equal(e.PrevHash, prev):
		return &Fault{e.Seq, e.ID, "the entry does not continue the one before: its order or its predecessor was changed"}
	case !bytes.Equal(e.Hash, entryHash(e)):
		return &Fault{e.Seq, e.ID, "the row was changed after it was written"}
	}
	return nil
}

// maxHeads is more days than anybody keeps a log.
const maxHeads = 100_000

// checkDays compares an entry's hash with the ends of the days that it ended.
func (f *Flow) checkDays(days []models.HeadOfDay, hash []byte) *Fault {
	for _, d := range days {
		if !bytes.Equal(d.Hash, hash) || !hmac.Equal(d.Mac, f.keys.Head(d.SiteID, d.Count, d.Hash)) {
			return &Fault{d.Count, uuid.Nil, "the log ended otherwise on " + d.Day.Format(time.DateOnly) + ", as was published that day"}
		}
	}
	return nil
}

// checkTail finds a day on which the log was longer than it is.
func checkTail(days []models.HeadOfDay, entries int64) *Fault {
	for _, d := range days {
		if d.Count > entries {
			return &Fault{entries + 1, uuid.Nil, fmt.Sprintf("the end is missing: on %s there were %d entries, %d are there", d.Day.Format(time.DateOnly), d.Count, entries)}
		}
	}
	return nil
}

func (f *Flow) checkHead(h models.Head, count int64, end []byte) *Fault {
	switch {
	case h.Count != count:
		return &Fault{count + 1, uuid.Nil, fmt.Sprintf("the end is missing: the head counts %d entries, %d are there", h.Count, count)}
	case !bytes.Equal(h.Hash, end):
		return &Fault{count, uuid.Nil, "the head names another last entry"}
	case !hmac.Equal(h.Mac, f.keys.Head(h.SiteID, h.Count, h.Hash)):
		return &Fault{count, uuid.Nil, "the head is not signed with this PLENUM_SECRET"}
	}
	return nil
}

// checkRows compares what stands beside the ledger with what the ledger says of it.
func (f *Flow) checkRows(ctx context.Context, site models.Site) (*Fault, error) {
	statements, err := f.Store.SiteStatements(ctx, site.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range statements {
		if !bytes.Equal(statementHash(s.Statement), s.Hash) {
			return &Fault{s.Seq, s.EntryID, "the " + s.Kind + " was changed after it was written"}, nil
		}
	}
	missing, err := f.Store.MissingStatements(ctx, site.ID)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		return &Fault{missing[0].Seq, missing[0].ID, "what was written with the entry is gone, though nothing was erased"}, nil
	}
	stray, err := f.Store.StrayComments(ctx, site.ID)
	if err != nil || len(stray) == 0 {
		return nil, err
	}
	return &Fault{0, stray[0], "the comment's state is not that of its newest entry"}, nil
}

// entryHash is what the database's trigger ledger_chain computes: SHA-256 of the hash before and the columns one a line.
func entryHash(e models.Entry) []byte {
	fields := []string{
		e.SiteID.String(), strconv.FormatInt(e.Seq, 10), e.ID.String(), e.Kind, e.Action, about(e, e.CommentID.String()),
		about(e, strconv.Itoa(e.Version)), about(e, strconv.Itoa(e.Revision)), e.Status, number(e.PublicRevision), number(e.HeldRevision),
		strconv.Itoa(e.RulesVersion), strings.Join(e.Rules, ","), id(e.ActorID), id(e.Undoes),
		hex.EncodeToString(e.StatementHash), hex.EncodeToString(e.NoteHash), strconv.FormatInt(e.CreatedAt.UnixMicro(), 10),
	}
	if e.AuthorID != nil || e.ArticleID != nil || e.BatchID != nil || e.Until != nil || e.AssignedTo != nil || e.Appealed != nil {
		fields = append(fields, id(e.AuthorID), id(e.ArticleID), id(e.BatchID), micros(e.Until), id(e.AssignedTo), id(e.Appealed))
	}
	sum := sha256.Sum256(append(bytes.Clone(e.PrevHash), strings.Join(fields, "\n")...))
	return sum[:]
}

// about is a field of an entry that is about a comment, else nothing.
func about(e models.Entry, field string) string {
	if e.CommentID == uuid.Nil {
		return ""
	}
	return field
}

func micros(t *time.Time) string {
	if t == nil {
		return ""
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func id(u *uuid.UUID) string {
	if u == nil {
		return ""
	}
	return u.String()
}

// statementHash is SHA-256 of the salt and the text.
func statementHash(s models.Statement) []byte {
	sum := sha256.Sum256(append(bytes.Clone(s.Salt), s.Text...))
	return sum[:]
}
