package handlers

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
)

// anyPageReads lets any page read, never with credentials, and answers browsers that ask for that first. It needs no site: so
// that this is unknown, or the database away, can be read too, by whoever wanted to write as well.
func anyPageReads() gin.HandlerFunc {
	read := cors.New(cors.Config{
		AllowAllOrigins: true,
		AllowMethods:    []string{http.MethodGet, http.MethodHead},
		AllowHeaders:    []string{"Authorization", "If-None-Match"},
		MaxAge:          time.Hour,
	})
	return func(c *gin.Context) {
		if asked := c.GetHeader("Access-Control-Request-Method"); c.Request.Method == http.MethodOptions && (asked == http.MethodGet || asked == http.MethodHead) {
			read(c)
			return
		}
		respond.Readable(c)
	}
}

// ownPagesWrite lets the pages of the site that was found write, and no other, never with credentials.
func ownPagesWrite(r *respond.Responder) gin.HandlerFunc {
	write := cors.New(cors.Config{
		AllowOriginWithContextFunc: func(c *gin.Context, origin string) bool { return allowed(c, origin) },
		AllowMethods:               []string{http.MethodPost, http.MethodPatch, http.MethodDelete},
		AllowHeaders:               []string{"Authorization", "Content-Type", "Idempotency-Key"},
		MaxAge:                     time.Hour,
	})
	refuse := r.API(func(*gin.Context) error {
		return &request.Problem{Status: http.StatusForbidden, Key: "refusal.cross_site"}
	})
	return func(c *gin.Context) {
		if request.Reads(c) {
			return
		}
		c.Writer.Header().Del("Access-Control-Allow-Origin")
		if origin := c.GetHeader("Origin"); origin != "" && !strings.HasSuffix(origin, "://"+c.Request.Host) && !allowed(c, origin) {
			refuse(c) // cors would, without a word
			return
		}
		write(c)
	}
}

// asked ends the answer to a browser that asked first: the header said it all.
func asked(c *gin.Context) { c.AbortWithStatus(http.StatusNoContent) }
