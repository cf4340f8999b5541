package moderation

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpguts"

	"plenum/models"
	"plenum/moderation/notify"
)

// Purging is how a site's CDN is told what to drop.
type Purging struct {
	Address string // empty: it is not
	Header  string // by which the call authorises itself, as "Name: value"; empty: it needs none
}

const maxPurgeURL = 1000 // characters

// setPurge refuses what no call can be, so that whoever sets it hears so at once.
func (f *Flow) setPurge(site *models.Site, p Purging) (err error) {
	site.PurgeURL, site.PurgeSealed = strings.TrimSpace(p.Address), nil
	if site.PurgeURL == "" {
		return nil
	}
	if len(site.PurgeURL) > maxPurgeURL || f.Outgoing.Check(site.PurgeURL) != nil {
		return invalid("purge", "refusal.webhook_url")
	}
	if p.Header == "" {
		return nil
	}
	name, value, found := strings.Cut(p.Header, ":")
	if !found || !httpguts.ValidHeaderFieldName(name) || strings.TrimSpace(value) == "" || !httpguts.ValidHeaderFieldValue(value) {
		return invalid("purge", "refusal.purge_header")
	}
	site.PurgeSealed, err = f.keys.Seal(notify.SealPurge, site.ID, []byte(p.Header))
	return err
}

// PurgeShown is where the site's CDN is told and under which header's name, without what either may hold of a secret;
// empty: it is not told.
func (f *Flow) PurgeShown(site models.Site) (string, error) {
	if site.PurgeURL == "" {
		return "", nil
	}
	u, err := url.Parse(site.PurgeURL)
	if err != nil {
		return "", fmt.Errorf("purge address of site %s: it can't be read", site.ID)
	}
	shown := u.Scheme + "://" + u.Host
	if site.PurgeSealed == nil {
		return shown, nil
	}
	header, err := f.keys.Unseal(notify.SealPurge, site.ID, site.PurgeSealed)
	if err != nil {
		return "", err
	}
	name, _, _ := strings.Cut(string(header), ":")
	return shown + " (" + name + ": …)", nil
}
