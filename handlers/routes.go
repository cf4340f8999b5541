// Package handlers is every URL of the product: one HTTP request in, one response out. What may be asked for, and by
// whom, is on one screen below: whoever reads, whoever wrote a comment and holds its token, whoever moderates.
package handlers

import (
	"strings"

	"github.com/gin-gonic/gin"

	"plenum/handlers/admin"
	"plenum/handlers/api"
	"plenum/handlers/demo"
	"plenum/handlers/desk"
	"plenum/handlers/internal/live"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/handlers/ops"
	"plenum/handlers/public"
	"plenum/handlers/signin"
)

// router lays the routes into one engine, audience by audience.
type router struct {
	*gin.Engine
	*respond.Responder
	o       Options
	ask     *request.Asker
	cursors request.Cursors
	secure  bool // cookies may be kept to this very host
	hub     *live.Hub
}

func routes(e *gin.Engine, o Options, r *respond.Responder, hub *live.Hub) *ops.Handler {
	secure := o.BaseURL.Scheme == "https" || loopback(o.BaseURL.Hostname())
	x := &router{e, r, o, &request.Asker{Flow: o.Flow, Cookie: cookieName(secure), Cache: r.Cache}, request.Cursors{Mac: o.Flow.Mac}, secure, hub}
	x.api()
	x.desk()
	x.pages()
	if len(o.Demo) > 0 {
		x.demo()
	}
	return x.operations()
}

// operations: whoever runs the program, and files that are the same for everybody.
func (x *router) operations() *ops.Handler {
	o := &ops.Handler{Store: x.o.Flow.Store, Respond: x.Responder}
	read(x, "/healthz", x.API(o.Alive))
	read(x, "/readyz", x.API(o.Ready))
	read(x, "/static/*file", x.FromMemory, x.Page(x.file))
	read(x, "/embed.js", x.FromMemory, x.Page(x.embed))
	read(x, "/wordpress.zip", x.Page(wordpress))
	return o
}

func (x *router) api() {
	a, on := &api.Handler{Flow: x.o.Flow, Respond: x.Responder, Cursors: x.cursors, BaseURL: origin(x.o.BaseURL), Hub: x.hub}, x.API
	read(x, "/api/openapi.json", x.FromMemory, anyPageReads(), on(a.OpenAPI))
	x.OPTIONS("/api/openapi.json", anyPageReads(), asked)
	sites := x.Group("/api/v1/sites/:site", x.FromMemory)

	// Readers: no cookie, no account. Anybody's page may read; a site's own pages may write.
	readers := sites.Group("", anyPageReads(), on(x.ask.Site), ownPagesWrite(x.Responder))
	read(readers, "/thread", on(a.Thread))
	read(readers, "/counts", on(a.Counts))
	read(readers, "/events", on(a.Events))
	read(readers, "/transparency", on(a.Transparency))
	read(readers, "/privacy", on(a.Privacy))
	readers.POST("/inquiries", on(a.Inquire))
	readers.POST("/inquiries/:id/export", on(a.ExportPerson)) // whoever holds the mailed link
	readers.POST("/inquiries/:id/erasure", on(a.ErasePerson))
	read(readers, "/rules", on(a.Rules))
	read(readers, "/rules/:version", on(a.Rules))
	readers.POST("/counts", on(a.CountsOf))
	readers.POST("/comments", on(a.Submit))
	readers.POST("/preview", on(a.Preview))
	readers.POST("/comments/:id/reports", on(a.Report))
	readers.POST("/comments/:id/agreements", on(a.Agree))
	readers.POST("/subscriptions", on(a.Subscribe))

	// Authors: whoever holds the comment's token.
	read(readers, "/comments/:id", on(a.Own))
	readers.POST("/comments/:id/confirmations", on(a.ConfirmComment)) // by the token that was mailed
	readers.PATCH("/comments/:id", on(a.Edit))
	readers.DELETE("/comments/:id", on(a.Withdraw))
	readers.POST("/comments/:id/appeals", on(a.Appeal))

	x.followers(readers, a)
	x.preflight(readers)
	x.staff(sites, a)
}

// followers: whoever holds the token of a mail.
func (x *router) followers(readers *gin.RouterGroup, a *api.Handler) {
	on := x.API
	readers.POST("/subscriptions/:id/confirm", on(a.Confirm))
	readers.DELETE("/subscriptions/:id", on(a.Unsubscribe))
	readers.DELETE("/digests/:id", on(a.EndDigest))
	read(readers, "/followers/:id", on(a.Following))
	readers.PATCH("/followers/:id/subscriptions/:subscription", on(a.SetPace))
	readers.DELETE("/followers/:id/subscriptions/:subscription", on(a.StopFollowing))
}

// preflight answers browsers that ask before a page of another origin does what only readers do.
func (x *router) preflight(readers *gin.RouterGroup) {
	known := map[string]bool{}
	for _, route := range x.Routes() {
		if path, ok := strings.CutPrefix(route.Path, readers.BasePath()); ok && !known[path] {
			known[path] = true
			readers.OPTIONS(path, asked)
		}
	}
}

// staff: moderators, by an API token or the desk's session.
func (x *router) staff(sites *gin.RouterGroup, a *api.Handler) {
	on := x.API
	staff := sites.Group("", on(x.ask.Site), on(x.ask.Caller))
	read(staff, "/queue", on(a.Queue))
	read(staff, "/queue/events", on(a.QueueEvents))
	staff.POST("/queue/claims", on(a.Claim))
	staff.DELETE("/comments/:id/claim", on(a.Release))
	staff.POST("/comments/:id/claim", on(a.Renew))
	staff.POST("/queue/releases", on(a.ReleaseAll))
	staff.POST("/comments/:id/pass", on(a.Pass))
	staff.POST("/comments/:id/set-aside", on(a.SetAside))
	read(staff, "/staff", on(a.Colleagues))
	read(staff, "/moderation/comments/:id", on(a.Review))
	staff.POST("/comments/:id/decisions", on(a.Decide))
	read(staff, "/comments/:id/decisions", on(a.Decisions))
	staff.POST("/decisions", on(a.DecideAll))
	staff.POST("/appeals/:id/decisions", on(a.DecideAppeal))
	staff.POST("/comments/:id/feature", on(a.Feature)) // editors
	staff.DELETE("/comments/:id/feature", on(a.Unfeature))
	staff.POST("/comments/:id/answers", on(a.Answer))
	staff.POST("/batches", on(a.Order))
	read(staff, "/batches/:id", on(a.Batch))
	staff.POST("/batches/:id/undo", on(a.UndoBatch))
	staff.POST("/comments/:id/branch", on(a.RemoveBranch))
	read(staff, "/authors/:id", on(a.Author))
	staff.POST("/authors/:id/sanctions", on(a.Sanction))
	staff.POST("/sanctions/:id/lift", on(a.Lift))
	read(staff, "/sprees", on(a.Sprees)) // editors
	read(staff, "/sprees/decisions", on(a.TakingBack))
	staff.POST("/sprees/undo", on(a.UndoSpree))
	x.staffEditing(staff, a)
	x.staffOwn(staff, a)
}

// staffEditing: what the site goes by, and how it did.
func (x *router) staffEditing(staff *gin.RouterGroup, a *api.Handler) {
	on := x.API
	read(staff, "/words", on(a.Words))
	staff.POST("/words", on(a.AddWord)) // editors
	staff.POST("/words/trial", on(a.TryWord))
	staff.DELETE("/words/:id", on(a.RemoveWord))
	read(staff, "/hints", on(a.Hints)) // editors
	staff.PUT("/hints", on(a.SetHints))
	staff.PUT("/rules/:version/statements", on(a.PutStatement)) // editors
	read(staff, "/statistics", on(a.Statistics))
	read(staff, "/audit", on(a.Audit))
	staff.PUT("/articles", on(a.PutArticle)) // editors
	read(staff, "/articles", on(a.Articles))
	staff.POST("/rules", on(a.PublishRules)) // editors
}

// staffOwn: of all sites that one serves, by the desk's session; and who may do what.
func (x *router) staffOwn(staff *gin.RouterGroup, a *api.Handler) {
	on := x.API
	read(x, "/api/v1/queue", on(x.ask.SignedIn), on(a.QueueAcross))
	read(x, "/api/v1/queue/events", on(x.ask.SignedIn), on(a.QueueEventsAcross))
	read(x, "/api/v1/preferences", on(x.ask.SignedIn), on(a.Preferences))
	x.PUT("/api/v1/preferences", on(x.ask.SignedIn), on(a.SetPreferences))

	// Roles and secrets: by the desk's session only, right after a proof.
	confirmed := staff.Group("", on(x.ask.Confirmed))
	read(confirmed, "/settings", on(a.Settings)) // admins
	confirmed.PATCH("/settings", on(a.ChangeSettings))
	read(confirmed, "/moderators", on(a.Moderators)) // admins
	confirmed.POST("/moderators", on(a.Invite))
	confirmed.PUT("/moderators/:id", on(a.SetRole))
	confirmed.DELETE("/moderators/:id", on(a.RemoveMember))
	confirmed.PUT("/second-factor", on(a.SetSecondFactor))
	confirmed.POST("/tokens", on(a.MakeToken)) // whoever asks, their own
	confirmed.DELETE("/tokens/:id", on(a.RevokeToken))
	read(confirmed, "/webhooks", on(a.Webhooks)) // editors
	confirmed.POST("/webhooks", on(a.AddWebhook))
	confirmed.PUT("/webhooks/:id", on(a.SetWebhook))
	confirmed.DELETE("/webhooks/:id", on(a.RemoveWebhook))
	confirmed.POST("/webhooks/:id/secret", on(a.RotateSecret))
	confirmed.POST("/webhooks/:id/tests", on(a.TestWebhook))
	read(confirmed, "/webhooks/:id/deliveries", on(a.Deliveries))
	confirmed.POST("/webhooks/:id/deliveries/:delivery/again", on(a.TellAgain))
	x.ways(a)
}

// ways: in with a passkey, and the proofs and passkeys of whoever came in, also while they owe a second factor or must set
// one up.
func (x *router) ways(a *api.Handler) {
	door, on := x.door(), x.API
	x.POST("/api/v1/signin/challenges", on(door.Knock)) // anybody
	x.POST("/api/v1/signin", on(door.Open))
	seated := x.Group("/api/v1", on(x.ask.Seated)) // who gave a password
	seated.POST("/proofs/challenges", on(a.AskPasskey))
	seated.POST("/proofs", on(a.Prove))
	own := seated.Group("", on(x.ask.Proven), on(x.ask.Confirmed))
	read(own, "/passkeys", on(a.Passkeys))
	own.POST("/passkeys/challenges", on(a.OfferPasskey))
	own.POST("/passkeys", on(a.RegisterPasskey))
	own.PATCH("/passkeys/:id", on(a.RenamePasskey))
	own.DELETE("/passkeys/:id", on(a.RemovePasskey))
	own.POST("/totp", on(a.OfferTOTP))
	own.POST("/totp/confirmations", on(a.ConfirmTOTP))
	own.DELETE("/totp", on(a.RemoveTOTP))
	own.POST("/recovery-codes", on(a.NewCodes))
	own.PUT("/password", on(a.ChangePassword))
	read(own, "/sessions", on(a.Sessions))
	own.DELETE("/sessions", on(a.SignOutElsewhere))
	own.DELETE("/sessions/:id", on(a.EndSession))
}

// door is where moderators come in and go out.
func (x *router) door() *signin.Handler {
	return &signin.Handler{Flow: x.o.Flow, Respond: x.Responder, Asker: x.ask, Secure: x.secure}
}

// desk: moderators who are signed in.
func (x *router) desk() {
	door := x.door()
	d, page := &desk.Handler{Flow: x.o.Flow, Respond: x.Responder, Cursors: x.cursors}, x.Page
	entrance := x.Group("/desk", deskPolicy)
	read(entrance, "/signin", page(door.Page))
	entrance.POST("/signin", page(door.SignIn))
	entrance.POST("/signin/passkey", page(door.Enter))
	read(entrance, "/signon", page(door.SignOn)) // by the identity provider, there and back
	read(entrance, "/signon/callback", page(door.SignedOn))
	read(entrance, "/forgot", page(door.Forgot))
	entrance.POST("/forgot", page(door.SendLink))
	read(entrance, "/password", page(door.Password)) // whoever holds a link from a mail
	entrance.POST("/password", page(door.SetPassword))
	seated := entrance.Group("", page(x.ask.Seated), page(d.Locale)) // who gave a password, whatever they still owe
	seated.POST("/signout", page(door.SignOut))
	read(seated, "/second", page(door.Second))
	seated.POST("/second", page(door.Prove))
	x.own(seated.Group("", page(x.ask.Proven)), door, d)
	inside := seated.Group("", page(x.ask.Proven), page(x.ask.Equipped))
	read(inside, "", page(d.Door))
	inside.POST("/locale", page(d.SetLocale))
	read(inside, "/preferences", page(d.Preferences))
	inside.POST("/preferences", page(d.SetPreferences))
	all := inside.Group("", page(d.All)) // of whoever serves several sites
	read(all, "/queue", page(d.QueueOfAll))
	all.POST("/claims", page(d.ClaimOfAll))
	member := inside.Group("/:site", page(x.ask.Site), page(x.ask.Member))
	x.admin(member.Group("", page(x.ask.Confirmed)), d)
	x.work(member, d)
	x.editing(member, d)
}

// work: what moderators do to comments and their authors.
func (x *router) work(member *gin.RouterGroup, d *desk.Handler) {
	page := x.Page
	read(member, "/queue", page(d.Queue))
	read(member, "/comments/:id", page(d.Comment))
	member.POST("/claims", page(d.Claim))
	member.POST("/comments/:id/decisions", page(d.Decide))
	member.POST("/comments/:id/feature", page(d.Feature))
	member.POST("/comments/:id/answer", page(d.Answer))
	member.POST("/batches", page(d.Order))
	read(member, "/batches/:id", page(d.Batch))
	member.POST("/batches/:id/undo", page(d.UndoBatch))
	member.POST("/comments/:id/branch", page(d.RemoveBranch))
	member.POST("/appeals/:id/decisions", page(d.Hear))
	member.POST("/comments/:id/pass", page(d.Pass))
	member.POST("/comments/:id/set-aside", page(d.SetAside))
	member.POST("/comments/:id/release", page(d.Release))
	member.POST("/comments/:id/leave", page(d.Leave))
	read(member, "/authors/:id", page(d.Author))
	member.POST("/authors/:id/sanctions", page(d.Sanction))
	member.POST("/sanctions/:id/lift", page(d.Lift))
	read(member, "/sprees", page(d.Sprees)) // editors
	member.POST("/sprees", page(d.UndoSpree))
}

// editing: what the site goes by, and how it did. Moderators read some of it, editors change it.
func (x *router) editing(member *gin.RouterGroup, d *desk.Handler) {
	page := x.Page
	read(member, "/words", page(d.Words)) // editors
	member.POST("/words", page(d.PutWord))
	member.POST("/words/:id/remove", page(d.RemoveWord))
	member.POST("/hints", page(d.SetHints))
	read(member, "/rules", page(d.Rules)) // editors
	member.POST("/rules", page(d.PublishRules))
	member.POST("/rules/statements", page(d.PutStatement))
	read(member, "/statistics", page(d.Statistics))
	read(member, "/statistics.csv", page(d.StatisticsCSV))
	read(member, "/log", page(d.Log)) // editors
	read(member, "/articles", page(d.Articles))
	member.POST("/articles", page(d.PutArticle)) // editors
}

// admin: what holds for the site, who may do what, and which other programs are told. Also the API tokens of whoever asks,
// which are theirs to make.
func (x *router) admin(confirmed *gin.RouterGroup, d *desk.Handler) {
	m, page := &admin.Handler{Flow: x.o.Flow, Respond: x.Responder}, x.Page
	confirmed.POST("/tokens", page(d.MakeToken))
	confirmed.POST("/tokens/:id/revoke", page(d.RevokeToken))
	read(confirmed, "/settings", page(m.Settings)) // admins
	confirmed.POST("/settings", page(m.ChangeSettings))
	read(confirmed, "/moderators", page(m.Moderators)) // admins
	confirmed.POST("/moderators", page(m.Invite))
	confirmed.POST("/moderators/:id/role", page(m.SetRole))
	confirmed.POST("/moderators/:id/remove", page(m.Remove))
	confirmed.POST("/moderators/second", page(m.SetSecond))
	confirmed.POST("/moderators/tokens/:id/revoke", page(m.RevokeToken))
	read(confirmed, "/webhooks", page(m.Webhooks)) // editors
	confirmed.POST("/webhooks", page(m.AddWebhook))
	read(confirmed, "/webhooks/:id", page(m.Webhook))
	confirmed.POST("/webhooks/:id", page(m.SetWebhook))
	confirmed.POST("/webhooks/:id/secret", page(m.RotateSecret))
	confirmed.POST("/webhooks/:id/tests", page(m.TestWebhook))
	confirmed.POST("/webhooks/:id/deliveries/:delivery/again", page(m.TellAgain))
	confirmed.POST("/webhooks/:id/remove", page(m.RemoveWebhook))
}

// own: what moderators do about their own ways in, also while a site demands that they set up a second factor first.
func (x *router) own(proven *gin.RouterGroup, door *signin.Handler, d *desk.Handler) {
	page := x.Page
	read(proven, "/confirm", page(door.Confirm))
	proven.POST("/confirm", page(door.Confirmed))
	confirmed := proven.Group("/security", page(x.ask.Confirmed))
	read(confirmed, "", page(d.Security))
	read(confirmed, "/totp.png", page(d.TOTPPicture))
	confirmed.POST("/totp", page(d.OfferTOTP))
	confirmed.POST("/totp/confirm", page(d.ConfirmTOTP))
	confirmed.POST("/totp/remove", page(d.RemoveTOTP))
	confirmed.POST("/passkeys", page(d.AddPasskey))
	confirmed.POST("/passkeys/:id", page(d.RenamePasskey))
	confirmed.POST("/passkeys/:id/remove", page(d.RemovePasskey))
	confirmed.POST("/codes", page(d.NewCodes))
	confirmed.POST("/password", page(d.ChangePassword))
	confirmed.POST("/sessions/end", page(d.SignOutElsewhere))
	confirmed.POST("/sessions/:id/end", page(d.EndSession))
}

// pages: readers, and authors by the token of their comment.
func (x *router) pages() {
	p, page := &public.Handler{Flow: x.o.Flow, Respond: x.Responder, Cursors: x.cursors, BaseURL: origin(x.o.BaseURL)}, x.Page
	site := x.Group("/:site", x.FromMemory, page(x.ask.Site), page(p.Frame))
	read(site, "/", page(p.Overview))
	read(site, "/thread", page(p.Thread))
	site.POST("/thread", page(p.Submit))
	site.POST("/agreements", page(x.ask.SameOrigin), page(p.Agree))
	read(site, "/transparency", page(p.Transparency))
	read(site, "/privacy", page(p.Privacy))
	site.POST("/privacy", page(p.Inquire))
	read(site, "/privacy/:id", page(p.Inquiry)) // whoever holds the mailed link
	site.POST("/privacy/:id/export", page(p.ExportPerson))
	site.POST("/privacy/:id/erase", page(p.ErasePerson))
	read(site, "/rules", page(p.Rules))
	read(site, "/feed.atom", page(p.Atom))
	read(site, "/feed.rss", page(p.RSS))
	read(site, "/feed.json", page(p.JSONFeed))
	read(site, "/comments/:id", page(p.Status)) // authors
	site.POST("/comments/:id/edit", page(p.Edit))
	site.POST("/comments/:id/withdraw", page(p.Withdraw))
	site.POST("/comments/:id/erase", page(p.Erase))
	site.POST("/comments/:id/appeal", page(p.Appeal))
	read(site, "/comments/:id/confirm", page(p.ConfirmComment)) // by the token that was mailed
	site.POST("/comments/:id/confirm", page(p.SendConfirmComment))
	read(site, "/comments/:id/report", page(p.Report))
	site.POST("/comments/:id/report", page(p.SendReport))
	read(site, "/subscriptions", page(p.Follow))
	site.POST("/subscriptions", page(p.Subscribe))
	read(site, "/subscriptions/:id/confirm", page(p.Confirm)) // followers
	site.POST("/subscriptions/:id/confirm", page(p.SendConfirm))
	read(site, "/subscriptions/:id/end", page(p.End))
	site.POST("/subscriptions/:id/end", page(p.SendEnd)) // mail programs too
	read(site, "/digests/:id/end", page(p.EndDigest))
	site.POST("/digests/:id/end", page(p.SendEndDigest))
	read(site, "/followers/:id", page(p.Following))
	site.POST("/followers/:id", page(p.SetFollowing))
}

// demo: an invented newspaper.
func (x *router) demo() {
	newspaper := &demo.Handler{Respond: x.Responder, Articles: x.o.Demo}
	read(x, "/", x.Page(newspaper.Front))
	read(x, "/demo", x.Page(newspaper.Article))
	read(x, "/demo/:slug", x.Page(newspaper.Article))
}

// read answers GET, and HEAD as GET without the body.
func read(g gin.IRoutes, path string, f ...gin.HandlerFunc) {
	g.GET(path, f...)
	g.HEAD(path, f...)
}
