// Command plenum is the moderated comment system: the server, and everything that is done to it from a shell.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
