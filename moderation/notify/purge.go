package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"plenum/models"
)

// SealPurge is the purpose for which the header of a site's purge call is sealed.
const SealPurge = "purge"

var purgePauses = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// PurgePause is how long to wait after so many tries of a purge call.
func PurgePause(tries int) time.Duration { return purgePauses[min(max(tries, 1), len(purgePauses))-1] }

// Purge tells the site's CDN to drop what it keeps under the tags. Told means that the answer was a 2xx. An error asks to
// be tried again; told twice does no harm.
func (p *Postman) Purge(ctx context.Context, job models.Purge) error {
	site, err := p.Store.SiteByID(ctx, job.SiteID)
	if errors.Is(err, models.ErrNotFound) || err == nil && site.PurgeURL == "" {
		return nil // taken away meanwhile
	}
	if err != nil {
		return err
	}
	return p.drop(ctx, site, job.Tags)
}

// PurgeEnded tells the CDN of a site that has ended to drop every page of it, as Purge does.
func (p *Postman) PurgeEnded(ctx context.Context, site models.Site) error {
	return p.drop(ctx, site, site.Tags(nil)[:1])
}

func (p *Postman) drop(ctx context.Context, site models.Site, tags []string) error {
	q, err := p.purgeCall(ctx, site, tags)
	if err != nil {
		return fmt.Errorf("purge pages of site %s: %w", site.ID, err)
	}
	answer, err := p.Caller.Do(q)
	if err != nil {
		return fmt.Errorf("purge pages of site %s: %w", site.ID, withoutAddress(err))
	}
	if err := answer.Body.Close(); err != nil {
		return fmt.Errorf("end the answer: %w", err)
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("purge pages of site %s: the answer was %d", site.ID, answer.StatusCode)
	}
	return nil
}

// purgeCall says the same twice: Cloudflare reads the body, Fastly the field, and Varnish whichever its VCL does.
func (p *Postman) purgeCall(ctx context.Context, site models.Site, tags []string) (*http.Request, error) {
	body, err := json.Marshal(map[string][]string{"tags": tags})
	if err != nil {
		return nil, fmt.Errorf("write the call: %w", err)
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, site.PurgeURL, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the address can't be read") // which is not for the log
	}
	if site.PurgeSealed != nil {
		header, err := p.Keys.Unseal(SealPurge, site.ID, site.PurgeSealed)
		if err != nil {
			return nil, err
		}
		name, value, _ := strings.Cut(string(header), ":")
		q.Header.Set(name, strings.TrimSpace(value))
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("User-Agent", "Plenum")
	q.Header.Set("Surrogate-Key", strings.Join(tags, " "))
	return q, nil
}
