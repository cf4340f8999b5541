package markup

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/idna"
)

// addresses takes bare addresses: http://, https:// and www. It is called at the first sign behind the scheme and looks back.
type addresses struct{ budget *budget }

func (addresses) Trigger() []byte { return []byte{':', '.'} }

// What an address without brackets around it may consist of: no quotes, no brackets but round ones, and none of the
// invisible characters that would show it otherwise than it is. A host is read by itself and only so far as hosts go: a
// long line of hosts that lead nowhere must not be read to its end at each of them.
var (
	bareHost = regexp.MustCompile(`^(?i:https?://|www\.)[\p{L}\p{N}\p{M}\-.]+(?::\d{1,5})?`)
	barePath = regexp.MustCompile(`^[/?#](?:[\p{L}\p{N}\p{M}\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*`)
	userInfo = regexp.MustCompile(`^[:@]\S`)
)

const maxHost = 300 // bytes, with scheme and port; DNS ends at 253

func (a addresses) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, here := block.PeekLine()
	before, ok := parent.LastChild().(*ast.Text)
	if !ok || before.Segment.Stop != here.Start {
		return nil
	}
	scheme := schemeBefore(before.Value(block.Source()), line[0])
	if scheme == "" || a.budget.left <= 0 {
		return nil
	}
	start := here.Start - len(scheme)
	length := addressLength(block.Source()[start:here.Stop])
	if length == 0 {
		return nil
	}
	a.budget.take()
	before.Segment = before.Segment.WithStop(start)
	block.Advance(length - len(scheme))
	label := ast.NewTextSegment(text.NewSegment(start, start+length))
	link := ast.NewAutoLink(ast.AutoLinkURL, label)
	link.AppendChild(link, label) // for flatten
	return link
}

// addressLength is how many bytes of line are an address that may become a link; 0 where it begins with none.
func addressLength(line []byte) int {
	host := bareHost.Find(line[:min(len(line), maxHost)])
	if _, ok := href(trimAddress(string(host))); !ok || userInfo.Match(line[len(host):]) {
		return 0
	}
	path := barePath.Find(line[len(host):])
	found := trimAddress(string(line[:len(host)+len(path)]))
	if _, ok := href(found); !ok {
		return 0
	}
	return len(found)
}

// schemeBefore is the http, https or www that text ends with, before sign, unless it is the end of a longer word.
func schemeBefore(text []byte, sign byte) string {
	schemes := []string{"https", "http"}
	if sign == '.' {
		schemes = []string{"www"}
	}
	for _, scheme := range schemes {
		rest := len(text) - len(scheme)
		if rest < 0 || !strings.EqualFold(string(text[rest:]), scheme) {
			continue
		}
		if r, _ := utf8.DecodeLastRune(text[:rest]); rest == 0 || !isWord(r) {
			return string(text[rest:])
		}
	}
	return ""
}

// trimAddress takes off the end what belongs to the sentence: full stops, and a bracket that was opened outside.
func trimAddress(s string) string {
	for {
		cut := strings.TrimRight(s, "?!.,:;'*_~")
		if strings.HasSuffix(cut, ")") && strings.Count(cut, ")") > strings.Count(cut, "(") {
			cut = cut[:len(cut)-1]
		}
		if cut == s {
			return s
		}
		s = cut
	}
}

var (
	unfitForAddress = regexp.MustCompile(`[\pC\pZ\\<>"{}|^` + "`" + `]`)
	publicHost      = regexp.MustCompile(`^([a-z0-9-]+\.)+[a-z][a-z0-9-]+$`)
)

// href is the address that a link typed as s leads to, or false where it must not become a link: http or https with two
// slashes (a browser reads https:host as it likes), a host by name and with a dot, no user before it, nothing that a browser
// would drop or turn round. Hosts beyond ASCII come out in Punycode.
func href(s string) (string, bool) {
	if len(s) > 4 && strings.EqualFold(s[:4], "www.") {
		s = "https://" + s
	}
	if unfitForAddress.MatchString(s) {
		return "", false
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil || !publicHost.MatchString(host) {
		return "", false
	}
	if port := u.Port(); port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return "", false
		}
		host += ":" + port
	}
	u.Host = host
	return u.String(), true
}
