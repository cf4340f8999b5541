package request

import (
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/moderation"
	"plenum/moderation/markup"
)

// Report is a reader's report, from the API as JSON and from the page as a form.
type Report struct {
	Kind      string `json:"kind" binding:"required,oneof=rule illegal"`
	Rule      string `json:"rule" binding:"max=40,line"`
	Text      string `json:"text" binding:"max=5000,text"`
	Name      string `json:"name" binding:"max=80,line"`
	Email     string `json:"email" binding:"omitempty,max=254,email"`
	GoodFaith bool   `json:"good_faith"`
}

func (f *Report) trim() {
	for _, s := range []*string{&f.Rule, &f.Name, &f.Email} {
		*s = strings.TrimSpace(*s)
	}
	f.Text = markup.Clean(f.Text)
}

// Report is the report as moderation takes it.
func (f *Report) Report(commentID uuid.UUID, locale string) moderation.Report {
	return moderation.Report{CommentID: commentID, Kind: f.Kind, Rule: f.Rule, Text: f.Text, Name: f.Name, Email: f.Email,
		GoodFaith: f.GoodFaith, Locale: locale}
}

// reportForm is the report as the page's form sends it.
type reportForm struct {
	Kind      string `form:"kind"`
	Rule      string `form:"rule"`
	Text      string `form:"text"`
	Name      string `form:"name"`
	Email     string `form:"email"`
	GoodFaith bool   `form:"good_faith"`
}

// ReportForm reads the page's form. The report is answered also with an error, so that nothing typed is lost.
func ReportForm(c *gin.Context) (f Report, err error) {
	var form reportForm
	if err := Form(c, &form); err != nil {
		return f, err
	}
	f = Report(form)
	return f, Check(&f)
}

// Appeal is an author's appeal.
type Appeal struct {
	Text string `json:"text" binding:"required,max=5000,text"`
}

func (f *Appeal) trim() { f.Text = markup.Clean(f.Text) }
