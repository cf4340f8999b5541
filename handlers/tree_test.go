package handlers_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
)

// node is a comment of a random tree, as the test knows it.
type node struct {
	posted
	public   bool
	children []*node
}

// places is what the public should see of a tree: every public comment and the places above it.
func (n *node) places() (below []string) {
	for _, child := range n.children {
		below = append(below, child.places()...)
	}
	if n.public || len(below) > 0 {
		return append([]string{n.ID}, below...)
	}
	return nil
}

// grow makes a random tree below the article: replies to whatever is public, of which some is then taken down.
func (w *world) grow(random *rand.Rand, key string) (roots []*node) {
	w.Helper()
	var all []*node
	for i := range 10 + random.IntN(15) {
		var parent *node
		d := newDraft(fmt.Sprint("text ", i)).under(key)
		if len(all) > 0 && random.IntN(4) > 0 {
			parent = all[random.IntN(len(all))]
		}
		if parent != nil && !parent.public {
			continue
		}
		if parent != nil {
			d.below(parent.posted)
		}
		n := &node{posted: w.send(d)}
		if random.IntN(6) > 0 {
			w.approve(n.posted)
			n.public = true
		}
		if parent == nil {
			roots = append(roots, n)
		} else {
			parent.children = append(parent.children, n)
		}
		all = append(all, n)
		if old := all[random.IntN(len(all))]; old.public && random.IntN(3) == 0 {
			w.bring(old.posted, []string{"removed", "withdrawn", "spam", "pending"}[random.IntN(4)])
			old.public = false
		}
	}
	return roots
}

func TestAnyTreeIsShownWholeAndTheSamePageByPage(t *testing.T) {
	w := newWorld(t)
	for seed := range uint64(12) {
		key := fmt.Sprint("tree-", seed)
		roots := w.grow(rand.New(rand.NewPCG(seed, 2026)), key)
		for _, sort := range []string{"oldest", "newest", "top"} {
			query := "article=" + key + "&sort=" + sort
			var want []string
			for _, root := range roots {
				want = append(want, root.places()...)
			}
			whole := w.thread(query + "&limit=200").Comments
			if got := ids(whole); !slices.Equal(got, want) {
				t.Fatalf("seed %d, %s: got %v, want %v", seed, sort, got, want)
			}
			for _, limit := range []int{1, 2, 3, 7} {
				if got := w.pages(query, limit); !reflect.DeepEqual(got, whole) {
					t.Fatalf("seed %d, %s, pages of %d: got %v, want %v", seed, sort, limit, ids(got), ids(whole))
				}
			}
			slices.Reverse(roots)
		}
	}
}

func TestAPageGoesOnWhereItEndedWhateverHappensMeanwhile(t *testing.T) {
	w := newWorld(t)
	var all []posted
	for i := range 6 {
		all = append(all, w.published(fmt.Sprint("text ", i)))
	}
	first := w.thread("limit=2&article=" + article)
	w.bring(all[1], "removed") // the one that the cursor stands on
	w.bring(all[2], "removed")
	w.published("text 7")
	second := w.thread("limit=3&article=" + article + "&cursor=" + *first.Next)
	if got, want := ids(second.Comments), []string{all[3].ID, all[4].ID, all[5].ID}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestACursorHoldsForItsOwnThreadOnly(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		w.published(fmt.Sprint("text ", i))
		w.approve(w.send(newDraft(fmt.Sprint("text ", i)).under("other")))
	}
	cursor := *w.thread("limit=1&article=" + article).Next
	changed := "A"
	if cursor[:1] == changed {
		changed = "B"
	}
	for name, path := range map[string]string{
		"another article":  w.api("/thread?article=other&cursor=" + cursor),
		"another order":    w.api("/thread?sort=newest&article=" + article + "&cursor=" + cursor),
		"another site":     w.abroad().api("/thread?article=" + article + "&cursor=" + cursor),
		"a changed cursor": w.api("/thread?article=" + article + "&cursor=" + changed + cursor[1:]),
	} {
		t.Run(name, func(t *testing.T) {
			if p := w.in(t).get(path).refused(400); !p.names("cursor", "cursor") {
				t.Errorf("got %+v", p.Errors)
			}
		})
	}
	w.get(w.api("/queue?cursor="+cursor), w.as(mia)).refused(400)
}

// pages reads a thread page by page.
func (w *world) pages(query string, limit int) (all []place) {
	w.Helper()
	at := ""
	for range 1000 {
		t := w.thread(query + "&limit=" + strconv.Itoa(limit) + at)
		all = append(all, t.Comments...)
		if t.Next == nil {
			return all
		}
		at = "&cursor=" + *t.Next
	}
	w.Fatal("the thread does not end")
	return nil
}
