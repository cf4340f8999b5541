package postgres

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// Client finds one of PostgreSQL's programs for whoever talks to a server: the newest on this machine, because each
// understands the servers before it.
func Client(name string) (string, error) {
	installed, err := filepath.Glob(filepath.Join("/usr/lib/postgresql", "*", "bin", name))
	if err == nil && len(installed) > 0 {
		return installed[len(installed)-1], nil // versions have two digits
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s was not found: install Debian's package postgresql-client", name)
	}
	return path, nil
}
