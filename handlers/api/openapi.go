package api

import (
	_ "embed"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/respond"
)

// Contract is the contract of everything below /api, in OpenAPI 3.1.
//
//go:embed openapi.json
var Contract []byte

// OpenAPI answers the contract.
func (h *Handler) OpenAPI(c *gin.Context) error {
	return h.Respond.Shared(c, respond.Shared{Key: cache.Key{Call: "contract"}, Make: func() (respond.Body, error) {
		return respond.Body{Type: "application/json; charset=utf-8", Bytes: Contract}, nil
	}})
}
