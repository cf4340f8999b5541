package respond

import (
	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/templates"
)

// Worn is a page that can be given a look.
type Worn interface{ Wear(templates.Look) }

// Sheet writes a page of the desk as the moderator who asks likes it.
func (r *Responder) Sheet(c *gin.Context, status int, name string, page Worn) error {
	m := request.Moderator(c)
	look := templates.Look{}
	if m.Scheme != "system" {
		look.Scheme = m.Scheme
	}
	if m.SingleKeys == "off" {
		look.Keys = "off"
	}
	page.Wear(look)
	return r.HTML(c, status, name, page)
}
