package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Moderator is a person who may sign in to the desk; what they may do on a site is their membership.
type Moderator struct {
	ID           uuid.UUID
	Email, Name  string
	PasswordHash string    // argon2id, PHC string
	Locale       string    // of their desk
	SingleKeys   string    // on, or off: no key alone does anything
	Scheme       string    // system, light or dark
	UserHandle   uuid.UUID // by which their authenticators know them: random
	CreatedAt    time.Time
	WrongCodes   int        // of a second factor, in a row
	CodesAfter   *time.Time // the next may be tried then
}

// ModeratorByEmail finds a moderator by the address in canonical form.
func (q Queries) ModeratorByEmail(ctx context.Context, email string) (m Moderator, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from moderators where email = ?`, email).Scan(&m))
	})
	if err != nil {
		return Moderator{}, fmt.Errorf("moderator: %w", err)
	}
	return m, nil
}

// ModeratorByID finds a moderator.
func (q Queries) ModeratorByID(ctx context.Context, id uuid.UUID) (m Moderator, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from moderators where id = ?`, id).Scan(&m))
	})
	if err != nil {
		return Moderator{}, fmt.Errorf("moderator %s: %w", id, err)
	}
	return m, nil
}

// ModeratorNames answers the name of each of the given moderators.
func (q Queries) ModeratorNames(ctx context.Context, ids []uuid.UUID) (names map[uuid.UUID]string, err error) {
	list := make(Strings, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	var rows []Moderator
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return tx.db.Raw(`select id, name from moderators where id = any (?::uuid[])`, list).Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("names of moderators: %w", err)
	}
	names = make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, nil
}

// SetLocale sets the language of a moderator's desk.
func (q Queries) SetLocale(ctx context.Context, id uuid.UUID, locale string) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		return tx.db.Exec(`update moderators set locale = ? where id = ?`, locale, id).Error
	})
	if err != nil {
		return fmt.Errorf("set the locale of %s: %w", id, err)
	}
	return nil
}

// SetLook sets the language, the colours and the keys of a moderator's desk.
func (q Queries) SetLook(ctx context.Context, m Moderator) error {
	err := q.run(ctx, Scope{}, func(tx *Tx) error {
		return tx.db.Exec(`update moderators set locale = @Locale, scheme = @Scheme, single_keys = @SingleKeys where id = @ID`, m).Error
	})
	if err != nil {
		return fmt.Errorf("set the look of the desk of %s: %w", m.ID, err)
	}
	return nil
}

// SetPassword sets the hash of a moderator's password.
func (q Queries) SetPassword(ctx context.Context, id uuid.UUID, hash string) error {
	return q.own(ctx, "set a password", `update moderators set password_hash = ? where id = ?`, hash, id)
}

// CreateModerator adds a person, or sets name and password of the one with that address, with a role on one site.
// As the schema's owner.
func (s *Store) CreateModerator(ctx context.Context, m Moderator, siteID uuid.UUID, role string) error {
	err := s.begin(ctx, asOwner, func(tx *Tx) error {
		var id uuid.UUID
		err := tx.db.Raw(`insert into moderators (id, email, name, password_hash, locale, created_at)
			values (@ID, @Email, @Name, @PasswordHash, @Locale, @CreatedAt)
			on conflict (email) do update set name = excluded.name, password_hash = excluded.password_hash
			returning id`, m).Row().Scan(&id)
		if err != nil {
			return err
		}
		return tx.db.Exec(`insert into memberships (site_id, moderator_id, role, created_at) values (?, ?, ?, ?)
			on conflict (site_id, moderator_id) do update set role = excluded.role`, siteID, id, role, m.CreatedAt).Error
	})
	if err != nil {
		return fmt.Errorf("create a moderator: %w", err)
	}
	return nil
}
