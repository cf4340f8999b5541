// Package demo is the newspaper that `plenum serve --demo` shows: invented articles with the frame in them.
package demo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/templates"
)

// Handler answers the demo's pages. Articles are by the last part of their path; "" is the front page.
type Handler struct {
	Respond  *respond.Responder
	Articles map[string]templates.DemoArticle
}

// Article shows the front page or an article. It is somebody else's page in all but its address: only here may a style
// stand in an attribute, because the line that publishers copy has one.
func (h *Handler) Article(c *gin.Context) error {
	page, ok := h.Articles[c.Param("slug")]
	if !ok {
		return request.NotFound()
	}
	c.Header("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; "+
		"frame-src "+page.BaseURL+"; script-src "+page.BaseURL)
	respond.SetLocale(c, "de")
	return h.Respond.HTML(c, http.StatusOK, "demo/article", page)
}

// Front leads whoever opens the bare address to the newspaper.
func (h *Handler) Front(c *gin.Context) error { return respond.SeeOther(c, "/demo") }
