package public

import (
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/templates"
)

// position is where a page of a thread ends.
type position struct {
	Root uuid.UUID `json:"r"`
	Path []byte    `json:"p"`
}

// threadQuery is what an address of the thread page asks for.
type threadQuery struct {
	page     moderation.ThreadPage
	sort     string
	binding  string
	first    bool
	fragment bool
}

// Thread shows a page of an article's thread with the form to write, or as a fragment for inclusion.
func (h *Handler) Thread(c *gin.Context) error {
	q, err := h.threadQuery(c)
	if err != nil {
		return err
	}
	name := "public/thread"
	if q.fragment {
		name = "public/fragment"
	}
	if q.page.Parent.Valid { // one of many, each seldom asked for, and it may name a comment of another article
		page, _, err := h.threadPage(c, q)
		if err != nil {
			return err
		}
		return h.Respond.PublicHTML(c, name, page)
	}
	return h.Respond.Shared(c, respond.Shared{
		Key:      cache.Key{Site: request.Site(c).ID, Call: name, Locale: respond.Locale(c), Meaning: q.meaning(c)},
		Articles: []string{q.page.Key},
		Make: func() (respond.Body, error) {
			page, until, err := h.threadPage(c, q)
			if err != nil {
				return respond.Body{}, err
			}
			body, err := h.Respond.HTMLBody(c, name, page)
			body.Until = until
			return body, err
		},
	})
}

// meaning is all that a thread page shows beside the thread, in one spelling: its place, and how the publisher's frame
// names the article.
func (q threadQuery) meaning(c *gin.Context) string {
	v := url.Values{"in": {q.binding}, "limit": {strconv.Itoa(q.page.Limit)}}
	for _, name := range []string{"cursor", "url", "title", "lead", "signature"} {
		if text := c.Query(name); text != "" {
			v.Set(name, text)
		}
	}
	return v.Encode()
}

func (h *Handler) threadQuery(c *gin.Context) (q threadQuery, err error) {
	if q.page.Key, err = request.ArticleKey(c); err != nil {
		return q, err
	}
	if q.sort, err = request.OneOf(c, "sort", "oldest", "newest"); err != nil {
		return q, err
	}
	if q.page.Limit, err = request.Limit(c); err != nil {
		return q, err
	}
	if reply, err := uuid.Parse(c.Query("reply")); err == nil {
		q.page.Parent = uuid.NullUUID{UUID: reply, Valid: true}
	}
	q.page.Newest, q.fragment = q.sort == "newest", c.Query("fragment") == "1"
	q.page.Featured = c.Query("featured") == "1"
	q.binding = "page\n" + request.Site(c).ID.String() + "\n" + q.page.Key + "\n" + q.sort
	if q.page.Featured {
		q.binding += "\nfeatured"
	}
	var after position
	paged, err := h.Cursors.Read(c, q.binding, &after)
	q.first, q.page.AfterRoot, q.page.AfterPath = !paged, after.Root, after.Path
	return q, err
}

// threadPage reads the thread and lays its comments out below each other. It is so until the time it answers, or until
// something changes.
func (h *Handler) threadPage(c *gin.Context, q threadQuery) (templates.Thread, time.Time, error) {
	site, locale := request.Site(c), respond.Locale(c)
	t, err := h.Flow.Thread(c.Request.Context(), site, q.page)
	if err != nil {
		return templates.Thread{}, time.Time{}, err
	}
	page := templates.Thread{
		Site: siteView(c), Article: articleView(t.Article), Rules: rulesView(t.Rules, locale, site.Locale),
		Sort: q.sort, Total: t.Total, Version: t.Article.Version, First: q.first, Fragment: q.fragment, Featured: q.page.Featured, Comments: grow(t.Places, t.Article), BaseURL: h.BaseURL, Wait: site.UsualWait,
	}
	keepWish(page.Comments, page.Site.Wish)
	if q.fragment { // which stands on another origin, where nothing can be sent to us
		onlyRead(page.Comments)
	} else {
		offerReports(page.Comments)
	}
	page.Form = h.named(c, &page.Article)
	page.Form.RulesVersion = t.Rules.Version
	if t.Parent != nil {
		parent := place(*t.Parent, t.Article)
		page.Parent, page.Form.ParentID = &parent, parent.ID.String()
	}
	if last := t.Last(); t.More && last != nil {
		page.Next, err = h.Cursors.Write(q.binding, position{last.RootID, last.Path})
	}
	return page, t.Until, err
}

// named is the form for an article as the publisher's frame names it. Until its title is known, it is the one that the
// frame gives; where a frame signs what it says, what it did not sign is nothing.
func (h *Handler) named(c *gin.Context, a *templates.Article) templates.Form {
	n := moderation.ArticleName{Key: a.Key, URL: c.Query("url"), Title: c.Query("title"), Lead: c.Query("lead"), Signature: c.Query("signature")}
	if n.Signature != "" {
		verdict := "valid"
		if !h.Flow.Signed(request.Site(c), n) {
			n, verdict = moderation.ArticleName{Key: a.Key}, "invalid"
		}
		c.Header("Plenum-Signature", verdict) // for whoever sets a publisher's system up
	}
	if a.Title == "" {
		a.Title = title(n.Title)
	}
	if n.Signature == "" {
		n.Title = a.Title
	}
	return templates.Form{ArticleKey: n.Key, ArticleURL: n.URL, ArticleTitle: n.Title, ArticleLead: n.Lead, Signature: n.Signature,
		Most: markup.MaxLength}
}

// maxTitle is the longest title taken from an address, in characters.
const maxTitle = 300

func title(text string) string {
	if runes := []rune(text); len(runes) > maxTitle {
		return string(runes[:maxTitle])
	}
	return text
}

// grow lays places in reading order out as a tree. A place whose parent is on an earlier page stands as a root that
// names it.
func grow(places []models.Place, a models.Article) (roots []templates.Comment) {
	for len(places) > 0 {
		parent, name := parentOf(places[0]), places[0].ParentName
		var branch []templates.Comment
		branch, places = growBelow(places, parent, a)
		for i := range branch {
			branch[i].AnswersID, branch[i].Answers = parent, name
		}
		roots = append(roots, branch...)
	}
	return roots
}

// keepWish lets the links of comments keep the language that was asked for.
func keepWish(comments []templates.Comment, wish string) {
	for i := range comments {
		comments[i].Wish = wish
		keepWish(comments[i].Replies, wish)
	}
}

func onlyRead(comments []templates.Comment) {
	for i := range comments {
		comments[i].MayReply = false
		onlyRead(comments[i].Replies)
	}
}

func growBelow(places []models.Place, parent uuid.UUID, a models.Article) (siblings []templates.Comment, rest []models.Place) {
	for len(places) > 0 && parentOf(places[0]) == parent {
		c := place(places[0], a)
		c.Replies, places = growBelow(places[1:], c.ID, a)
		siblings = append(siblings, c)
	}
	return siblings, places
}

func parentOf(p models.Place) uuid.UUID {
	if p.ParentID == nil {
		return uuid.Nil
	}
	return *p.ParentID
}

func place(p models.Place, a models.Article) templates.Comment {
	c := templates.Comment{ID: p.ID, Gap: !p.Public, ArticleKey: a.Key}
	if !p.Public {
		return c
	}
	c.Name, c.URL, c.Staff, c.HTML, c.CreatedAt = p.AuthorName, p.AuthorURL, p.AuthorRole == "staff", p.HTML, p.CreatedAt
	c.Featured, c.MayReply = p.Featured, a.State == models.ArticleOpen
	if p.EditedAt != nil {
		c.EditedAt = *p.EditedAt
	}
	return c
}
