package request

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// Agreement is the button below a comment, with the article that its page is about.
type Agreement struct {
	Comment uuid.UUID
	Article string
}

type agreementForm struct {
	Comment string `form:"comment"`
	Article string `form:"article"`
}

// AgreementForm reads the page's form. A comment that has no id is not there.
func AgreementForm(c *gin.Context) (a Agreement, err error) {
	var form agreementForm
	if err := Form(c, &form); err != nil {
		return a, err
	}
	a.Article = form.Article
	if a.Comment, err = uuid.Parse(form.Comment); err != nil {
		return a, NotFound()
	}
	return a, nil
}
