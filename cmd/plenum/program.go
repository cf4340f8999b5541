package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"plenum/cmd/internal/config"
	"plenum/moderation"
	"plenum/moderation/transfer"
	"plenum/static"
	"plenum/templates"
)

// Exit codes: results go to standard output, everything else to standard error.
const (
	done = iota
	failed
	wrongUsage
)

// program is the command line.
type program struct {
	config.Settings

	Serve        serveCommand        `cmd:"" help:"Serve readers and moderators."`
	Migrate      migrateCommand      `cmd:"" help:"Bring the database up to this release, or say how far it is."`
	Site         siteCommand         `cmd:"" help:"Make a site, change what holds for it, delete it, or print the key of its publisher."`
	Moderator    moderatorCommand    `cmd:"" help:"Give a person a role on a site, or take ways in from them."`
	Token        tokenCommand        `cmd:"" help:"Make an API token."`
	Rules        rulesCommand        `cmd:"" help:"Publish a site's rules."`
	Audit        auditCommand        `cmd:"" help:"Verify a site's ledger."`
	Erase        eraseCommand        `cmd:"" help:"Erase everything that is kept under somebody's address."`
	ExportPerson exportPersonCommand `cmd:"" help:"Print everything that is kept under somebody's address, as JSON."`
	Export       exportCommand       `cmd:"" help:"Print everything of a site, a JSON document a line."`
	Import       importCommand       `cmd:"" help:"Bring in comments of another system, or what export printed."`
	Backup       backupCommand       `cmd:"" help:"Write database and secret into one file."`
	Restore      restoreCommand      `cmd:"" help:"Bring back what a backup holds, and check it."`
	Erasures     erasuresCommand     `cmd:"" help:"Print what was erased, for a restore to erase it again: ids, one JSON document a line."`
	Bench        benchCommand        `cmd:"" help:"Measure: fill a database with comments."`
	Demo         demoCommand         `cmd:"" help:"Fill the database with an invented newspaper."`
	Doctor       doctorCommand       `cmd:"" help:"Look for what is wrong, and say what to do."`
	Config       configCommand       `cmd:"" help:"Print every setting as a Markdown table."`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run parses the command line, runs its command, and answers the exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	p, code := &program{}, -1
	parser, err := kong.New(p, kong.Name("plenum"), kong.Writers(out, errs), kong.Exit(func(c int) { code = c }),
		kong.Description("A moderated comment system for sites that publish articles."), kong.UsageOnError(),
		kong.Vars{"formats": ownFormat + "," + strings.Join(transfer.Formats, ",")},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(errs, "plenum:", err)
		return failed
	}
	command, err := parser.Parse(args)
	if code >= 0 { // --help was shown
		return code
	}
	if err != nil {
		fmt.Fprintf(errs, "plenum: %v (plenum --help shows how)\n", err)
		return wrongUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(p.Settings, streams{in, out, errs}, parser.Model); err != nil {
		fmt.Fprintln(errs, "plenum:", sentence(err))
		return failed
	}
	return done
}

// sentence says a refusal in the words of the catalogue, and any other error as it is.
func sentence(err error) string {
	var refusal *moderation.Refusal
	if !errors.As(err, &refusal) {
		return err.Error()
	}
	set, setErr := templates.New(static.URL)
	if setErr != nil {
		return err.Error()
	}
	text := set.T("en", refusal.Key, refusal.Args)
	if refusal.Field != "" {
		text = refusal.Field + ": " + text
	}
	return text
}

type configCommand struct{}

// Run prints docs/configuration.md.
func (configCommand) Run(s streams, app *kong.Application) error {
	_, err := io.WriteString(s.out, config.Markdown(app))
	return err
}
