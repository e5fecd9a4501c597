# Everything here is plain go; make only remembers the flags. Written for
# GNU make 3.81, the one that macOS has.

GO          = go
PYTHON      = python3
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What to analyse, and where to put the results:
#   make reproduce DATA="/data/stress_testing_model_spec" OUT="results"
DATA = sample
OUT  = out

# No C compiler is needed, except for the race detector.
export CGO_ENABLED = 0

.PHONY: help need-go build reproduce gallery lab test test-long fuzz check race bench bench-cells bench-ranking bench-peers bench-kcenter bench-hub hub jupyter offline lint gofmt oracle oracle-stats verify-stats clean

help:
	@echo 'make reproduce   every result and notebook on DATA (the built-in sample) into OUT (out)'
	@echo 'make gallery     draw the pictures of docs/img anew'
	@echo 'make lab         the notebooks in JupyterLab (needs Python, or a JupyterLab)'
	@echo 'make test        all tests'
	@echo 'make test-long   what docs/reliability.md promises, at full length, and its table'
	@echo 'make fuzz        every fuzz target in turn, for FUZZTIME each'
	@echo 'make check       a change in under a minute: gofmt, vet, short tests'
	@echo 'make lint        gofmt, vet, staticcheck, module checksums, tidy go.mod'
	@echo 'make race        short tests under the race detector (needs a C compiler)'
	@echo 'make bench       benchmarks'
	@echo 'make bench-cells how long a notebook cell takes, beside stock GoNB'
	@echo 'make jupyter     notebooks and kernel in the real Jupyter (needs Python, pandoc, Chromium)'
	@echo 'make offline     all notebooks without a network, from an empty home folder'
	@echo 'make hub         every command on a local server like the Hub, then offline (needs Python)'
	@echo 'make bench-peers    the whole battery beside DuckDB, polars, pandas, arrow-go (needs Python)'
	@echo 'make bench-hub      reading from a Hub beside DuckDB, pyarrow, huggingface_hub (needs Python)'
	@echo 'make bench-kcenter  k-center selection beside numpy and scikit-learn (needs Python)'
	@echo 'make bench-ranking  Bradley-Terry fits, beside scipy (needs Python)'
	@echo 'make verify-stats  expected values made anew by other programs, full simulations (15 minutes)'
	@echo 'make oracle      results.json against DuckDB and pandas (needs Python)'
	@echo 'make clean       remove bin and out'

build: need-go
	@echo 'compiling (the first time takes a minute or two) ...'
	@$(GO) build -o bin/ ./cmd/specstress tool

# The report first, for it takes seconds; then the notebooks, whose pages it
# links to.
reproduce: build
	@bin/specstress reproduce --data "$(DATA)" --out "$(OUT)" --notebooks notebooks
	@echo 'executing the notebooks ...'
	@bin/specstress run notebooks/*.ipynb --data "$(DATA)" --out "$(OUT)/notebooks" --html

# The pictures in docs/, from the notebooks and the built-in sample; the same
# test without -update finds stale ones.
gallery: build
	@$(GO) test ./notebooks -run '^TestGallery$$' -update
	@$(GO) test ./notebooks -run '^TestGalleryPage$$' -update

lab: build
	@bin/specstress lab --data "$(DATA)"

# The build fetches the modules of the kernel, which tests start without a
# network.
test: build
	$(GO) test ./...

# A quarter of an hour on two cores. Needs a network for govulncheck only.
test-long: build
	$(GO) run ./internal/reliability/report

FUZZTIME = 30s

# Crashers land in testdata/fuzz of the package, to be kept as tests.
# Memory differs from run to run, so that minimising would not end.
fuzz: need-go
	@for pkg in $$(grep -rlE --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for name in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$pkg/*_test.go | cut -c6-); do \
			echo "$$pkg $$name"; \
			$(GO) test $$pkg -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x || exit 1; \
		done; \
	done

check: gofmt
	$(GO) vet ./...
	$(GO) test -short ./...

# Without packages that start no goroutines of their own and take minutes
# here, and without tests that do the same many times over.
race: need-go
	CGO_ENABLED=1 $(GO) test -race -short -skip '^Test(Hostile|SameBytes|Report|Statuses|Synthetic)' \
		$$($(GO) list ./... | grep -Ev '/(analysis/figure|cmd/specstress|internal/explain|internal/shim)$$')

bench: need-go
	$(GO) test -run '^$$' -bench . -benchmem ./...

# Edited cell to idle, beside GoNB as it comes; takes a few minutes.
bench-cells: need-go
	@$(GO) run ./internal/kernel/bench

# Minutes: scipy refits every model 50 times.
bench-ranking: need-go
	@PYTHON="$(PYTHON)" sh internal/bench/ranking/run.sh

# Ten minutes: ROUNDS=3 for less; TEXT=yes has 8 GB of made-up responses.
bench-peers: need-go
	@PYTHON="$(PYTHON)" sh internal/bench/peers/run.sh

bench-kcenter: need-go
	@PYTHON="$(PYTHON)" sh internal/bench/kcenter/run.sh

# ROWS=0 is the published size, 11 GB.
bench-hub: need-go
	@PYTHON="$(PYTHON)" sh internal/bench/hub/run.sh

# Every command on hf://, from an empty cache and offline, beside huggingface_hub.
hub: build
	@PYTHON="$(PYTHON)" sh internal/hubtest/run.sh

lint: gofmt
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod verify
	$(GO) mod tidy -diff

# The gofmt that belongs to this go, wherever PATH points.
gofmt: need-go
	@unformatted=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .) || exit 1; \
	if [ -n "$$unformatted" ]; then \
		echo "gofmt -w would change:"; echo "$$unformatted"; exit 1; \
	fi

oracle: build
	@PYTHON="$(PYTHON)" sh internal/oracle/run.sh

# Conversions and screenshots land in out/jupyter.
jupyter: build
	@PYTHON="$(PYTHON)" sh internal/lab/run.sh

offline: build
	@GO="$(GO)" sh internal/kernel/offline.sh

# The statistics against other programs, and the coverage of their intervals
# at full length, with the figures printed.
verify-stats: need-go oracle-stats
	$(GO) test -count=1 -v -timeout 60m ./analysis -long

# The first half of it, which needs Python but not ten minutes.
oracle-stats:
	@PYTHON="$(PYTHON)" sh analysis/testdata/oracle/run.sh

clean:
	rm -rf bin out

# Stops with directions where Go is missing or too old. A go that can fetch
# the version named in go.mod reports that one, and passes.
need-go:
	@found=; if command -v $(GO) >/dev/null 2>&1; then found=$$($(GO) env GOVERSION); fi; \
	case "$$found" in \
	go1.2[6-9]*|go1.[3-9][0-9]*|go1.[1-9][0-9][0-9]*|go[2-9].*|devel*) ;; \
	*) \
		echo "specstress needs Go 1.26 or later and no other program; found: $${found:-no go on PATH}."; \
		echo "  macOS     brew install go         or the installer from https://go.dev/dl/"; \
		echo "  Windows   winget install GoLang.Go"; \
		echo "  Linux     the archive from https://go.dev/dl/ (packages are often older)"; \
		echo "Open a new terminal, so that PATH is read again, and repeat the command."; \
		exit 1;; \
	esac
