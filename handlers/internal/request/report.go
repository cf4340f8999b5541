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
	Kind      string `json:"kind" form:"kind" binding:"required,oneof=rule illegal"`
	Rule      string `json:"rule" form:"rule" binding:"max=40,line"`
	Text      string `json:"text" form:"text" binding:"max=5000,text"`
	Name      string `json:"name" form:"name" binding:"max=80,line"`
	Email     string `json:"email" form:"email" binding:"omitempty,max=254,email"`
	GoodFaith bool   `json:"good_faith" form:"good_faith"`
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

// ReportForm reads the page's form. The report is answered also with an error, so that nothing typed is lost. The form
// has a field for the rule that stays as it was chosen where the report turned out to be about the law.
func ReportForm(c *gin.Context) (f Report, err error) {
	if err := Form(c, &f); err != nil {
		return f, err
	}
	return f, Check(&f)
}

// Appeal is an author's appeal.
type Appeal struct {
	Text string `json:"text" binding:"required,max=5000,text"`
}

func (f *Appeal) trim() { f.Text = markup.Clean(f.Text) }
