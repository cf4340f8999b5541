package moderation

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// saltLength is that of a day's salt, in bytes.
const saltLength = 32

// Agreement is a reader's click, and from where it came. Neither is kept: only a hash of both, until the day is over.
type Agreement struct {
	CommentID uuid.UUID
	Request   Request
	Browser   string // as it names itself
}

// Agree counts a reader's agreement with a public comment and answers how many agree now. One person is counted once a
// day: the same network with the same browser. Where the network can't be told, all who have that browser are one person.
// The article's version stays, because no reader has to be told; what is rendered of it is made anew.
func (f *Flow) Agree(ctx context.Context, site models.Site, a Agreement) (agreed models.Agreed, err error) {
	if site.Reaction != models.ReactionAgree {
		return models.Agreed{}, forbidden("refusal.no_reaction")
	}
	salt, day := make([]byte, saltLength), f.now().Truncate(24*time.Hour)
	rand.Read(salt) // never fails, see crypto/rand
	if salt, err = f.Store.DaySalt(ctx, site.ID, day, salt); err != nil {
		return models.Agreed{}, fmt.Errorf("agree: %w", err)
	}
	person := f.keys.Person(salt, a.CommentID, f.keys.Network(site.ID, a.Request.Network), a.Browser)
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if err := f.asked(ctx, tx, attempt{siteID: site.ID, what: "agreements", network: a.Request.Network}); err != nil {
			return err
		}
		agreed, err = tx.Agree(ctx, site.ID, a.CommentID, day, person)
		return err
	})
	return agreed, err
}
