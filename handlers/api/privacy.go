package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// keptData is what is kept for one purpose, in words of the answer's language.
type keptData struct {
	Name  string   `json:"name"`
	What  string   `json:"what"`
	Why   string   `json:"why"`
	Basis string   `json:"basis"`
	Law   string   `json:"law"`
	Keep  []string `json:"keep"`
}

// Privacy says what the site keeps of people, as the data map has it.
func (h *Handler) Privacy(c *gin.Context) error {
	m, err := moderation.ReadDataMap()
	if err != nil {
		return err
	}
	say := func(key string, args map[string]any) string {
		return h.Respond.Templates.T(respond.Locale(c), key, args)
	}
	answer := struct {
		Items []keptData `json:"items"`
	}{Items: []keptData{}}
	for _, g := range m.Personal {
		v := keptData{Name: g.Name, What: say("privacy.data."+g.Name, nil), Why: say("privacy.why."+g.Name, nil), Basis: say("privacy.basis."+g.Basis, nil), Law: g.Law}
		for _, r := range g.Keep {
			v.Keep = append(v.Keep, say("privacy.keep."+r.Rule, map[string]any{"days": r.Days, "hours": r.Hours, "count": r.Days + r.Hours}))
		}
		answer.Items = append(answer.Items, v)
	}
	return h.Respond.PublicJSON(c, answer)
}

// Inquire sends a link to the address, if anything is kept under it. The answer is the same whether it is or not.
func (h *Handler) Inquire(c *gin.Context) error {
	var form request.Inquiry
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	asking := moderation.Asking{Email: form.Email, Locale: respond.Locale(c), Network: request.Network(c)}
	if err := h.Flow.Inquire(c.Request.Context(), request.Site(c), asking); err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, struct{}{})
}

// ExportPerson hands out everything under the address of an inquiry, once.
func (h *Handler) ExportPerson(c *gin.Context) error {
	id, token, err := managed(c)
	if err != nil {
		return err
	}
	person, err := h.Flow.ExportByInquiry(c.Request.Context(), request.Site(c), id, token)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, person)
}

// ErasePerson erases everything under the address of an inquiry.
func (h *Handler) ErasePerson(c *gin.Context) error {
	id, token, err := managed(c)
	if err != nil {
		return err
	}
	erased, err := h.Flow.EraseByInquiry(c.Request.Context(), request.Site(c), id, token)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, erased)
}
