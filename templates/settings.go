package templates

import (
	"time"

	"github.com/google/uuid"
)

// Settings is the page on which an admin sets what holds for the site.
type Settings struct {
	Look
	Site           Site
	Saved          bool
	Problem, Wrong string // what is refused, and of which field, by its name; empty: of none
	Name, Origins  string // as typed; one origin a line
	Groups         []SettingGroup
	Agree, Confirm bool   // readers may agree; authors confirm their address first
	CDN            string // where it is told what to drop; empty: it is not
	Changes        []SettingChangeItem
	Older          bool      // there may be more of them
	Seen           uuid.UUID // the newest of all changes; zero: none was made
}

// SettingGroup is a part of the page. Name is the end of a key of the catalogue, as of all names here.
type SettingGroup struct {
	Name    string
	Numbers []SettingNumber
}

// SettingNumber is a number, as typed.
type SettingNumber struct {
	Name, Value string
	Min, Max    int
}

// SettingChangeItem is one entry of the log of the settings.
type SettingChangeItem struct {
	At                           time.Time
	Actor, Setting, Was, Becomes string
}
