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
	"plenum/moderation/notify"
)

// What may be laid on an author. Lift ends one of them early.
const (
	Warn    = "warn"    // to be acknowledged with the next comment
	Pause   = "pause"   // no comments until a time
	Ban     = "ban"     // no comments until a time, or for good
	Network = "network" // a ban of a network instead of an address, until a time; the entry's action is ban
	Lift    = "lift"
)

// How long sanctions may last. Networks change hands, so a ban of one is never long.
const (
	maxModeratorPause = 30 * 24 * time.Hour
	maxSanction       = 10 * 366 * 24 * time.Hour
	maxNetworkBan     = 30 * 24 * time.Hour
)

// Sanctioning is a sanction as a moderator asks for it.
type Sanctioning struct {
	AuthorID  uuid.UUID
	Kind      string
	CommentID *uuid.UUID // the occasion; of a network: the comment that came from it
	Until     *time.Time // nil: of a warning, or for good
	Rules     []string   // codes of the rules broken: at least one
	Statement string     // of reasons, to the author
	Note      string     // internal
	Request   Request
}

// Sanction is one with its grounds.
type Sanction struct {
	models.Sanction
	Laid  Event  // the decision that laid it
	Ended *Event // the decision that lifted it; nil: none
}

// Sanction warns, pauses or bans an author, with grounds. Moderators warn, and pause for up to 30 days; the rest is for
// editors. Only who is known by an address can be sanctioned, except by their network; staff never. The author is told
// by mail once the site's delay for undoing has passed, unless it was lifted by then.
func (f *Flow) Sanction(ctx context.Context, site models.Site, actor Actor, s Sanctioning) (Sanction, error) {
	s.Statement, s.Note, s.Rules = strings.TrimSpace(s.Statement), strings.TrimSpace(s.Note), slices.Clone(s.Rules)
	if err := f.checkSanction(actor, &s); err != nil {
		return Sanction{}, err
	}
	id := f.NewID()
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) (err error) {
		first := true
		if s.Request.Key != "" {
			k := models.Key{Call: "sanctions " + s.AuthorID.String(), Caller: actor.ID.String(), Key: s.Request.Key,
				RequestHash: s.Request.Hash, Lifetime: keyLifetime}
			id, first, err = takeKey(ctx, tx, site.ID, k, id, f.now())
		}
		if err != nil || !first {
			return err
		}
		return f.sanction(ctx, tx, site, actor, models.Sanction{SiteID: site.ID, ID: id, AuthorID: s.AuthorID, Kind: s.Kind,
			CommentID: s.CommentID, Until: s.Until, Entry: f.NewID(), CreatedAt: f.now()}, s)
	})
	if err != nil {
		return Sanction{}, fmt.Errorf("%s author %s: %w", s.Kind, s.AuthorID, err)
	}
	return f.sanctionByID(ctx, site, id)
}

// checkSanction holds rights and duration to their limits.
func (f *Flow) checkSanction(actor Actor, s *Sanctioning) error {
	role := RoleModerator
	if s.Kind == Ban || s.Kind == Network {
		role = RoleEditor
	}
	if err := actor.write(role); err != nil {
		return err
	}
	if s.Kind == Warn {
		s.Until = nil
	}
	if s.Until == nil {
		if s.Kind == Pause || s.Kind == Network {
			return invalid("until", "invalid.required")
		}
		return nil
	}
	until := s.Until.UTC().Truncate(time.Microsecond)
	s.Until = &until
	lasts, most := until.Sub(f.now()), maxSanction
	if s.Kind == Network {
		most = maxNetworkBan
	} else if !actor.AtLeast(RoleEditor) {
		most = maxModeratorPause
	}
	if lasts <= 0 || lasts > most {
		return invalid("until", "refusal.sanction_range", "count", int(most/(24*time.Hour)))
	}
	return nil
}

// sanction writes a sanction with its ledger entry, and the mail that follows.
func (f *Flow) sanction(ctx context.Context, tx *models.Tx, site models.Site, actor Actor, row models.Sanction, s Sanctioning) error {
	author, err := tx.Author(ctx, site.ID, s.AuthorID)
	if err != nil {
		return err
	}
	if err := f.sanctionable(ctx, tx, author, &row); err != nil {
		return err
	}
	version, err := sanctionGrounds(ctx, tx, site, s.Rules)
	if err != nil {
		return err
	}
	slices.Sort(s.Rules)
	e := models.Entry{SiteID: site.ID, ID: row.Entry, Kind: models.KindDecision, Action: row.Kind, AuthorID: &author.ID, Until: row.Until,
		RulesVersion: version, Rules: slices.Compact(s.Rules), ActorID: &actor.ID, CreatedAt: row.CreatedAt}
	if row.Kind == Network {
		e.Action = Ban
	}
	texts := writeDown(&e, s.Statement, s.Note)
	if err := f.log(ctx, tx, e, texts); err != nil {
		return err
	}
	if err := tx.InsertSanction(ctx, row); err != nil || author.Email == nil || row.Kind == Network {
		return err
	}
	notice := notify.SanctionNotice{SiteID: site.ID, SanctionID: row.ID}
	return tx.Enqueue(ctx, notice, f.now().Add(f.undoDelay(site)))
}

// sanctionable refuses whom a sanction could not reach, and finds the network of one that is about it. The occasion must
// be the author's own comment.
func (f *Flow) sanctionable(ctx context.Context, tx *models.Tx, author models.Author, row *models.Sanction) error {
	if row.CommentID != nil {
		c, err := tx.Comment(ctx, row.SiteID, *row.CommentID)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		if err != nil || c.AuthorID != author.ID {
			return invalid("comment_id", "refusal.sanction_comment")
		}
		if c.AuthorRole == "staff" {
			return forbidden("refusal.sanction_staff")
		}
	}
	staff, err := f.isStaff(ctx, tx, author)
	switch {
	case err != nil:
		return err
	case staff:
		return forbidden("refusal.sanction_staff")
	case row.Kind == Network:
		return f.network(ctx, tx, row)
	case author.AddressHash == nil:
		return invalid("author_id", "refusal.sanction_address")
	}
	return nil
}

// isStaff reports whether an author is known by the address of somebody of the site's staff, or writes for the newsroom.
func (f *Flow) isStaff(ctx context.Context, tx *models.Tx, author models.Author) (bool, error) {
	written, _, err := tx.WrittenComments(ctx, author.SiteID, models.AuthorPage{AuthorID: author.ID, Limit: 1})
	if err != nil || slices.ContainsFunc(written, func(c models.WrittenComment) bool { return c.AuthorRole == "staff" }) {
		return err == nil, err
	}
	addresses, err := tx.StaffAddresses(ctx, author.SiteID)
	return slices.ContainsFunc(addresses, func(address string) bool {
		return author.AddressHash != nil && slices.Equal(f.keys.Address(author.SiteID, address), author.AddressHash)
	}), err
}

// network finds the network that the occasion came from; after a day nobody knows it any more.
func (f *Flow) network(ctx context.Context, tx *models.Tx, row *models.Sanction) (err error) {
	if row.CommentID == nil {
		return invalid("comment_id", "invalid.required")
	}
	row.NetworkHash, err = tx.NetworkOf(ctx, row.SiteID, *row.CommentID)
	if errors.Is(err, models.ErrNotFound) {
		return invalid("comment_id", "refusal.network_unknown")
	}
	return err
}

// sanctionGrounds answers the version of the rules in force, and refuses a sanction under no rule of it.
func sanctionGrounds(ctx context.Context, tx *models.Tx, site models.Site, codes []string) (int, error) {
	if len(codes) == 0 {
		return 0, invalid("rules", "refusal.sanction_rule")
	}
	rules, err := tx.Rules(ctx, site.ID, 0)
	if err != nil {
		return 0, err
	}
	for _, code := range codes {
		if !rules.Has([]string{code}) {
			return 0, invalid("rules", "refusal.rule_unknown", "code", code)
		}
	}
	return rules.Version, nil
}
