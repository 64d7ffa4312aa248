# Replicant. `make` lists the targets.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=
MINUTES ?= 10
EVENTS ?= 200000
COUNT ?= 100000
SCHEMAS ?= 2000
SCALE ?= 3
RUNS ?= 20
SWEEP ?= 200
KILLS ?= 10
SEEDS ?= 1 2 3

# The static runtime and the thread sanitizer need their own scratch folders. Sharing .build would
# cause full rebuilds.
RELEASE = $(SWIFT) build -c release --product replicant
STATIC = $(RELEASE) --static-swift-stdlib --scratch-path .build-static
SANITIZER = --sanitize=thread --scratch-path .build-tsan
INSTALLED = $(CURDIR)/.build-static/installed

SHELL_SCRIPTS = .ci/run scripts/cog scripts/cog-server scripts/conformance scripts/conformance-common scripts/fuzz \
  scripts/request-code scripts/hostile scripts/schemas \
  scripts/schemathesis scripts/setup scripts/docs scripts/money scripts/mutate scripts/skipped scripts/storm \
  scripts/sweep \
  Benchmarks/instructions

.DEFAULT_GOAL := help
.PHONY: help demo build test check check-install sanitize conformance schemas cog hostile storm money sweep \
  mutate lint fuzz benchmarks \
  format install screenshots generate docs clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

demo: ## Build Replicant and open it with the demo service (ARGS='--speed 4' passes options)
	@scripts/setup build
	@$(RELEASE)
	@exec .build/release/replicant --demo $(ARGS)

build: ## Build the release program, .build/release/replicant
	@scripts/setup build
	$(RELEASE)

test: ## Check the format, build, run all tests, the storm, and the conformance checks
	@scripts/setup test
	@scripts/skipped forget
	@$(MAKE) --no-print-directory lint
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest
	@SWIFT=$(SWIFT) scripts/request-code
	@scripts/storm .build/debug/replicant
	@RUNS=2 scripts/money .build/debug/replicant
	@COUNT=10 KILLS=2 scripts/sweep .build/debug/replicant
	@SWIFT=$(SWIFT) scripts/schemas
	@SWIFT=$(SWIFT) scripts/cog
	@$(MAKE) --no-print-directory conformance
	@scripts/skipped report

check: test ## Everything that CI runs: test, check-install, docs, and sanitize
	@$(MAKE) --no-print-directory check-install
	@scripts/docs --warnings-as-errors
	@$(MAKE) --no-print-directory sanitize
	@scripts/skipped report

check-install: ## Install the program into a scratch folder and run it there
	@rm -rf "$(INSTALLED)"
	@$(MAKE) --no-print-directory install PREFIX=/usr DESTDIR="$(INSTALLED)"
	$(SWIFT) build --build-tests
	REPLICANT_BINARY="$(INSTALLED)/usr/bin/replicant" $(SWIFT) test --skip-build --disable-xctest \
	  --filter 'EndToEndTests.*(VersionTests|FirstRunTests|WaysOutTests)'

sanitize: ## Run the tests of what isn't the main thread's alone under the thread sanitizer
	@scripts/setup build
	REPLICANT_SANITIZE=1 $(SWIFT) build --build-tests $(SANITIZER)
	REPLICANT_SANITIZE=1 $(SWIFT) test --skip-build --disable-xctest $(SANITIZER)

conformance: ## Check the demo service with Replicate's Python clients and with schemathesis
	@scripts/setup test
	$(SWIFT) build --product replicant
	@scripts/conformance .build/debug/replicant
	@scripts/schemathesis .build/debug/replicant

schemas: ## Fill in the form of every real model, and check what was sent with python-jsonschema
	@scripts/setup test
	$(SWIFT) build --build-tests
	@SWIFT=$(SWIFT) scripts/schemas

cog: ## Run the tests of profiles that are cog servers, with real ones
	@scripts/setup test
	$(SWIFT) build --build-tests
	@SWIFT=$(SWIFT) scripts/cog

hostile: ## Make forms of schemas that were made to do harm (SCHEMAS=2000, SCALE=3)
	$(SWIFT) build --build-tests
	@SWIFT=$(SWIFT) SCALE=$(SCALE) scripts/hostile $(SCHEMAS)

storm: ## Send random keys, pastes, clicks, and resizes to the program (EVENTS=200000, SEEDS='1 2 3')
	@scripts/setup test
	$(SWIFT) build --product replicant
	@EVENTS=$(EVENTS) scripts/storm .build/debug/replicant $(SEEDS)

money: ## Count what becomes of runs when answers are lost and programs killed (RUNS=20)
	$(SWIFT) build --product replicant
	@RUNS=$(RUNS) scripts/money .build/debug/replicant

sweep: ## Kill a program that sends a group of runs, and count what was made (SWEEP=200 KILLS=10)
	$(SWIFT) build --product replicant
	@COUNT=$(SWEEP) KILLS=$(KILLS) scripts/sweep .build/debug/replicant

mutate: ## Read and draw answers of the service that were changed at random (COUNT=100000)
	$(SWIFT) build --build-tests
	@SWIFT=$(SWIFT) scripts/mutate $(COUNT)

lint: ## Check the format of the Swift files, and the shell scripts if shellcheck is installed
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Tools Benchmarks
	@if command -v shellcheck >/dev/null; then shellcheck $(SHELL_SCRIPTS); fi

fuzz: ## Fuzz the parsers of untrusted bytes (MINUTES=10)
	$(SWIFT) build --product replicant
	scripts/fuzz --minutes $(MINUTES)

benchmarks: ## Time the terminal layer, and count its instructions if valgrind is installed
	$(SWIFT) build -c release --package-path Benchmarks --scratch-path .build-benchmarks
	.build-benchmarks/release/benchmarks
	@if command -v valgrind >/dev/null; then Benchmarks/instructions; fi

format: ## Format the Swift files
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Tools Benchmarks

install: ## Install the program as a single file (PREFIX=/usr/local, DESTDIR=)
	@scripts/setup build
	$(STATIC)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 -s .build-static/release/replicant "$(DESTDIR)$(PREFIX)/bin/replicant"

screenshots: ## Take the screenshots in screenshots/ of the running program
	@scripts/setup screenshots
	@$(RELEASE)
	@scripts/screenshots

generate: ## Write docs/keys.md, docs/operations.md, and docs/config.md from the sources
	$(SWIFT) run GenerateDocuments docs

docs: ## Build the documentation of ReplicateAPI, .build/docs
	scripts/docs

clean: ## Remove all build products
	rm -rf .build .build-static .build-tsan .build-benchmarks
