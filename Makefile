# Replicant. `make` lists what there is to make.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=
MINUTES ?= 10
EVENTS ?= 200000
SEEDS ?= 1 2 3

# Release builds go their own ways: the static runtime would rebuild everything in .build.
RELEASE = $(SWIFT) build -c release --product replicant
STATIC = $(RELEASE) --static-swift-stdlib --scratch-path .build-static

SHELL_SCRIPTS = .ci/run scripts/conformance scripts/conformance-common scripts/fuzz \
  scripts/schemathesis scripts/setup scripts/docs scripts/storm Benchmarks/instructions

.DEFAULT_GOAL := help
.PHONY: help demo build test conformance storm lint fuzz benchmarks format install screenshots readme docs \
  clean

help: ## List what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## Build Replicant and open it on a service of its own (ARGS='--speed 4' passes options on)
	@scripts/setup build
	@$(RELEASE)
	@exec .build/release/replicant --demo $(ARGS)

build: ## Build the release program, .build/release/replicant
	@scripts/setup build
	$(RELEASE)

test: ## Check the format, build, run every test, and prove the demo service
	@scripts/setup test
	@$(MAKE) --no-print-directory lint
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest
	@scripts/storm .build/debug/replicant
	@$(MAKE) --no-print-directory conformance

conformance: ## Prove the demo service with the official Python clients and with schemathesis
	@scripts/setup test
	$(SWIFT) build --product replicant
	@scripts/conformance .build/debug/replicant
	@scripts/schemathesis .build/debug/replicant

storm: ## Throw random keys, pastes, clicks and sizes at the program (EVENTS=200000, SEEDS='1 2 3')
	@scripts/setup test
	$(SWIFT) build --product replicant
	@EVENTS=$(EVENTS) scripts/storm .build/debug/replicant $(SEEDS)

lint: ## Check the format of the Swift files, and the shell scripts where shellcheck is installed
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
	@if command -v shellcheck >/dev/null; then shellcheck $(SHELL_SCRIPTS); fi

fuzz: ## Fuzz the parsers of foreign bytes (MINUTES=10)
	$(SWIFT) build --product replicant
	scripts/fuzz --minutes $(MINUTES)

benchmarks: ## Time the terminal layer, and count its instructions where valgrind is installed
	$(SWIFT) build -c release --package-path Benchmarks --scratch-path .build-benchmarks
	.build-benchmarks/release/benchmarks
	@if command -v valgrind >/dev/null; then Benchmarks/instructions; fi

format: ## Rewrite the Swift files in the project's format
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

install: ## Install one program with the Swift runtime inside (PREFIX=/usr/local, DESTDIR=)
	@scripts/setup build
	$(STATIC)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 -s .build-static/release/replicant "$(DESTDIR)$(PREFIX)/bin/replicant"

screenshots: ## Make the pictures in screenshots/ from the running program
	@scripts/setup screenshots
	@$(RELEASE)
	@scripts/screenshots

readme: ## Write the README's generated sections anew
	$(SWIFT) build --product replicant
	@scripts/readme .build/debug/replicant

docs: ## Write the documentation of ReplicateAPI, .build/docs
	scripts/docs

clean: ## Remove what was built
	rm -rf .build .build-static .build-benchmarks
