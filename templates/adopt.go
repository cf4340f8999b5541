package templates

import (
	"html/template"
	"text/template/parse"
)

// adopt gives a page the shared templates that it calls, and those that they call. What the page defines itself stays.
func adopt(page, shared *template.Template) error {
	for again := true; again; {
		again = false
		for _, t := range page.Templates() {
			for _, name := range called(t.Tree.Root) {
				from := shared.Lookup(name)
				if page.Lookup(name) != nil || from == nil {
					continue // one that is nowhere is an error when it is called
				}
				if _, err := page.AddParseTree(name, from.Tree.Copy()); err != nil {
					return err
				}
				again = true
			}
		}
	}
	return nil
}

// called lists the names of the templates that are called somewhere below a node.
func called(node parse.Node) (names []string) {
	branch := func(b parse.BranchNode) []string { return append(called(b.List), called(b.ElseList)...) }
	switch n := node.(type) {
	case *parse.TemplateNode:
		return []string{n.Name}
	case *parse.IfNode:
		return branch(n.BranchNode)
	case *parse.WithNode:
		return branch(n.BranchNode)
	case *parse.RangeNode:
		return branch(n.BranchNode)
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				names = append(names, called(child)...)
			}
		}
	}
	return names
}
