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

// readerCORS lets any page read and the site's own pages write, never with credentials.
func readerCORS(r *respond.Responder) gin.HandlerFunc {
	read := cors.New(cors.Config{
		AllowAllOrigins: true,
		AllowMethods:    []string{http.MethodGet, http.MethodHead},
		AllowHeaders:    []string{"Authorization", "If-None-Match"},
		MaxAge:          time.Hour,
	})
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
			c.Header("Access-Control-Allow-Origin", "*")
			return
		}
		if asked := c.GetHeader("Access-Control-Request-Method"); asked == http.MethodGet || asked == http.MethodHead {
			read(c)
			return
		}
		if origin := c.GetHeader("Origin"); origin != "" && !strings.HasSuffix(origin, "://"+c.Request.Host) && !allowed(c, origin) {
			refuse(c) // cors would, without a word
			return
		}
		write(c)
	}
}
