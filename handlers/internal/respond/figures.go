package respond

import (
	"encoding/hex"
	"slices"
	"time"

	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Figures shows what a period's pages have in common; rules are those in force, in the language of the page.
func Figures(site templates.Site, g moderation.Figures, rules []models.Rule) templates.Figures {
	v := templates.Figures{Site: site, From: g.From, To: g.To, Received: g.Received, Decided: g.Decided, Median: duration(g.Median),
		Ninetieth: duration(g.Ninetieth), Sorted: g.SortedShare(), Reports: g.Reports, Kept: g.Kept, TakenDown: g.TakenDown, Appeals: g.Appeals,
		Upheld: g.Upheld, Overturned: g.Overturned, Reversed: g.ReversalRate()}
	for _, a := range g.Actions {
		v.Actions = append(v.Actions, templates.ActionCount(a))
	}
	for _, r := range g.Rules {
		shown := templates.RuleCount{Rule: templates.Rule{Code: r.Code}, Count: r.Count}
		if i := slices.IndexFunc(rules, func(rule models.Rule) bool { return rule.Code == r.Code }); i >= 0 {
			shown.Rule.Number, shown.Rule.Title = rules[i].Number, rules[i].Title
		}
		v.Rules = append(v.Rules, shown)
	}
	for _, d := range g.Days {
		v.Days = append(v.Days, templates.DayCount{Day: d.Day, Received: d.Received, Approved: d.Approved, Refused: d.Refused,
			Median: duration(d.Median), Ninetieth: duration(d.Ninetieth)})
	}
	return v
}

// Heads shows the ends of the log by day.
func Heads(heads []models.HeadOfDay) (views []templates.LogHead) {
	for _, d := range heads {
		views = append(views, templates.LogHead{Day: d.Day, Count: d.Count, Hash: hex.EncodeToString(d.Hash), Mac: hex.EncodeToString(d.Mac)})
	}
	return views
}

func duration(seconds *int) *time.Duration {
	if seconds == nil {
		return nil
	}
	d := time.Duration(*seconds) * time.Second
	return &d
}
