package moderation

import (
	"context"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// pace is how often one asker may ask for something: one in every, and burst of them at once. Zero: as often as they like.
type pace struct {
	burst int
	every time.Duration
}

// more is a pace n times as fast.
func (p pace) more(n int) pace { return pace{p.burst * n, p.every / time.Duration(n)} }

// paces are what holds for the three who may be told apart: the network that a request comes from, the e-mail address
// that it names, the article that it is about.
type paces struct{ network, address, thread pace }

// What the limits stand before, and how often each may be asked for. They stop machines: a person never meets them.
var limits = map[string]paces{
	"reports":       {network: pace{20, 30 * time.Second}, address: pace{20, 30 * time.Second}, thread: pace{60, 5 * time.Second}},
	"appeals":       {network: pace{10, time.Minute}},
	"edits":         {thread: pace{10, 30 * time.Second}},                                 // of one comment, or nobody could ever decide its newest text
	"subscriptions": {network: pace{10, time.Minute}, address: pace{5, 10 * time.Minute}}, // each is a mail to somebody
	"inquiries":     {network: pace{10, time.Minute}, address: pace{3, 20 * time.Minute}},
	"agreements":    {network: pace{30, 20 * time.Second}},
	"letters":       {network: pace{10, 2 * time.Minute}, address: pace{6, 10 * time.Minute}}, // that ask for a confirmation
	"sign-ins":      {network: pace{10, 30 * time.Second}, address: pace{20, 30 * time.Second}},
	"passkeys":      {network: pace{20, 15 * time.Second}}, // at the door: each keeps a challenge
}

// threadPace is how many comments one article takes from everybody together.
var threadPace = pace{100, time.Second}

// attempt is a request that the limits count.
type attempt struct {
	siteID  uuid.UUID // zero: of no site
	what    string
	network netip.Addr // zero: not known
	email   string     // empty: none was named
	article string     // or a comment; empty: about none
}

// asked counts an attempt, and refuses it where somebody asks too often. In the transaction of what is asked for: an
// attempt that fails for another reason does not count.
func (f *Flow) asked(ctx context.Context, tx *models.Tx, a attempt) error {
	if f.Unlimited {
		return nil
	}
	return f.take(ctx, tx, a.siteID, f.buckets(a, limits[a.what]))
}

// proven is how many times as much is taken with proofs of work as without.
const proven = 6

// limit counts a comment. Where its network or its address sends more than the site has set, a proof of work is asked
// for; and without regard to proofs there is an end for both, and for its article.
func (f *Flow) limit(ctx context.Context, tx *models.Tx, site models.Site, s Submission) error {
	if f.Unlimited {
		return nil
	}
	own := pace{site.LimitBurst, time.Duration(site.LimitSeconds) * time.Second}
	a := attempt{site.ID, "comments at all", s.Request.Network, s.Email, s.Article.Key}
	from := f.buckets(a, paces{own.more(proven), own.more(proven), threadPace})
	if mustConfirm(site, s) {
		from = append(from, f.buckets(attempt{siteID: site.ID, what: "letters", network: s.Request.Network, email: s.Email}, limits["letters"])...)
	}
	if spent, holds := f.proof(site.ID, s.Proof); holds {
		from = append(from, spent)
	} else if !s.ByMail {
		a.what = "comments"
		for _, b := range f.buckets(a, paces{network: own, address: own}) {
			b.provable = true
			from = append(from, b)
		}
	}
	return f.take(ctx, tx, site.ID, from)
}

// bucket is a limit of one asker, and the sentence that says so.
type bucket struct {
	models.Bucket
	key      string
	provable bool // where it is full, a proof of work does instead
}

// buckets are the limits that stand before an attempt.
func (f *Flow) buckets(a attempt, p paces) (all []bucket) {
	add := func(p pace, key string, of []byte) {
		if p.burst > 0 {
			all = append(all, bucket{Bucket: models.Bucket{Key: of, Burst: p.burst, Every: p.every}, key: key})
		}
	}
	if a.network.IsValid() {
		add(p.network, "refusal.limit_network", f.keys.LimitNetwork(a.siteID, a.what, a.network))
	}
	if a.email != "" {
		add(p.address, "refusal.limit_address", f.keys.LimitAddress(a.siteID, a.what, a.email))
	}
	if a.article != "" {
		add(p.thread, "refusal.limit_thread", f.keys.LimitThread(a.siteID, a.what, a.article))
	}
	return all
}

// take takes one from each, or refuses by the first that is full.
func (f *Flow) take(ctx context.Context, tx *models.Tx, siteID uuid.UUID, from []bucket) error {
	if len(from) == 0 {
		return nil
	}
	asked := make([]models.Bucket, len(from))
	for i, b := range from {
		asked[i] = b.Bucket
	}
	full, err := tx.Take(ctx, siteID, f.now(), asked)
	if err != nil || full == nil {
		return err
	}
	first := from[full.Bucket]
	refused := tooSoon(first.key, full.Wait)
	if !first.provable {
		return refused
	}
	c, err := f.challenge(siteID)
	if err != nil {
		return err
	}
	return &TooFast{*refused, c}
}

func tooSoon(key string, wait time.Duration) *Refusal {
	return &Refusal{Kind: TooSoon, Key: key, Args: map[string]any{"wait": wait}, Wait: wait}
}
