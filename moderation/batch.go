package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// MaxBatch is how many comments can be decided together.
const MaxBatch = 5000

// Order asks for one decision on several comments: those of Items, or everything that fits Question.
type Order struct {
	Action          string
	Rules           []string
	Statement, Note string
	FromTemplate    bool // as in Verdict
	Items           []models.BatchItem
	Question        *Question
}

// BatchJob works a batch off.
type BatchJob struct {
	SiteID  uuid.UUID `json:"site_id"`
	BatchID uuid.UUID `json:"batch_id"`
}

// Kind names the job in its row.
func (BatchJob) Kind() string { return "batch" }

// Queue is Chores.
func (BatchJob) Queue() string { return Chores }

// Chores is the queue of all that is nobody's letter: none of it waits for a mail server.
const Chores = "chores"

// bulk are the actions that several comments can be decided by.
var bulk = []string{Approve, Reject, Spam, Remove, Keep}

// DecideTogether writes down which comments are meant, so that what arrives later is not swept along, and has them
// decided by the worker: each in a transaction of its own, with an entry of its own that names the batch.
func (f *Flow) DecideTogether(ctx context.Context, site models.Site, actor Actor, o Order) (models.Batch, error) {
	if err := actor.write(RoleModerator); err != nil {
		return models.Batch{}, err
	}
	if !slices.Contains(bulk, o.Action) {
		return models.Batch{}, invalid("action", "refusal.batch_action")
	}
	if (o.Action == Reject || o.Action == Remove) && len(o.Rules) == 0 {
		return models.Batch{}, invalid("rules", "refusal.rule_required")
	}
	items, err := f.items(ctx, site, actor, o)
	if err != nil {
		return models.Batch{}, err
	}
	return f.startBatch(ctx, site, models.Batch{ModeratorID: actor.ID, Action: o.Action, Rules: o.Rules,
		Statement: strings.TrimSpace(o.Statement), Note: strings.TrimSpace(o.Note), FromTemplate: o.FromTemplate}, items)
}

// items are those of an order with their versions of now.
func (f *Flow) items(ctx context.Context, site models.Site, actor Actor, o Order) (items []models.BatchItem, err error) {
	named := map[uuid.UUID]bool{}
	for _, item := range o.Items { // who names a comment twice means it once
		if !named[item.CommentID] {
			named[item.CommentID], items = true, append(items, item)
		}
	}
	if o.Question != nil {
		if items, err = f.snapshot(ctx, site, actor, *o.Question); err != nil {
			return nil, err
		}
	}
	if len(items) == 0 {
		return nil, invalid("items", "refusal.batch_empty")
	}
	if len(items) > MaxBatch {
		return nil, invalid("items", "refusal.batch_large", "max", MaxBatch)
	}
	for i := range items {
		items[i].Action = o.Action
	}
	return items, nil
}

// snapshot lists everything that fits a question now.
func (f *Flow) snapshot(ctx context.Context, site models.Site, actor Actor, q Question) (items []models.BatchItem, err error) {
	q.Limit, q.After = snapshotPage, models.Position{}
	for {
		found, err := f.Queue(ctx, site, actor, q)
		if err != nil {
			return nil, err
		}
		for _, w := range found.Items {
			items = append(items, models.BatchItem{CommentID: w.ID, Version: w.Version})
		}
		if !found.More || len(items) > MaxBatch {
			return items, nil
		}
		q.After = found.Items[len(found.Items)-1].Position()
	}
}

const snapshotPage = 500

func (f *Flow) startBatch(ctx context.Context, site models.Site, b models.Batch, items []models.BatchItem) (models.Batch, error) {
	return f.beginBatch(ctx, site, b, func(*models.Tx) (meant, error) { return meant{items: items}, nil })
}

// meant is what a batch is to decide, and how much it has called off.
type meant struct {
	items     []models.BatchItem
	calledOff int
}

// beginBatch writes a batch down, with the items that are found in the same transaction.
func (f *Flow) beginBatch(ctx context.Context, site models.Site, b models.Batch, find func(*models.Tx) (meant, error)) (models.Batch, error) {
	if i := slices.IndexFunc(b.Rules, markup.HasControl); i >= 0 { // no row could hold it
		return models.Batch{}, invalid("rules", "refusal.rule_unknown", "code", b.Rules[i])
	}
	b.SiteID, b.ID, b.CreatedAt = site.ID, f.NewID(), f.now()
	err := f.Store.Serve(ctx, b.SiteID, func(tx *models.Tx) error {
		m, err := find(tx)
		if err != nil {
			return err
		}
		if err := f.inBulk(ctx, tx, site, b.ModeratorID, m.items); err != nil {
			return err
		}
		b.CalledOff = m.calledOff
		if err := tx.CreateBatch(ctx, b, m.items); err != nil {
			return err
		}
		return tx.Enqueue(ctx, BatchJob{b.SiteID, b.ID}, time.Time{})
	})
	if err != nil {
		return models.Batch{}, err
	}
	return f.Store.Batch(ctx, b.SiteID, b.ID)
}

// UndoBatch takes a whole batch back: by whoever made it, or an editor, within the delay. What has had no turn yet is not
// decided any more.
func (f *Flow) UndoBatch(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) (models.Batch, error) {
	if err := actor.write(RoleModerator); err != nil {
		return models.Batch{}, err
	}
	b, err := f.Store.Batch(ctx, site.ID, id)
	if err != nil {
		return models.Batch{}, err
	}
	switch {
	case b.Undoes != nil:
		return models.Batch{}, invalid("", "refusal.undo_nothing")
	case b.ModeratorID != actor.ID && !actor.AtLeast(RoleEditor):
		return models.Batch{}, forbidden("refusal.undo_other")
	}
	undo, err := f.beginBatch(ctx, site, models.Batch{ModeratorID: actor.ID, Action: Undo, Undoes: &b.ID}, func(tx *models.Tx) (meant, error) {
		return f.callOff(ctx, tx, site, b)
	})
	if errors.Is(err, models.ErrConflict) {
		err = invalid("", "refusal.undo_nothing")
	}
	return undo, err
}

// callOff ends a batch and lists what is to be taken back of it.
func (f *Flow) callOff(ctx context.Context, tx *models.Tx, site models.Site, b models.Batch) (m meant, err error) {
	if m.calledOff, err = tx.CallOff(ctx, site.ID, b.ID); err != nil {
		return m, err
	}
	made, err := tx.BatchEntries(ctx, site.ID, b.ID)
	if err != nil {
		return m, err
	}
	if m.calledOff+len(made) == 0 {
		return m, invalid("", "refusal.undo_nothing")
	}
	for _, entry := range made { // what was removed first comes back last: parents before their replies
		if f.now().Sub(entry.CreatedAt) > f.undoDelay(site) {
			return m, invalid("", "refusal.undo_late")
		}
		m.items = append(m.items, models.BatchItem{CommentID: entry.CommentID, Version: entry.Version, Action: Undo})
	}
	return m, nil
}

// maxBranch is how many replies can be removed together with what they answer.
const maxBranch = 1000

// RemoveBranch takes a public comment down with everything below it, under the same rules: what is public is removed,
// what waits is rejected.
func (f *Flow) RemoveBranch(ctx context.Context, site models.Site, actor Actor, v Verdict) (models.Batch, error) {
	if err := actor.write(RoleModerator); err != nil {
		return models.Batch{}, err
	}
	if len(v.Rules) == 0 {
		return models.Batch{}, invalid("rules", "refusal.rule_required")
	}
	c, err := f.Store.Comment(ctx, site.ID, v.CommentID)
	if err != nil {
		return models.Batch{}, err
	}
	if c.Version != v.Version {
		since, err := f.History(ctx, site.ID, c.ID, v.seen(c))
		if err != nil {
			return models.Batch{}, err
		}
		return models.Batch{}, &StaleVersion{Refusal: *conflict("refusal.stale"), Comment: c, Since: since}
	}
	branch, err := f.Store.Branch(ctx, site.ID, c, maxBranch+1)
	if err != nil {
		return models.Batch{}, err
	}
	items := taken(branch)
	switch {
	case len(items) == 0 || items[0].CommentID != c.ID:
		return models.Batch{}, invalid("action", "refusal.action_unfit", "action", Remove, "status", c.Status)
	case len(branch) > maxBranch:
		return models.Batch{}, invalid("items", "refusal.batch_large", "max", maxBranch)
	}
	return f.startBatch(ctx, site, models.Batch{ModeratorID: actor.ID, Action: Remove, Rules: v.Rules,
		Statement: strings.TrimSpace(v.Statement), Note: strings.TrimSpace(v.Note), FromTemplate: v.FromTemplate}, items)
}

// taken are the decisions that take a branch down.
func taken(branch []models.Comment) (items []models.BatchItem) {
	for _, c := range branch {
		item := models.BatchItem{CommentID: c.ID, Version: c.Version}
		switch c.Status {
		case models.Approved:
			item.Action = Remove
		case models.Pending:
			item.Action = Reject
		default:
			continue
		}
		items = append(items, item)
	}
	return items
}

// batchChunk is how many items are read at a time.
const batchChunk = 100

// RunBatch gives each item of a batch its turn. It may be called again after it was cut off at any moment: what was
// decided already is not decided twice, because an item is done in the transaction that decides it.
func (f *Flow) RunBatch(ctx context.Context, job BatchJob) error {
	b, err := f.Store.Batch(ctx, job.SiteID, job.BatchID)
	if err != nil {
		return err
	}
	site, err := f.Store.SiteByID(ctx, job.SiteID)
	if err != nil {
		return err
	}
	actor, err := f.batchActor(ctx, b)
	if err != nil {
		return err
	}
	for {
		items, err := f.Store.BatchItems(ctx, b.SiteID, b.ID, "", 0, batchChunk)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return f.Store.FinishBatch(ctx, b.SiteID, b.ID, f.now())
		}
		for _, item := range items {
			if err := f.runItem(ctx, site, actor, b, item); err != nil {
				return fmt.Errorf("batch %s: %w", b.ID, err)
			}
		}
	}
}

// batchActor is who ordered a batch, with the role of now; without one, nothing is theirs to decide.
func (f *Flow) batchActor(ctx context.Context, b models.Batch) (Actor, error) {
	m, err := f.Store.ModeratorByID(ctx, b.ModeratorID)
	if err != nil {
		return Actor{}, err
	}
	actor, err := f.SessionActor(ctx, b.SiteID, m)
	if errors.Is(err, models.ErrNotFound) {
		return Actor{ID: m.ID}, nil
	}
	return actor, err
}

// runItem decides one item, or says why not. One that has had its turn, or whose batch was taken back, stays as it is.
func (f *Flow) runItem(ctx context.Context, site models.Site, actor Actor, b models.Batch, item models.BatchItem) error {
	_, err := f.Decide(ctx, site, actor, Verdict{CommentID: item.CommentID, Version: item.Version, Action: item.Action, Rules: b.Rules,
		Statement: b.Statement, Note: b.Note, FromTemplate: b.FromTemplate, BatchID: &b.ID, turn: item.Position, asked: b.CreatedAt, spreeOf: b.SpreeOf})
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return f.Store.RefuseItem(ctx, b.SiteID, b.ID, item.Position, refusal.Key)
	}
	return err
}
