package models_test

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// calls is what each method that takes a site is asked: about the site, and about what is on a side.
type calls map[string][]any

func (w *twins) calls(site uuid.UUID, s side) calls {
	all := calls{}
	for _, some := range []calls{w.ofArticles(site, s), w.ofComments(site, s), w.ofQueue(site, s), w.ofLedger(site, s), w.ofObjections(site, s), w.ofAuthors(site, s),
		w.ofWriting(site, s), w.ofRecords(site, s), w.ofFollowers(site, s), w.ofPrivacy(site, s), w.ofStaff(site, s), w.ofRules(site, s), w.ofBatches(site, s), w.ofWebhooks(site, s),
		w.ofSprees(site, s)} {
		maps.Copy(all, some)
	}
	return all
}

func one(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: true} }

func (w *twins) ofArticles(site uuid.UUID, s side) calls {
	article := models.Article{SiteID: site, ID: s.fresh, Key: "a", Title: "new", State: models.ArticleOpen, CreatedAt: earlier}
	return calls{
		"Article":      {site, "a"},
		"ArticleByID":  {site, s.held.ArticleID},
		"LockArticle":  {site, "a"},
		"LockLedger":   {site},
		"PutArticle":   {article},
		"NameArticle":  {site, article},
		"Articles":     {site, models.ArticlesPage{Search: "a", Limit: 100}},
		"Counts":       {site, []string{"a"}},
		"ThreadStates": {site, []string{"a"}},
		"Newest":       {[]uuid.UUID{site}},
		"LastWritten":  {models.Article{SiteID: site, ID: s.held.ArticleID}, s.loud.writer, earlier},
		"TellDesk":     {site},
	}
}

func (w *twins) ofComments(site uuid.UUID, s side) calls {
	article := s.decided.ArticleID
	return calls{
		"Comment":       {site, s.decided.ID},
		"LockComment":   {site, s.decided.ID},
		"Revision":      {site, s.decided.ID, 1},
		"Revisions":     {site, s.decided.ID},
		"Thread":        {site, models.ThreadPage{ArticleID: article, Limit: 100}},
		"Branches":      {site, models.BranchesPage{ArticleID: article, Limit: 100, Fold: 10, Slack: 2}},
		"Ordinal":       {site, article, models.Place{ID: s.answered.ID, RootID: s.answered.RootID, ArticleID: article, Path: s.answered.Path}},
		"Place":         {site, s.decided.ID},
		"Published":     {site, models.PublishedPage{ArticleID: one(article), Limit: 100}},
		"ThreadHead":    {site, "a"},
		"Ancestors":     {site, s.reply},
		"Siblings":      {site, models.Comment{ID: s.fresh, ArticleID: article}, 100},
		"Branch":        {site, s.decided, 100},
		"BranchSize":    {site, s.decided, 100},
		"Agree":         {site, s.decided.ID, later, hashOf("another")},
		"AgreedWith":    {site, s.decided.ID},
		"DaySalt":       {site, earlier, hashOf("offer")},
		"Signals":       {site, s.loud.comment, 1},
		"Surroundings":  {site, models.Vicinity{ArticleKey: "a", AddressHash: s.loud.writer.AddressHash, Since: earlier, Burst: earlier}, func() {}},
		"NearbyTexts":   {site, []models.Nearby{{ID: s.loud.comment, Revision: 1}}},
		"Search":        {site, "decided"},
		"StrayComments": {site},
	}
}

func (w *twins) ofQueue(site uuid.UUID, s side) calls {
	page := models.QueuePage{Lane: models.LanePending, Me: w.actor.ID, Now: later, Limit: 100}
	return calls{
		"Queue":       {site, models.QueuePage{Lane: models.LaneDecided, Limit: 100}},
		"QueueAcross": {[]uuid.UUID{site}, page},
		"QueueTotal":  {[]uuid.UUID{site}, page},
		"QueueTotals": {[]uuid.UUID{site}, page},
		"Claim":       {site, models.Claim{By: w.actor.ID, Now: later, Until: later, Limit: 1, ID: one(s.reply.ID)}},
		"Release":     {site, s.held.ID, w.actor.ID},
		"ReleaseAll":  {site, w.actor.ID},
		"ReleaseAt":   {site, s.held.ID, w.actor.ID, earlier},
		"Waited":      {site, earlier, 100},
		"Statistics":  {site, earlier, later, later},
		"LastDecided": {site, 100},
	}
}

func (w *twins) ofLedger(site uuid.UUID, s side) calls {
	about := models.Entry{SiteID: site, ID: s.fresh, Kind: models.KindDecision, Action: "article", ArticleID: &s.held.ArticleID, RulesVersion: 1, ActorID: &w.actor.ID, CreatedAt: later}
	return calls{
		"Hear":              {site, s.hearing()},
		"WrittenBy":         {site, s.loud.comment, s.loud.writer.AddressHash},
		"Record":            {w.undone(site, s)},
		"Log":               {about, []models.Statement(nil)},
		"SignHead":          {models.Head{SiteID: site, Mac: hashOf("mac")}},
		"LedgerHead":        {site},
		"Ledger":            {site, 0, 100},
		"Entry":             {site, s.entry.ID},
		"History":           {site, s.decided.ID, 0},
		"LastDecision":      {site, w.actor.ID},
		"Queries.Log":       {site, models.LogFilter{Limit: 100}},
		"Written":           {site, []models.Entry{s.entry}},
		"Statements":        {site, s.decided.ID},
		"EntryStatements":   {site, s.entry.ID},
		"SiteStatements":    {site},
		"MissingStatements": {site},
		"KeepHead":          {site, later},
		"Heads":             {site, later, 100},
	}
}

func (w *twins) ofObjections(site uuid.UUID, s side) calls {
	return calls{
		"Report": {models.Case{SiteID: site, ID: s.fresh, CommentID: s.decided.ID, Revision: 1, OpenedAt: later, RankAt: later},
			models.Report{ID: s.fresh, Number: "0123456789", Kind: models.ReportIllegal, Text: "x", GoodFaith: true, Locale: "de", CreatedAt: later}},
		"OpenCase":   {site, s.decided.ID},
		"ReportByID": {site, s.report},
		"ReportsBy":  {site, s.loud.writer.AddressHash},
		"Appeal": {models.Appeal{SiteID: site, ID: s.fresh, CommentID: s.batched.ID, Appealed: *s.batched.Entry, DeciderID: w.actor.ID, Text: "x",
			CreatedAt: later, RankAt: later}},
		"AppealByID": {site, s.appeal},
		"Appeals":    {site, s.appealed},
	}
}

func (w *twins) ofAuthors(site uuid.UUID, s side) calls {
	arrival := models.Arrival{ID: s.fresh, Key: models.Key{Call: "c", Key: "k", RequestHash: hashOf("k"), Lifetime: time.Hour}, Event: "submit", ArticleKey: "a",
		ParentID: &s.decided.ID, Writer: s.loud.writer, At: earlier}
	return calls{
		"Author":          {site, s.loud.author},
		"LockAuthor":      {site, s.loud.author},
		"AuthorByAddress": {site, s.loud.writer.AddressHash},
		"AuthorRecord":    {site, s.loud.author},
		"AuthorMarks":     {site, s.rejected},
		"WrittenComments": {site, models.AuthorPage{AuthorID: s.loud.author, Limit: 10}},
		"CommentsOf":      {site, s.loud.author},
		"LockCommentsOf":  {site, s.loud.author},
		"NetworkOf":       {site, s.loud.comment},
		"Arrive":          {site, arrival},
		"Ahead":           {site, arrival, models.Vicinity{ArticleKey: "a", AddressHash: s.loud.writer.AddressHash, Since: earlier, Burst: earlier}, func() {}},
		"InsertSanction": {models.Sanction{SiteID: site, ID: s.fresh, AuthorID: s.loud.author, Kind: models.SanctionWarn, Entry: s.entry.ID,
			CreatedAt: later}},
		"Sanction":            {site, s.loud.sanction},
		"LockSanction":        {site, s.loud.sanction},
		"SanctionOf":          {site, s.loud.entry},
		"Sanctions":           {site, s.loud.author},
		"SanctionsOn":         {site, s.loud.writer, later},
		"AcknowledgeSanction": {site, s.loud.sanction, later},
		"LiftSanction":        {site, s.loud.sanction, s.entry.ID},
	}
}

func (w *twins) ofWriting(site uuid.UUID, s side) calls {
	email := "new@reader.example"
	comment := models.Comment{SiteID: site, ID: s.fresh, RootID: s.fresh, Path: s.fresh[:], AuthorName: "Ann", AuthorRole: "reader", Locale: "de", RulesVersion: 1,
		CreatedAt: later, Handling: models.Handling{RankAt: later, WaitingSince: later}}
	imported, held := comment, 1
	imported.State, imported.Version = models.State{Status: models.Pending, HeldRevision: &held}, 1
	return calls{
		"Submit": {models.Submission{Comment: comment, Revision: models.Revision{SiteID: site, CommentID: s.fresh, Number: 1, Body: "x", HTML: "x", MarkupVersion: 1, CreatedAt: later},
			Author: models.Author{ID: s.fresh, AddressHash: s.loud.writer.AddressHash, Email: &email}, Article: models.Article{ID: s.fresh, Key: "a"}}},
		"Import": {site, []models.Imported{{Source: models.SourceKey(hashOf("new")), Submission: models.Submission{Comment: imported, Revision: models.Revision{Body: "x", HTML: "x", MarkupVersion: 1, CreatedAt: later},
			Author: models.Author{ID: s.fresh, AddressHash: s.loud.writer.AddressHash, Email: &email}, Article: models.Article{ID: s.fresh, Key: "a"}}}}},
		"PutRows":      {site, "rule_hint", []models.Row{{"signal": json.RawMessage(`"shouting"`), "rule": json.RawMessage(`"respect"`)}}},
		"PutRevisions": {site, []models.Row{{"comment_id": json.RawMessage(`"` + s.held.ID.String() + `"`), "number": json.RawMessage(`7`), "body": json.RawMessage(`"x"`), "html": json.RawMessage(`"x"`), "markup_version": json.RawMessage(`1`), "created_at": json.RawMessage(`"2026-03-01T09:00:00Z"`)}}},
		"Replay":       {site, s.entry, models.Row{}, models.Row{}},
		"Paths":        {site, []uuid.UUID{s.held.ID}},
		"TellSite":     {site},
		"SameRule":     {site, models.Row{"version": json.RawMessage(`1`), "locale": json.RawMessage(`"de"`), "number": json.RawMessage(`1`)}},
		"Standings":    {site, []models.SourceKey{models.SourceKey(hashOf("imported"))}},
		"TakeKey":      {site, models.Key{Call: "c", Key: "k", RequestHash: hashOf("k"), Lifetime: time.Hour}, s.fresh, later},
		"TakeFreeKey":  {site, models.Arrival{ID: s.fresh, Key: models.Key{Call: "c", Key: "free", RequestHash: hashOf("k")}, At: later}},
		"DropKey":      {site, models.Key{Call: "c", Key: "k"}},
		"Take":         {site, later, []models.Bucket{{Key: hashOf("one"), Burst: 1, Every: time.Minute}}},
		"InsertUnconfirmed": {models.Unconfirmed{SiteID: site, ID: s.fresh, ArticleKey: "a", Locale: "de", Email: &email, AddressHash: hashOf(email), RulesVersion: 1,
			Submission: "{}", CreatedAt: earlier, ExpiresAt: later}},
		"Unconfirmed":         {site, s.unconfirmed},
		"LockUnconfirmed":     {site, s.unconfirmed},
		"UnconfirmedBy":       {site, hashOf("uma@reader.example")},
		"ChangeUnconfirmed":   {site, s.unconfirmed, `{"x":1}`},
		"WithdrawUnconfirmed": {site, s.unconfirmed, later},
		"WipeUnconfirmed":     {site, hashOf("uma@reader.example"), later},
		"DropUnconfirmed":     {site, s.unconfirmed},
	}
}

func (w *twins) ofFollowers(site uuid.UUID, s side) calls {
	digest, told, announced := s.fan.digest, s.told, s.told.Entry
	digest.SiteID, told.SiteID = site, site
	return calls{
		"HoldFollower":     {models.Follower{SiteID: site, ID: s.fresh, AddressHash: hashOf("new"), Email: "new@example.org", CreatedAt: later}},
		"Follower":         {site, s.fan.follower.ID},
		"LockFollower":     {site, s.fan.follower.ID},
		"DropFollower":     {site, s.bare},
		"ForgetFollower":   {site, hashOf("bare")},
		"Subscribe":        {models.Subscription{SiteID: site, ID: s.fresh, FollowerID: s.bare, Kind: models.FollowSite, Pace: models.PaceOnce, Locale: "de", CreatedAt: later}, later},
		"Subscription":     {site, s.fan.subscription},
		"Subscriptions":    {site, s.fan.follower.ID},
		"SubscriptionsBy":  {site, s.fan.follower.AddressHash},
		"Asked":            {site, s.fan.follower.ID, earlier},
		"Confirm":          {site, s.fan.subscription, later},
		"SetPace":          {models.Subscription{SiteID: site, ID: s.fan.subscription, FollowerID: s.fan.follower.ID, Pace: models.PaceOnce}},
		"Unsubscribe":      {site, s.fan.follower.ID, s.fan.subscription},
		"UnsubscribeDaily": {site, s.fan.follower.ID},
		"Announcement":     {site, s.answered.ID, announced},
		"NoteFollowUps":    {models.Announcement{SiteID: site, CommentID: s.answered.ID, Entry: announced, ArticleKey: "a", PublishedAt: later}, models.Round{Limit: 10, Now: later, DueAt: later}},
		"FollowUp":         {told},
		"MarkTold":         {told, later},
		"TakeDigests":      {site, later, 10},
		"DigestItems":      {digest},
		"MarkDigest":       {digest, []uuid.UUID{s.decided.ID}, later},

		"ForgetUnconfirmed": {site, later, 10},
		"WipeFollower":      {site, s.fan.follower.AddressHash, later},
		"WipeFollowerByID":  {site, s.fan.follower.ID, later},
	}
}

func (w *twins) ofPrivacy(site uuid.UUID, s side) calls {
	return calls{
		"Inquire":         {models.Inquiry{SiteID: site, ID: s.fresh, AddressHash: hashOf("x"), Email: "x@reader.example", Locale: "de", CreatedAt: earlier, ExpiresAt: later}},
		"Inquiry":         {site, s.inquiry},
		"LockInquiry":     {site, s.inquiry},
		"UseInquiry":      {site, s.inquiry, later},
		"ForgetInquiries": {site, hashOf("uma@reader.example")},
		"Known":           {site, s.loud.writer.AddressHash},
		"WipeComments":    {site, []uuid.UUID{s.wiped.ID}, later},
		"WipeAuthor":      {site, s.lonely, later},
		"ForgetAuthor":    {site, s.lonely, later},
		"WipeReports":     {site, s.loud.writer.AddressHash, later},
		"WipeReport":      {site, s.report, later},
		"Erasures":        {site},
		"Erased":          {models.Erasure{SiteID: site, Kind: models.ErasedComment, Subject: s.erased}},
		"ForgetUnused":    {site, later},
		"ForgetAddresses": {site, later, 100},
		"ForgetReports":   {site, later, 100},
		"ForgetAppeals":   {site, later, 100},
		"LockSettled":     {site, models.Settled{Statuses: []string{models.Rejected}, Before: later, Limit: 100}},
	}
}

func (w *twins) ofRecords(site uuid.UUID, s side) calls {
	return calls{
		"Alerts":      {[]uuid.UUID{site}, w.actor.ID},
		"PutAlerts":   {site, w.actor.ID, []string{models.AlertWaiting}},
		"RaiseAlerts": {site, models.AlertWaiting, later, time.Hour},
		"EndAlerts":   {site, models.AlertLate, later},
		"AddWord":     {models.Word{SiteID: site, ID: s.fresh, Kind: models.WordPlain, Text: "another", Minutes: 5, CreatedAt: later, CreatedBy: w.actor.ID}},
		"Words":       {site},
		"RemoveWord":  {site, s.word},
	}
}

func (w *twins) ofStaff(site uuid.UUID, s side) calls {
	return calls{
		"Membership":          {site, w.actor.ID},
		"Staff":               {site},
		"StaffCount":          {site},
		"StaffAddresses":      {site},
		"Members":             {site},
		"LockMembers":         {site},
		"PutMembership":       {models.Membership{SiteID: site, ModeratorID: w.actor.ID, Role: moderation.RoleAdmin}, later},
		"DeleteMembership":    {site, w.actor.ID},
		"SetSecondFactor":     {site, "required"},
		"CreateStaffChange":   {models.StaffChange{SiteID: site, ID: s.fresh, Action: models.StaffInvite, CreatedAt: later}},
		"StaffChanges":        {site, 100},
		"LockSite":            {site},
		"SetSite":             {site, s.site},
		"CreateSettingChange": {models.SettingChange{SiteID: site, ID: s.fresh, Setting: "thread_depth", Was: "6", Becomes: "5", CreatedAt: later}},
		"SettingChanges":      {site, 100},
		"CreateToken":         {models.Token{SiteID: site, ID: s.fresh, ModeratorID: w.actor.ID, TokenHash: hashOf(s.fresh.String()), Scope: models.ScopeRead, CreatedAt: later}},
		"Tokens":              {site},
		"Token":               {site, s.tokenID},
		"TokenOwner":          {site, s.tokenHash(), later},
		"DeleteToken":         {site, s.tokenID},
	}
}

func (w *twins) ofRules(site uuid.UUID, s side) calls {
	set := models.RuleSet{Intro: "x", Rules: []models.Rule{{Number: 1, Code: "respect", Title: "x", Text: "x", Statement: "x"}}}
	return calls{
		"Rules":                {site, 0},
		"RulesVersion":         {site},
		"LockRules":            {site},
		"InsertRules":          {site, models.RuleVersion{Version: 2, PublishedAt: later, Locales: map[string]models.RuleSet{"de": set}}},
		"RuleHints":            {site},
		"SetRuleHints":         {site, []models.RuleHint{{SiteID: site, Signal: "shouting", Rule: "respect"}}},
		"StatementTemplates":   {site, 1},
		"PutStatementTemplate": {models.StatementTemplate{SiteID: site, Version: 1, Locale: "de", Code: "respect", Text: "x", UpdatedAt: later, UpdatedBy: &w.actor.ID}},
	}
}

func (w *twins) ofSprees(site uuid.UUID, s side) calls {
	theirs := models.Decider{ModeratorID: w.actor.ID, From: earlier, To: later}
	return calls{
		"LockPace":   {site, w.actor.ID, time.Now(), 100},
		"Busy":       {site, earlier},
		"CountKind":  {site, models.SpreeApproved, earlier, later},
		"NoteSpree":  {models.Spree{SiteID: site, ID: s.fresh, ModeratorID: w.judge.ID, Kind: models.SpreeApproved, Count: 1, StartedAt: earlier, LastAt: later}},
		"EndSprees":  {site, later},
		"Sprees":     {site, earlier},
		"Spree":      {site, s.spree},
		"TakingBack": {site, theirs, 100},
		"Ordered":    {site, theirs},
		"CallOffAll": {site, theirs},
		"Deciders":   {site, earlier},
	}
}

func (w *twins) ofBatches(site uuid.UUID, s side) calls {
	items := []models.BatchItem{{CommentID: s.reply.ID, Version: 1, Action: moderation.Spam}}
	return calls{
		"CreateBatch":  {models.Batch{SiteID: site, ID: s.fresh, ModeratorID: w.actor.ID, Action: moderation.Spam, CreatedAt: later}, items},
		"Batch":        {site, s.batch},
		"BatchItems":   {site, s.batch, models.ItemDone, 0, 100},
		"BatchEntries": {site, s.batch},
		"TakeTurn":     {site, s.started, 1},
		"RefuseItem":   {site, s.started, 1, "refusal.stale"},
		"CallOff":      {site, s.started},
		"FinishBatch":  {site, s.started, later},
	}
}
