package public

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

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
	Root   uuid.UUID `json:"r"`
	Path   []byte    `json:"p"`
	Agreed int       `json:"a"`
}

// threadQuery is what an address of the thread page asks for: whole branches of the thread, or one branch, or the editors'
// picks.
type threadQuery struct {
	key, sort       string
	limit           int
	parent          uuid.NullUUID // to answer
	comment, branch uuid.NullUUID // to show
	featured        bool
	fragment        bool
	agreed          bool // the reader has just agreed with the comment
	after           position
	binding         string
}

func (q threadQuery) first() bool { return q.after.Root == uuid.Nil }

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
	if q.parent.Valid || q.comment.Valid { // one of many, each seldom asked for, and it may name a comment of another article
		page, _, err := h.threadPage(c, q)
		if err != nil {
			return err
		}
		if page.Missing {
			return h.Respond.HTML(c, http.StatusNotFound, name, page)
		}
		return h.Respond.PublicHTML(c, name, page)
	}
	return h.Respond.Shared(c, respond.Shared{
		Key:      cache.Key{Site: request.Site(c).ID, Call: name, Locale: respond.Locale(c), Meaning: q.meaning(c)},
		Articles: []string{q.key},
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
	v := url.Values{"in": {q.binding}, "limit": {strconv.Itoa(q.limit)}}
	for _, name := range []string{"cursor", "url", "title", "lead", "signature"} {
		if text := c.Query(name); text != "" {
			v.Set(name, text)
		}
	}
	return v.Encode()
}

func (h *Handler) threadQuery(c *gin.Context) (q threadQuery, err error) {
	if q.key, err = request.ArticleKey(c); err != nil {
		return q, err
	}
	if q.sort, err = request.OneOf(c, "sort", models.SortOldest, models.SortNewest, models.SortTop); err != nil {
		return q, err
	}
	if q.limit, err = request.Limit(c); err != nil {
		return q, err
	}
	for name, id := range map[string]*uuid.NullUUID{"reply": &q.parent, "comment": &q.comment, "branch": &q.branch} {
		if parsed, err := uuid.Parse(c.Query(name)); err == nil {
			*id = uuid.NullUUID{UUID: parsed, Valid: true}
		}
	}
	q.fragment, q.featured, q.agreed = c.Query("fragment") == "1", c.Query("featured") == "1", c.Query("agreed") == "1"
	q.binding = "page\n" + request.Site(c).ID.String() + "\n" + q.key + "\n" + q.sort
	if q.featured {
		q.binding += "\nfeatured"
	}
	if q.branch.Valid {
		q.binding += "\n" + q.branch.UUID.String()
	}
	_, err = h.Cursors.Read(c, q.binding, &q.after)
	return q, err
}

// readThread reads what is asked for.
func (h *Handler) readThread(c *gin.Context, q threadQuery) (moderation.Thread, error) {
	ctx, site, after := c.Request.Context(), request.Site(c), models.Spot(q.after)
	if q.branch.Valid || q.featured {
		return h.Flow.Thread(ctx, site, moderation.ThreadPage{Key: q.key, Parent: q.parent,
			ThreadPage: models.ThreadPage{Featured: q.featured, Branch: q.branch, After: after, Limit: q.limit}})
	}
	return h.Flow.Branches(ctx, site, moderation.BranchesPage{Key: q.key, Parent: q.parent, Comment: q.comment, Sort: q.sort, After: after, Limit: q.limit})
}

// threadPage reads the thread and lays its comments out below each other. It is so until the time it answers, or until
// something changes.
func (h *Handler) threadPage(c *gin.Context, q threadQuery) (templates.Thread, time.Time, error) {
	site, locale := request.Site(c), respond.Locale(c)
	t, err := h.readThread(c, q)
	if err != nil {
		return templates.Thread{}, time.Time{}, err
	}
	page := templates.Thread{
		Site: respond.SiteView(c), Article: articleView(t.Article), Rules: rulesView(t.Rules, locale, site.Locale), BaseURL: h.BaseURL,
		Sort: q.sort, Total: t.Total, Version: t.Article.Version, First: q.first(), Fragment: q.fragment, Featured: q.featured,
		Wait: site.UsualWait, Reaction: site.Reaction == models.ReactionAgree, Missing: t.Missing, Comments: grow(t.Places, site.ThreadDepth, t.Article),
	}
	if q.branch.Valid {
		page.Branch = q.branch.UUID.String()
	} else if !q.featured {
		foldRests(page.Comments, t.Places, t.Sizes)
	}
	each(page.Comments, func(c *templates.Comment) { q.offer(c, page) })
	page.Form = h.named(c, &page.Article)
	page.Form.RulesVersion, page.Form.MustConfirm = t.Rules.Version, site.RequireConfirmed
	if t.Parent != nil {
		parent := place(*t.Parent, t.Article)
		page.Parent, page.Form.ParentID = &parent, parent.ID.String()
	}
	if t.Next != nil {
		page.Next, err = h.Cursors.Write(q.binding, position(*t.Next))
	}
	return page, t.Until, err
}

// offer says what can be done with a comment where it stands, and whether it is the one that was asked for. A fragment
// stands on another origin, where nothing can be sent to us.
func (q threadQuery) offer(c *templates.Comment, page templates.Thread) {
	c.Wish, c.Linked = page.Site.Wish, !q.fragment
	if q.fragment {
		c.Long, c.Rest = false, 0
	}
	if c.Gap {
		return
	}
	c.MayReply = c.MayReply && !q.fragment
	c.MayReport, c.MayAgree = !q.fragment, !q.fragment && page.Reaction
	c.Marked = q.comment.Valid && q.comment.UUID == c.ID
	c.JustAgreed = c.Marked && q.agreed && page.Reaction
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

// title is a title in one line, as forms take it. A publisher's template may break it, or hold more than that.
func title(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > maxTitle {
		return string(runes[:maxTitle])
	}
	return text
}
