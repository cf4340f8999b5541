package markup

import (
	"regexp"
	"strconv"
)

var listTag = regexp.MustCompile(`<(/?)(ul|ol|li)(?: start="(\d+)")?>`)

// numbered writes the number of each item of an ol behind its li, reading tags only, and a space behind each block, where
// a browser begins a line. Rendered HTML escapes every other "<", so tags can be found like this.
func numbered(rendered string) string {
	var next []int // per open list; -1 for bullets
	rendered = listTag.ReplaceAllStringFunc(rendered, func(tag string) string {
		m := listTag.FindStringSubmatch(tag)
		switch {
		case m[1] == "/" && m[2] != "li":
			next = next[:len(next)-1]
		case m[1] == "/":
		case m[2] == "ul":
			next = append(next, -1)
		case m[2] == "ol":
			start, err := strconv.Atoi(m[3])
			if err != nil {
				start = 1
			}
			next = append(next, start)
		case next[len(next)-1] >= 0:
			next[len(next)-1]++
			return tag + strconv.Itoa(next[len(next)-1]-1) + ". "
		}
		return tag
	})
	return blockEnd.ReplaceAllString(rendered, "$0 ")
}

var blockEnd = regexp.MustCompile(`</(p|li|ul|ol|blockquote|pre)>|<br>`)
