package api

import (
	_ "embed"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/respond"
)

// Contract is the contract of everything below /api, in OpenAPI 3.1.
//
//go:embed openapi.json
var Contract []byte

// OpenAPI answers the contract.
func (h *Handler) OpenAPI(c *gin.Context) error {
	return respond.Public(c, "application/json; charset=utf-8", Contract)
}
