package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/transfer"
)

// arrival is a comment of a file with the keys that it and its parent are known by.
type arrival struct {
	transfer.Item
	source, parent models.SourceKey
	id             uuid.UUID
}

func (a arrival) problem(why string, args ...any) *transfer.Problem {
	return &transfer.Problem{Line: a.Line, Key: a.Key, Why: fmt.Sprintf(why, args...)}
}

// arrive takes a comment of the file as it may come in.
func (m *importing) arrive(i transfer.Item) arrival {
	a := arrival{Item: i, source: sourceKey(i.Source, i.Key), parent: sourceKey(i.Source, i.Parent)}
	if m.Hold && a.State == transfer.Public {
		a.State = transfer.Waiting
	}
	if now := m.now(); a.At.After(now) {
		a.At = now
	}
	a.At = a.At.UTC().Truncate(time.Microsecond)
	a.Article.URL, a.Article.Key = m.Address(strings.TrimSpace(a.Article.URL)), m.Address(strings.TrimSpace(a.Article.Key))
	a.id = m.datedID(a.At)
	return a
}

func sourceKey(source, key string) models.SourceKey {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s%s", len(source), source, key))
}

func sources(chunk []arrival) (keys []models.SourceKey) {
	for _, a := range chunk {
		keys = append(keys, a.source, a.parent)
	}
	return keys
}

// datedID is a UUIDv7 of the time at which the comment was written (RFC 9562 §5.7), because the order of ids is the order
// of reading. Of the same time, those that stand first in the file are first.
func (m *importing) datedID(at time.Time) uuid.UUID {
	id := m.NewID()
	var stamp [8]byte
	binary.BigEndian.PutUint64(stamp[:], uint64(max(at.UnixMilli(), 0)))
	copy(id[:6], stamp[2:])
	m.read++
	binary.BigEndian.PutUint16(id[6:8], 0x7000|uint16(m.read)&0x0fff)
	return id
}

// place finds what is new of the chunk and may come in. What answers a comment that has not come yet waits for it.
func (m *importing) place(ctx context.Context, chunk []arrival) (made []models.Imported, err error) {
	for _, a := range chunk {
		above, found := m.there[a.parent]
		_, known := m.there[a.source]
		switch {
		case known:
			m.count.Known++
		case a.Parent != "" && !found:
			m.keepEarly(a)
		default:
			one, why, err := m.admitted(ctx, a, above)
			if err != nil {
				return nil, err
			}
			if why != nil {
				m.passOver(why)
				continue
			}
			made = append(made, one)
			m.settle(a, one.Comment)
		}
	}
	return made, nil
}

// settle notes where a comment stands, and lets in what waited for it.
func (m *importing) settle(a arrival, c models.Comment) {
	m.there[a.source] = models.Standing{ID: c.ID, RootID: c.RootID, ArticleKey: a.Article.Key, Path: c.Path, Depth: c.Depth}
	for _, answer := range m.early[a.source] {
		m.chunk = append(m.chunk, answer)
		m.earlies--
		m.earlyLen -= len(answer.Body)
	}
	delete(m.early, a.source)
	switch a.State {
	case transfer.Public:
		m.count.Public++
	case transfer.Spam:
		m.count.Spam++
	case transfer.Deleted:
		m.count.Deleted++
	default:
		m.count.Waiting++
	}
}

// keepEarly keeps an answer until what it answers has come.
func (m *importing) keepEarly(a arrival) {
	if m.earlies >= maxEarly || m.earlyLen+len(a.Body) > maxEarlyLen {
		m.passOver(a.problem("too many answers stand before what they answer: import the file once more"))
		return
	}
	m.early[a.parent] = append(m.early[a.parent], a)
	m.earlies++
	m.earlyLen += len(a.Body)
}

// admitted is a comment as it comes in, or why it does not.
func (m *importing) admitted(ctx context.Context, a arrival, above models.Standing) (models.Imported, *transfer.Problem, error) {
	if why := m.unfit(&a); why != nil {
		return models.Imported{}, why, nil
	}
	if a.Parent != "" && above.ArticleKey != a.Article.Key {
		return models.Imported{}, a.problem("what it answers stands under another article"), nil
	}
	one, err := m.imported(ctx, a, above)
	return one, nil, err
}
