package moderation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/moderation/triage"
)

// What triage looks at beside the text itself.
const (
	patience   = 500 * time.Millisecond // for all of it: a comment never waits longer for its signals
	comparable = 3 * 24 * time.Hour     // how old the texts are that it is compared with
	justNow    = 10 * time.Minute

	keptOfPlace, keptOfSite = 32, 128 // texts; somewhat more than one is held against
)

// sorting is a text on its way to triage.
type sorting struct {
	site        models.Site
	commentID   uuid.UUID
	revision    int // that it is stored as; zero: not known
	articleKey  string
	addressHash []byte
	text        func() string   // what is to be seen of it, made while its surroundings are read
	arrival     *models.Arrival // of a new comment, whose circumstances are read with what surrounds it
}

// known is a text that is there already.
func known(text string) func() string { return func() string { return text } }

// triaged is what triage says of a text.
type triaged struct {
	signals  []models.Signal
	priority int
	here     models.Circumstances // zero: they were not asked for, or could not be read
}

// triage says what the signals find in a text. What cannot be read or computed in time is unavailable: nothing is refused and
// nothing is lost by it.
func (f *Flow) triage(ctx context.Context, s sorting) (all triaged) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, around, here := f.read(ctx, s)
	found := triage.Run(ctx, text, around)
	all.here, all.priority = here, triage.Priority(found)
	for i, one := range found {
		signal, err := signalRow(i, one)
		if err != nil {
			one = triage.Signal{Name: one.Name, Version: one.Version, Unavailable: true}
			signal = models.Signal{Name: one.Name, Position: i, Version: one.Version, Unavailable: true, Args: "{}", Spans: "[]"}
		}
		all.signals = append(all.signals, signal)
	}
	return all
}

func signalRow(position int, s triage.Signal) (models.Signal, error) {
	row := models.Signal{Name: s.Name, Position: position, Version: s.Version, Unavailable: s.Unavailable, Score: s.Score, Minutes: s.Minutes,
		Reason: s.Reason, Args: "{}", Spans: "[]"}
	if len(s.Args) > 0 {
		args, err := json.Marshal(s.Args)
		if err != nil {
			return row, fmt.Errorf("args of signal %s: %w", s.Name, err)
		}
		row.Args = string(args)
	}
	if len(s.Spans) > 0 {
		spans, err := json.Marshal(s.Spans)
		if err != nil {
			return row, fmt.Errorf("spans of signal %s: %w", s.Name, err)
		}
		row.Spans = string(spans)
	}
	return row, nil
}

// read reads a text and, while the database is at it, what surrounds the text.
func (f *Flow) read(ctx context.Context, s sorting) (text triage.Text, around triage.Context, here models.Circumstances) {
	once := sync.OnceFunc(func() { text = triage.Read(s.text(), s.site.Locale) })
	around, here, places := f.surroundings(ctx, s, once)
	once()
	if s.revision > 0 {
		for _, place := range places.all() {
			f.keep(s.site, place, triage.Name{Comment: s.commentID, Revision: s.revision}, text.Gist())
		}
	}
	return text, around, here
}

// places are where the texts stand that one is held against, and where it stands itself; the zero id: nowhere.
type places struct{ site, article, author uuid.UUID }

// places are those of a text. An author is known by the address.
func (s sorting) places(article *models.Article) places {
	p := places{site: s.site.ID}
	if article != nil {
		p.article = article.ID
	}
	if len(s.addressHash) >= len(p.author) {
		p.author = uuid.UUID(s.addressHash[:len(p.author)])
	}
	return p
}

func (p places) all() []uuid.UUID {
	return slices.DeleteFunc([]uuid.UUID{p.site, p.article, p.author}, func(id uuid.UUID) bool { return id == uuid.Nil })
}

// of is where a text is looked for.
func (p places) of(n models.Nearby) uuid.UUID {
	switch {
	case n.SameArticle:
		return p.article
	case n.SameAuthor:
		return p.author
	}
	return p.site
}

// surroundings reads what the signals need, and the circumstances where they are asked for. What cannot be read stays nil.
func (f *Flow) surroundings(ctx context.Context, s sorting, meanwhile func()) (about triage.Context, here models.Circumstances, at places) {
	now := f.now()
	v := models.Vicinity{ArticleKey: s.articleKey, AddressHash: s.addressHash, Except: s.commentID, Since: now.Add(-comparable), Burst: now.Add(-justNow)}
	var near models.Surroundings
	var err error
	if s.arrival != nil {
		here, near, err = f.Store.Ahead(ctx, s.site.ID, *s.arrival, v, meanwhile)
	} else {
		near, err = f.Store.Surroundings(ctx, s.site.ID, v, meanwhile)
	}
	about.Locale, at = s.site.Locale, s.places(near.Article)
	if err != nil {
		return about, here, at
	}
	gists, err := f.gists(ctx, s.site, at, near.Texts)
	if err != nil {
		return about, here, at
	}
	compare(&about, near, gists)
	if s.addressHash != nil {
		about.Record = &triage.Record{Approved: near.Approved, Rejected: near.Rejected}
	}
	about.Words = f.wordList(s.site.ID, near.Words)
	return about, here, at
}

// compare adds what a text is compared with: what was written around it, and what it stands under.
func compare(about *triage.Context, near models.Surroundings, gists []triage.Gist) {
	earlier, thread := make([]triage.Earlier, len(gists)), []triage.Gist(nil)
	for i, t := range near.Texts {
		earlier[i] = triage.Earlier{Gist: gists[i], SameAuthor: t.SameAuthor, SameArticle: t.SameArticle}
		if t.SameArticle && t.Public {
			thread = append(thread, gists[i])
		}
	}
	about.Recent, about.Earlier = &near.Recent, &earlier
	if a := near.Article; a != nil {
		about.Article = &triage.Article{Title: a.Title, Text: a.Text, Thread: thread}
	}
}

// gists are what the texts are compared by, in their order. What this process has not read before is read now.
func (f *Flow) gists(ctx context.Context, site models.Site, p places, of []models.Nearby) ([]triage.Gist, error) {
	kept := map[uuid.UUID]triage.Gists{}
	for _, place := range p.all() {
		kept[place] = f.memory.Gists(place)
	}
	all, missing := make([]triage.Gist, len(of)), []models.Nearby(nil)
	at := map[triage.Name]int{}
	for i, n := range of {
		name, known := triage.Name{Comment: n.ID, Revision: n.Revision}, false
		if all[i], known = kept[p.of(n)].Of(name); !known {
			missing, at[name] = append(missing, n), i
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	texts, err := f.Store.NearbyTexts(ctx, site.ID, missing)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		name := triage.Name{Comment: t.ID, Revision: t.Revision}
		i := at[name]
		all[i] = triage.Read(markup.TextOf(t.HTML), site.Locale).Gist()
		f.keep(site, p.of(of[i]), name, all[i])
	}
	return all, nil
}

// keep keeps a gist of a place: of a site more, because what is being written all over it at this moment, and is in nobody's
// sight yet, is newer than what the next text is held against.
func (f *Flow) keep(site models.Site, place uuid.UUID, n triage.Name, g triage.Gist) {
	most := keptOfPlace
	if place == site.ID {
		most = keptOfSite
	}
	f.memory.Keep(place, n, g, most)
}

// wordList makes a site's words ready; what was added is known to fit.
func (f *Flow) wordList(siteID uuid.UUID, words []models.Word) *triage.List {
	list, err := f.memory.List(siteID, wanted(words))
	if err != nil {
		return nil
	}
	return list
}

// wanted are words of a site as triage looks for them.
func wanted(words []models.Word) (all []triage.Word) {
	for _, w := range words {
		all = append(all, triage.Word{Text: w.Text, Pattern: w.Kind == models.WordPattern, Minutes: w.Minutes})
	}
	return all
}

// SignalView is a signal as the desk shows it, with what fills its reason's sentence.
type SignalView struct {
	models.Signal
	Fill  map[string]any
	Spans []triage.Span
}

// signalViews reads the JSON of signals. One that cannot be read says nothing, and keeps nobody from the comment.
func signalViews(rows []models.Signal) (views []SignalView) {
	for _, row := range rows {
		view, err := signalView(row)
		if err != nil {
			row.Unavailable, row.Reason = true, ""
			view = SignalView{Signal: row, Fill: map[string]any{}}
		}
		views = append(views, view)
	}
	return views
}

// signalView is a signal with its JSON read; whole numbers are integers again.
func signalView(row models.Signal) (SignalView, error) {
	view := SignalView{Signal: row, Fill: map[string]any{}}
	if err := errors.Join(json.Unmarshal([]byte(row.Args), &view.Fill), json.Unmarshal([]byte(row.Spans), &view.Spans)); err != nil {
		return view, fmt.Errorf("signal %s: %w", row.Name, err)
	}
	for name, value := range view.Fill {
		if n, ok := value.(float64); ok {
			view.Fill[name] = int(n)
		}
	}
	return view, nil
}
