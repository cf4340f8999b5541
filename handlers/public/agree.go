package public

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// Agree counts a reader's agreement with a comment and shows it there.
func (h *Handler) Agree(c *gin.Context) error {
	site := request.Site(c)
	form, err := request.AgreementForm(c)
	if err != nil {
		return err
	}
	a := moderation.Agreement{CommentID: form.Comment, Browser: c.Request.UserAgent(), Request: moderation.Request{Network: request.Network(c)}}
	if _, err := h.Flow.Agree(c.Request.Context(), site, a); err != nil {
		return err
	}
	id := form.Comment.String()
	return respond.SeeOther(c, "/"+site.Slug+"/thread?article="+url.QueryEscape(form.Article)+"&comment="+id+"&agreed=1"+kept(c)+"#c-"+id)
}
