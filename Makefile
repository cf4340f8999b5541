# Plenum. `make run` shows it, `make test` tests it; both install what is missing.

export PATH := $(PATH):/usr/local/go/bin
TOOL := go tool -modfile=tools/go.mod
V ?= # V=-v lists every test
ARGS ?= # of make bench
# Tries of each fuzz target. Given as a time, Go before 1.27 fails now and then as it ends: go.dev/issue/75804.
FUZZ ?= 10000x

.PHONY: help run build test fuzz mutants race races attacks faults bench bench-crowd bench-desk bench-steps lint vuln sbom replay docs deps deps-run

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | expand -t 10

run: deps-run build ## build and start everything with a demo site
	@bin/plenum serve --demo

build: ## bin/plenum
	@test -e bin/plenum || echo "Building Plenum for the first time: about 75 seconds on two cores." >&2
	@CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o bin/plenum ./cmd/plenum

test: deps build ## all tests: Go, database, browser
	go test $(V) -timeout 20m ./...
	go test -count=1 ./cmd/internal/layers
	cd e2e && PLENUM_BIN="$(CURDIR)/bin/plenum" go test $(V) -count=1 -timeout 20m ./...

# What one goroutine computes has no races, and takes minutes under the detector.
ALONE = AreReadByTheirIndex|IsReadByItsIndex|TestAnyTree|TestACommentLives|AsTheMatrixSays|TestBothWalls|OfTenThousand|TestABackup|TestARestore|TestWhatWasLost|HundredLevels

race: ## the Go tests under the race detector, but those that do one thing after the other
	@.ci/deps postgresql gcc
	CGO_ENABLED=1 go test -race -skip '$(ALONE)' -timeout 30m ./...

FUZZED = grep -rlE '^func Fuzz' --include='*_test.go' . | sort

fuzz: ## each Fuzz target for FUZZ=10000x tries, two at a time; what is kept in testdata runs with make test
	@$(FUZZED) | xargs -n 1 dirname | uniq | while read -r folder; do go test -c -fuzz . -o /dev/null "$$folder" || exit 1; done
	@$(FUZZED) | while read -r file; do sed -nE "s|^func (Fuzz[A-Za-z0-9]*)\(.*|\1 $$(dirname "$$file")|p" "$$file"; done | \
		xargs -P 2 -n 2 sh -c 'said=$$(timeout 20m go test -run "^$$" -fuzz "^$$0$$" -fuzztime $(FUZZ) -fuzzminimizetime 1s -parallel 1 "$$1" </dev/null 2>&1) && \
		echo "$$0: $$(echo "$$said" | grep "^fuzz: elapsed" | tail -n 1)" || { echo "$$0 in $$1 fails:"; echo "$$said"; exit 1; }'

mutants: ## guards taken out of a copy, one at a time: which test catches each
	@.ci/deps postgresql
	@cd e2e && go run ./mutants

races: ## 4,000 races of two moderators on two replicas, with opposite decisions
	@.ci/deps postgresql
	PLENUM_RACES=20 go test -count=1 -v -run TestOfTwoOppositeDecisions ./moderation

bench-desk: deps-run ## the desk with 10,000 and with 1,000,000 comments: a few minutes and 4 GB in a temporary folder
	@go run ./bench/desk

bench-steps: deps-run ## for how long the steps of the schema hold anybody up, on 1,000,000 comments of an earlier release: minutes, and 7 GB in a temporary folder
	@go run ./bench/steps $(ARGS)

bench-crowd: build ## readers beside 500 slow clients, and memory under 200 sign-ins a second: a minute; fails where they miss their marks
	@.ci/deps postgresql
	@go run ./bench/crowd $(ARGS)

bench: build ## readers, authors and event streams against ceilings of the same run; ARGS="-large 0 -mixed 30m"
	@.ci/deps postgresql wrk
	@mkdir -p bin && go build -trimpath -o bin/load ./bench/load && bin/load $(ARGS)

lint: ## vet and staticcheck
	go vet ./...
	cd e2e && go vet ./... && go vet -tags faults ./faults
	$(TOOL) staticcheck ./...

vuln: ## known vulnerabilities; says so where their database is out of reach
	@$(TOOL) govulncheck ./... || { test $$? -ne 3 || exit 1; echo "govulncheck could not ask its database, see above: going on without" >&2; }

attacks: deps build ## every row of our own corpus, and of the folder PLENUM_ATTACKS names, through every field into every sink: minutes
	cd e2e && PLENUM_BIN="$(CURDIR)/bin/plenum" go test -count=1 -v -timeout 60m ./attacks -all

faults: deps build ## kill, freeze, delay and fill whatever two replicas stand on, and compare what was acknowledged: some ten minutes, as root
	cd e2e && PLENUM_BIN="$(CURDIR)/bin/plenum" go test -tags faults -count=1 -v -timeout 60m ./faults
	cd e2e && PLENUM_BIN="$(CURDIR)/bin/plenum" go test -count=1 -v -run TestAPromotedStandby ./scale

sbom: build ## bin/plenum.cdx.json: what is in the program, as CycloneDX
	@$(TOOL) cyclonedx-gomod bin -json -output bin/plenum.cdx.json bin/plenum

replay: deps-run build ## post FILE (a TSV of id, refused, text), decide it, compare every public surface
	@test -n "$(FILE)" || { echo "make replay needs FILE=comments.tsv, with the columns id, refused, text" >&2; exit 2; }
	@cd e2e && go run ./replay -file "$(abspath $(FILE))" -bin "$(CURDIR)/bin/plenum"

docs: ## docs/configuration.md
	@go run ./cmd/plenum config > docs/configuration.md

deps: ## install PostgreSQL, Chromium, axe-core, PgBouncer, nginx and WordPress where they are missing
	@.ci/deps postgresql chromium npm pgbouncer nginx
	@.ci/deps wordpress php-cli php-mysql mariadb-server || echo "no WordPress to test the plugin in: going on without" >&2
	@test -e e2e/node_modules/axe-core || npm ci --prefix e2e --no-audit --no-fund --loglevel=error >&2

deps-run:
	@test -n "$$DATABASE_URL" || .ci/deps postgresql
