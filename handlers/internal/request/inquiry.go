package request

import (
	"strings"

	"github.com/gin-gonic/gin"
)

// Inquiry is the question what is kept under an address, from the API as JSON and from the page as a form.
type Inquiry struct {
	Email string `json:"email" binding:"required,max=254,email"`
}

func (f *Inquiry) trim() { f.Email = strings.TrimSpace(f.Email) }

type inquiryForm struct {
	Email string `form:"email"`
}

// InquiryForm reads the page's form. What was typed is answered also with an error.
func InquiryForm(c *gin.Context) (f Inquiry, err error) {
	var form inquiryForm
	if err := Form(c, &form); err != nil {
		return f, err
	}
	f.Email = form.Email
	return f, Check(&f)
}
