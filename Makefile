# Parlour. `make` lists the targets; `make run` starts everything.

PORT ?= 8000
STATE ?= .parlour
UP_ARGS ?=
PYTEST_ARGS ?= -n auto --dist loadgroup --no-loadscope-reorder
MUTANTS ?=
SEED ?=
MINUTES ?= 10
CASES ?= 100
PYTHON ?=

ENVIRONMENT := .venv
RUN := $(ENVIRONMENT)/bin/python -m
PARLOUR := $(RUN) app
UV ?= $(firstword $(wildcard $(ENVIRONMENT)/bin/uv) uv)
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" --quiet
INSTALL := $(RUN) pip install --quiet --disable-pip-version-check --no-deps

# Scalar, the page at /docs. Its bundle is fetched once, checked, and served from here: no CDN.
SCALAR_VERSION := 1.72.1
SCALAR_SHA256 := bf091006bdc3af6067af77c2f534812e3e633e94a94e87138069f570f33b762c

WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -type f ! -name "*.d.ts" -print 2>/dev/null)

# A process takes what the one before has compiled: without that each of a dozen compiles everything as it starts.
unexport PYTHONDONTWRITEBYTECODE

TEST_USER := test_user
TEST_PASSWORD := of-the-test-user

.DEFAULT_GOAL := help
.PHONY: help run down clean test slow fuzz chaos mutants check format lint types contracts migrate revision shell seed bench assets docs screenshots web \
	web-check web-types lock test-user token build docker-migrate docker-run docker-down docker-shell django-shell create-test-user \
	get-token-test-user

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Running

run: $(ENVIRONMENT)/.installed assets web ## Start everything on PORT (8000); data in STATE (.parlour). Ctrl-C stops it
	@exec $(PARLOUR) up --port "$(PORT)" --state "$(STATE)" $(UP_ARGS)

down: $(ENVIRONMENT)/.installed ## Stop what runs over STATE
	@$(PARLOUR) down --state "$(STATE)"

clean: down ## Stop it and remove its data
	@rm -rf "$$(readlink -f "$(STATE)/servers" || true)" "$(STATE)"

migrate: $(ENVIRONMENT)/.installed ## Bring the database to the newest revision
	@$(PARLOUR) migrate --state "$(STATE)"

shell: $(ENVIRONMENT)/.installed ## Python with settings, resources, sessions and models at hand
	@$(PARLOUR) shell --state "$(STATE)"

seed: $(ENVIRONMENT)/.installed ## Demo users with pictures, friends, talk, plays and ballots
	@$(PARLOUR) seed --state "$(STATE)"

test-user: ## Create the development user test_user
	@curl -sS -o /dev/null -w 'test_user: HTTP %{http_code} (201 created, 409 was there)\n' \
		"http://localhost:$(PORT)/api/users/register" -H 'Content-Type: application/json' \
		-d '{"username": "$(TEST_USER)", "email": "test_user@example.com", "password": "$(TEST_PASSWORD)"}'

token: test-user ## Print the access and refresh token of test_user
	@curl -sS "http://localhost:$(PORT)/api/users/login" -H 'Content-Type: application/json' \
		-d '{"username": "$(TEST_USER)", "password": "$(TEST_PASSWORD)"}'; echo

## Developing

check: $(ENVIRONMENT)/.installed-dev ## What CI runs: format, lint, types, contracts, documentation, tests
	@$(RUN) ruff format --check
	@$(MAKE) --no-print-directory lint types contracts docs web-check test

test: $(ENVIRONMENT)/.installed-dev web ## The tests, on real servers of their own (PYTEST_ARGS)
	@$(RUN) pytest $(PYTEST_ARGS)

slow: $(ENVIRONMENT)/.installed-dev web ## The tests that take long: further faults, sizes, commands; the fuzz
	@$(RUN) pytest -m slow $(PYTEST_ARGS)

fuzz: $(ENVIRONMENT)/.installed-dev ## Ask the API what its description allows and does not, CASES (100) times each
	@FUZZ_CASES="$(CASES)" $(RUN) pytest -m slow tests/test_api_fuzz.py -o faulthandler_timeout=3600

chaos: $(ENVIRONMENT)/.installed-dev ## Fault after fault for MINUTES (10), repeatable by SEED
	@$(RUN) tests.faults.chaos --minutes "$(MINUTES)" $(if $(SEED),--seed "$(SEED)")

mutants: $(ENVIRONMENT)/.installed-dev ## Change every line of rules and proofs: a test has to notice (MUTANTS=app.fairdraw.*)
	@$(ENVIRONMENT)/bin/mutmut run $(MUTANTS)
	@$(RUN) tests.mutants.survivors $(MUTANTS)

format: $(ENVIRONMENT)/.installed-dev ## Format the code and sort the imports
	@$(RUN) ruff check --select I --fix --quiet
	@$(RUN) ruff format

lint: $(ENVIRONMENT)/.installed-dev ## ruff
	@$(RUN) ruff check

types: $(ENVIRONMENT)/.installed-dev ## mypy --strict
	@$(RUN) mypy

contracts: $(ENVIRONMENT)/.installed-dev ## Who may import whom
	@$(ENVIRONMENT)/bin/python -c 'from importlinter.cli import lint_imports_command as check; check()'

revision: $(ENVIRONMENT)/.installed ## Write a migration from the models: make revision m="what changes"
	@$(PARLOUR) revision -m "$(m)"

bench: $(ENVIRONMENT)/.installed-dev ## Measure, and compare with the raw work
	@$(RUN) benchmarks

docs: $(ENVIRONMENT)/.installed-dev ## The documentation as a site, in build/site
	@NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build --strict --quiet

screenshots: $(ENVIRONMENT)/.installed-dev web ## Pictures of the browser client, from seeded data, into docs/pictures (needs Chromium)
	@$(RUN) web.screenshots docs/pictures

lock: ## Lock the dependencies anew, with hashes (needs uv)
	@$(LOCK) --group build --output-file requirements-build.lock
	@$(LOCK) pyproject.toml --constraint requirements-build.lock --output-file requirements.lock
	@$(LOCK) --group extras --constraint requirements.lock --output-file requirements-extras.lock
	@$(LOCK) pyproject.toml --group dev --group docs --constraint requirements.lock --constraint requirements-extras.lock \
		--output-file requirements-dev.lock

assets: build/assets/scalar.js ## Fetch the API page's script (needs npm)

web: build/web/index.html ## Build the browser client (needs npm)

web-check: ## The browser client's format, lint, types and tests (needs npm)
	@if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory web-types build/web/index.html && cd web && npm run --silent check && npm run --silent test; \
	else echo "npm is not installed: the browser client is not checked."; fi

web-types: $(ENVIRONMENT)/.installed-dev web/node_modules/.package-lock.json ## Types for it, from the server itself
	@test -d web/node_modules || { echo "Without its packages the browser client cannot be checked."; exit 1; }
	@mkdir -p build
	@$(RUN) web.wire build/openapi.json build/frames.json
	@cd web && npm run --silent types >/dev/null

## Docker, under the names of document E

build: ## Build the image
	docker compose build

docker-migrate: ## Migrate in a container
	docker compose run --rm migrate

docker-run: ## Start all containers
	docker compose up --detach

docker-down: ## Stop all containers
	docker compose down

docker-shell: ## A Python prompt in a container
	docker compose run --rm api shell

django-shell: shell
create-test-user: test-user
get-token-test-user: token

## Files

# The environment needs nothing but the locks: every package by hash, and what makes a package of a source as well.
$(ENVIRONMENT)/.python:
	@chosen=; for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then chosen="$$python"; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
		echo "Parlour needs Python 3.11 or newer, and found none. Install one, or name it: make run PYTHON=/path/to/python3"; \
		exit 1; \
	fi; \
	echo "Creating $(ENVIRONMENT) with $$("$$chosen" --version)"; \
	"$$chosen" -m venv $(ENVIRONMENT) || { echo "This Python cannot make environments. On Debian: apt install python3-venv"; exit 1; }
	@touch $@

$(ENVIRONMENT)/.installed: requirements-build.lock requirements.lock pyproject.toml | $(ENVIRONMENT)/.python
	@echo "Installing the locked dependencies"
	@$(INSTALL) --require-hashes -r requirements-build.lock
	@$(INSTALL) --require-hashes --no-build-isolation -r requirements.lock
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(ENVIRONMENT)/.installed-dev: requirements-dev.lock $(ENVIRONMENT)/.installed
	@echo "Installing the locked development dependencies"
	@$(INSTALL) --require-hashes --no-build-isolation -r requirements-dev.lock
	@touch $@

# A failure here costs the browser client, and nothing else: the server runs without, and says so at `/`.
build/web/index.html: $(WEB_SOURCES) web/node_modules/.package-lock.json
	@cd web && if [ -d node_modules ] && ! npm run --silent build -- --logLevel warn; then \
		echo "The browser client was not built (the API itself does not need it)."; \
	fi

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@if ! command -v npm >/dev/null; then \
		echo "npm is not installed: there is no browser client (the API itself does not need it)."; \
	elif ! (cd web && npm ci --loglevel error); then \
		echo "npm cannot fetch what the browser client is made with: there is none (the API itself does not need it)."; \
	fi

# A failure here costs the page at /docs and nothing else, so it does not stop `make run`.
build/assets/scalar.js:
	@mkdir -p build/assets/fetched; cd build/assets/fetched; \
	if ! command -v npm >/dev/null; then \
		echo "npm is not installed: the page at /docs stays empty (the API itself does not need it)."; \
	elif ! npm pack --silent --fetch-retries=1 "@scalar/api-reference@$(SCALAR_VERSION)" >/dev/null 2>&1; then \
		echo "npm cannot fetch @scalar/api-reference: the page at /docs stays empty (the API itself does not need it)."; \
	else \
		tar -xzf scalar-api-reference-$(SCALAR_VERSION).tgz package/dist/browser/standalone.js; \
		if echo "$(SCALAR_SHA256)  package/dist/browser/standalone.js" | sha256sum --check --status; then \
			mv package/dist/browser/standalone.js ../scalar.js; \
		else \
			echo "The fetched @scalar/api-reference is not the one we know (SHA-256): the page at /docs stays empty."; \
		fi; \
	fi
	@rm -rf build/assets/fetched
