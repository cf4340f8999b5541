package public

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

// Privacy shows what the site keeps of people, as the data map has it. It is the same for everybody.
func (h *Handler) Privacy(c *gin.Context) error {
	page, err := privacyPage(c)
	if err != nil {
		return err
	}
	return h.Respond.PublicHTML(c, "public/privacy", page)
}

func privacyPage(c *gin.Context) (templates.Privacy, error) {
	m, err := moderation.ReadDataMap()
	page := templates.Privacy{Site: respond.SiteView(c), Origins: request.Site(c).Origins, Errors: map[string]string{}}
	for _, g := range m.Personal {
		kept := templates.KeptData{Name: g.Name, Basis: g.Basis, Law: g.Law}
		for _, r := range g.Keep {
			kept.Keep = append(kept.Keep, templates.KeptFor{Rule: r.Rule, Days: r.Days, Hours: r.Hours})
		}
		page.Groups = append(page.Groups, kept)
	}
	return page, err
}

// Inquire takes the question what is kept under an address. The answer is the same whether anything is or not.
func (h *Handler) Inquire(c *gin.Context) error {
	page, err := privacyPage(c)
	if err != nil {
		return err
	}
	form, failed := request.InquiryForm(c)
	if failed == nil {
		failed = h.Flow.Inquire(c.Request.Context(), request.Site(c), moderation.Asking{Email: form.Email, Locale: respond.Locale(c), Network: request.Network(c)})
	}
	status := http.StatusOK
	if failed != nil {
		page.Email = form.Email
		if page.Errors, page.Notice, status, err = h.Respond.Messages(c, failed); err != nil {
			return err
		}
	}
	page.Sent = failed == nil
	return h.Respond.HTML(c, status, "public/privacy", page)
}

// Inquiry shows what the mailed link is good for. It changes nothing, however often it is opened.
func (h *Handler) Inquiry(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	i, err := h.Flow.Inquiry(c.Request.Context(), request.Site(c), id, c.Query("token"))
	if err != nil {
		return err
	}
	return h.Respond.HTML(c, http.StatusOK, "public/inquiry", templates.Inquiry{Site: respond.SiteView(c), ID: id, Token: c.Query("token"),
		Until: i.ExpiresAt, Exported: i.ExportedAt != nil})
}

// inquiryForm is what the buttons of the link's page send.
type inquiryForm struct {
	Token string `form:"token"`
}

// ExportPerson hands out everything under the address, as a file.
func (h *Handler) ExportPerson(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form inquiryForm
	if err := request.Form(c, &form); err != nil {
		return err
	}
	person, err := h.Flow.ExportByInquiry(c.Request.Context(), request.Site(c), id, form.Token)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="`+request.Site(c).Slug+`.json"`)
	return h.Respond.JSON(c, http.StatusOK, person)
}

// ErasePerson erases everything under the address.
func (h *Handler) ErasePerson(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form inquiryForm
	if err := request.Form(c, &form); err != nil {
		return err
	}
	erased, err := h.Flow.EraseByInquiry(c.Request.Context(), request.Site(c), id, form.Token)
	if err != nil {
		return err
	}
	return h.Respond.HTML(c, http.StatusOK, "public/inquiry", templates.Inquiry{Site: respond.SiteView(c),
		Erased: &templates.ErasedCount{Comments: erased.Comments, Reports: erased.Reports, Subscriptions: erased.Subscriptions}})
}
