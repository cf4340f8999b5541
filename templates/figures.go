package templates

import "time"

// Figures are what a site's pages say of a period. From and To are days, both included.
type Figures struct {
	Look
	Site              Site
	From, To          time.Time
	Received, Decided int
	Actions           []ActionCount
	Rules             []RuleCount
	Median, Ninetieth *time.Duration // from sending to decision; nil: nothing was decided
	Sorted            *int           // percent that signals moved forward
	Reports, Kept     int
	TakenDown         int
	Appeals, Upheld   int
	Overturned        int
	Reversed          *int // percent of the appeals decided
	Days              []DayCount
	Heads             []LogHead     // of the log; the public page only
	Waiting           []AgeCount    // now; the desk only
	Moderators        []PersonCount // the desk only
	Locale            string
}

// ActionCount is how often something was decided.
type ActionCount struct {
	Action string
	Count  int
}

// DayCount is one day of the period.
type DayCount struct {
	Day                         time.Time
	Received, Approved, Refused int
	Median, Ninetieth           *time.Duration
}

// AgeCount is how much waits for less than so many minutes; 0: longer than that.
type AgeCount struct{ Minutes, Count int }

// PersonCount is how many decisions somebody made.
type PersonCount struct {
	Name  string
	Count int
}

// LogHead is the signed end of the log as it stood on a day.
type LogHead struct {
	Day       time.Time
	Count     int64
	Hash, Mac string
}

// Bar is one bar of a chart, drawn in a box of chartWidth by chartHeight. Class is its colour: public, waiting, refused or info.
type Bar struct {
	X, Y, Width, Height float64
	Class               string
}

const (
	chartWidth  = 640
	chartHeight = 120
)

// series is a row of values drawn in one colour.
type series struct {
	class  string
	values []int
}

// bars draws series of the same length beside each other, day by day.
func bars(all ...series) (drawn []Bar, top int) {
	top = 1
	for _, s := range all {
		for _, v := range s.values {
			top = max(top, v)
		}
	}
	for n, s := range all {
		slot := float64(chartWidth) / float64(max(1, len(s.values)))
		width := slot * 0.8 / float64(len(all))
		for i, v := range s.values {
			height := float64(v) * chartHeight / float64(top)
			if v > 0 {
				drawn = append(drawn, Bar{X: slot*float64(i) + width*float64(n), Y: chartHeight - height, Width: width, Height: height, Class: s.class})
			}
		}
	}
	return drawn, top
}

// Volume draws what came and what became of it, day by day.
func (f Figures) Volume() []Bar {
	received, approved, refused := series{class: "waiting"}, series{class: "public"}, series{class: "refused"}
	for _, d := range f.Days {
		received.values = append(received.values, d.Received)
		approved.values, refused.values = append(approved.values, d.Approved), append(refused.values, d.Refused)
	}
	drawn, _ := bars(received, approved, refused)
	return drawn
}

// VolumeTop is what the highest bar of Volume stands for.
func (f Figures) VolumeTop() int {
	top := 0
	for _, d := range f.Days {
		top = max(top, d.Received, d.Approved, d.Refused)
	}
	return top
}

// Speed draws the median and the ninetieth percentile of the time to decision, day by day.
func (f Figures) Speed() []Bar {
	median, ninetieth := series{class: "info"}, series{class: "waiting"}
	for _, d := range f.Days {
		median.values, ninetieth.values = append(median.values, seconds(d.Median)), append(ninetieth.values, seconds(d.Ninetieth))
	}
	drawn, _ := bars(median, ninetieth)
	return drawn
}

// SpeedTop is what the highest bar of Speed stands for.
func (f Figures) SpeedTop() time.Duration {
	top := time.Duration(0)
	for _, d := range f.Days {
		top = max(top, time.Duration(seconds(d.Median))*time.Second, time.Duration(seconds(d.Ninetieth))*time.Second)
	}
	return top
}

func seconds(d *time.Duration) int {
	if d == nil {
		return 0
	}
	return int(*d / time.Second)
}

// Log is the page of a site's log, for editors.
type Log struct {
	Look
	Site       Site
	Entries    []LogEntry
	Moderators []Person
	Actions    []string
	Rules      []Rule
	Filter     LogFilter
	Next       string // cursor
}

// LogFilter is what narrows the log, as typed.
type LogFilter struct{ Actor, Action, Rule, Comment, From, To string }

// LogEntry is one line of the log.
type LogEntry struct {
	Seq     int64
	URL     string // of what it is about, at the desk; empty: nowhere
	History HistoryEntry
}
