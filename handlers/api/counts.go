package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
)

// articles are the keys whose comments are counted.
type articles struct {
	Articles []string `json:"articles" binding:"required,min=1,max=200,dive,required,max=512,line"`
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
	found, err := h.Flow.Store.Counts(c.Request.Context(), request.Site(c).ID, form.Articles)
	if err != nil {
		return err
	}
	return h.Respond.PublicJSON(c, counts{found})
}

// CountsOf is Counts for more keys than an address holds.
func (h *Handler) CountsOf(c *gin.Context) error {
	var form articles
	if _, err := request.JSON(c, &form); err != nil {
		return err
	}
	found, err := h.Flow.Store.Counts(c.Request.Context(), request.Site(c).ID, form.Articles)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, counts{found})
}
