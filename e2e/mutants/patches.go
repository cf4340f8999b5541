package main

// mutant is a guard that is taken out: in a file of the product, old becomes new, and a test of the packages notices.
type mutant struct {
	guard, file, old, new string
	tests                 string // of which tests, as go test -run takes it
	packages              []string
}

// The first six are what the walls stand on; the others are guards of a person's own.
var mutants = []mutant{
	{"the site in a query", "models/comment.go",
		"return q.comment(ctx, `select * from comments where site_id = ? and id = ?`, siteID, id)",
		"return q.comment(ctx, `select * from comments where cast(? as uuid) is not null and id = ?`, siteID, id)",
		"TestBothWallsStand", []string{"./models"}},
	{"the sanitiser on an edit", "moderation/edit.go",
		"html, err := markup.Render(body)\n\tif err != nil {\n\t\treturn fmt.Errorf(\"edit comment %s: %w\", id, err)\n\t}\n\tvar signals",
		"html, err := body, error(nil)\n\tif err != nil {\n\t\treturn fmt.Errorf(\"edit comment %s: %w\", id, err)\n\t}\n\tvar signals",
		"EditIsSanitised", []string{"./moderation"}},
	{"the cross-origin check", "handlers/internal/request/who.go",
		"if err := a.cross.Check(c.Request); err != nil {", "if err := a.cross.Check(c.Request); err != nil && false {",
		"OtherPage|Agreeing", []string{"./handlers"}},
	{"the version that a decision judges", "moderation/decide.go",
		"if c.Version != d.Version {", "if false {",
		"Opposite|Stale|RunTwice|CouldNot", []string{"./moderation"}},
	{"the job in the transaction", "models/job.go",
		"if _, err := t.jobs.client.InsertTx(ctx, t.pgx, job, opts); err != nil {", "if _, err := t.jobs.client.InsertTx(ctx, t.pgx, job, opts); err != nil && false {\n\t\treturn err\n\t}\n\tif err := error(nil); err != nil {",
		"Job|Mail|Told|Notice|Batch", []string{"./models", "./moderation"}},
	{"the hash of a token", "moderation/signin.go",
		"sum := sha256.Sum256([]byte(token))", "sum := [sha256.Size]byte{}\n\tcopy(sum[:], token)",
		"NothingInTheDatabase", []string{"./handlers"}},
	{"the second factor", "handlers/internal/request/who.go",
		"if moderation.Unproven(Seat(c)) {", "if false && moderation.Unproven(Seat(c)) {",
		"SecondFactor", []string{"./handlers"}},
	{"the token of an inquiry", "moderation/inquiry.go",
		"if !f.keys.Allows(token, keys.Inquiry, site.ID, id) {", "if false {",
		"Inquiry", []string{"./moderation", "./handlers"}},
	{"one agreement per person and day", "models/agreement.go",
		"on conflict do nothing returning comment_id", "on conflict (site_id, comment_id, day, person) do update set day = excluded.day returning comment_id",
		"Counted", []string{"./models", "./handlers"}},
	{"what one person takes down in an hour", "moderation/pace.go",
		"case down && p.TakenDown >= d.site.RemovalsHour:", "case false:",
		"TakesDown", []string{"./moderation"}},
	{"the address that a call goes to", "moderation/outgoing/outgoing.go",
		"dialer := &net.Dialer{Timeout: dialTimeout, Control: c, Resolver: g.resolver}", "dialer := &net.Dialer{Timeout: dialTimeout, Resolver: g.resolver}",
		"NamedNetwork", []string{"./moderation/outgoing"}},
	{"where a redirect leads", "moderation/outgoing/outgoing.go",
		", CheckRedirect: g.redirect", "",
		"ARedirect", []string{"./moderation/outgoing"}},
	{"the signature of a webhook", "moderation/notify/webhook.go",
		"signer.Sign(t.ID.String(), at, t.body)", "signer.Sign(t.ID.String(), at, nil)",
		"MessageIsSigned", []string{"./handlers"}},
	{"the nonce of a sign-on", "moderation/signon/signon.go",
		"if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(w.Nonce)) != 1 {", "if false {",
		"DoesNotHold", []string{"./moderation/signon"}},
	{"the state of a sign-on", "moderation/signon.go",
		"!kept.Knows(a.State)", "false",
		"ForTheBrowser", []string{"./handlers"}},
}
