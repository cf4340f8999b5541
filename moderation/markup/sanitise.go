package markup

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

var (
	onlyNumber = regexp.MustCompile(`^[0-9]{1,9}$`)
	onlyRel    = regexp.MustCompile(`^` + linkRel + `$`)
	onlyTarget = regexp.MustCompile(`^` + linkTarget + `$`)
)

// sanitise lets through what may be in a comment and nothing else, whatever it is given: it does not rely on the writer.
// Its result is served as it is.
func sanitise(html string) string { return policy().Sanitize(html) }

// policy is the allow-list; reading by it changes nothing of it, so all share the one.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "em", "strong", "del", "blockquote", "ul", "ol", "li", "pre", "code")
	p.AllowAttrs("start").Matching(onlyNumber).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(onlyRel).OnElements("a")
	p.AllowAttrs("target").Matching(onlyTarget).OnElements("a")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
})
