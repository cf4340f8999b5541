package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"plenum/moderation/markup"
)

const (
	busyShare  = 10 // percent of all comments under the first article, so that one thread needs several pages
	replyShare = 48 // percent that answer an approved comment before them, where there is one: about 40 of all
)

// plan spreads the rows over articles and makes replies of some, by their ids alone: the same file is the same plan.
func plan(rows []Row, articles int) []*Item {
	items := make([]*Item, 0, len(rows))
	answerable := map[string][]*Item{}
	for i, row := range rows {
		item := &Item{
			Row: row, Number: i + 1, Article: articleOf(row.ID, articles),
			Text: markup.Normalise(markup.Text(row.Text)), Postable: postable(row.Text),
		}
		if earlier := answerable[item.Article]; len(earlier) > 0 && pick(row.ID, "reply", 100) < replyShare {
			item.Parent = earlier[pick(row.ID, "parent", len(earlier))]
			item.Wave = item.Parent.Wave + 1
		}
		if item.Postable && !item.Refused {
			answerable[item.Article] = append(answerable[item.Article], item)
		}
		items = append(items, item)
	}
	return items
}

func articleOf(id string, articles int) string {
	if pick(id, "busy", 100) < busyShare {
		return articleKey(1)
	}
	return articleKey(1 + pick(id, "article", articles))
}

func articleKey(n int) string { return fmt.Sprintf("article-%d", n) }

// pick is a number below n that depends on the id and the purpose only.
func pick(id, purpose string, n int) int {
	sum := sha256.Sum256([]byte(purpose + " " + id))
	return int(binary.BigEndian.Uint64(sum[:]) % uint64(n))
}

// waves groups the items by when they can be posted.
func waves(items []*Item) (all [][]*Item) {
	for _, item := range items {
		for len(all) <= item.Wave {
			all = append(all, nil)
		}
		all[item.Wave] = append(all[item.Wave], item)
	}
	return all
}
