package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
)

// articles are the keys whose comments are counted.
type articles struct {
	Articles []string `json:"articles" binding:"gt=0,max=200,dive,required,key"`
}

type counts struct {
	Counts map[string]int `json:"counts"`
}

// Counts answers how many approved comments stand under each article of the address.
func (h *Handler) Counts(c *gin.Context) error {
	form := articles{Articles: c.QueryArray("article")}
	if err := request.Check(&form); err != nil {
		return request.Malformed("article", "list")
	}
	slices.Sort(form.Articles)
	asked, site := slices.Compact(form.Articles), request.Site(c).ID
	return h.Respond.Shared(c, respond.Shared{
		Key:      cache.Key{Site: site, Call: "counts", Meaning: url.Values{"article": asked}.Encode()},
		Articles: asked,
		Make: func() (respond.Body, error) {
			found, err := h.Flow.Store.Readers().Counts(c.Request.Context(), site, asked)
			if err != nil {
				return respond.Body{}, err
			}
			return h.Respond.JSONBody(counts{found})
		},
	})
}

// CountsOf is Counts for more keys than an address holds.
func (h *Handler) CountsOf(c *gin.Context) error {
	var form articles
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	found, err := h.Flow.Store.Readers().Counts(c.Request.Context(), request.Site(c).ID, form.Articles)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, counts{found})
}
