package program

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build is the program that PLENUM_BIN names, else one built into folder from the sources at root.
func Build(ctx context.Context, root, folder string) (string, error) {
	if bin := os.Getenv("PLENUM_BIN"); bin != "" {
		return filepath.Abs(bin)
	}
	bin := filepath.Join(folder, "plenum")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/plenum")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build plenum: %w\n%s", err, out)
	}
	return bin, nil
}
