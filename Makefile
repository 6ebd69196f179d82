# Two commands matter to a newcomer: `make demo` and `make test`. Everything installs into .venv, once.
# Written for GNU make 3.81 (macOS) and later.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHONS := 3.11 3.12 3.13 3.14
PY := .venv/bin/python
JS_TOOLS := tests/browser/node_modules/.package-lock.json
JS_STYLE := biome check --error-on-warnings --config-path=tests/browser/style.jsonc site_src/js tests/browser tests/js
# Tests write thousands of small files and wait for each to be on the disk; where memory is plenty, they go there.
IN_MEMORY := $(shell test $$(df -kP /dev/shm 2>/dev/null | awk 'END {print int($$4)}') -gt 4000000 && echo PYTEST_DEBUG_TEMPROOT=/dev/shm)
PIP := PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 $(PY) -m pip install -qq

# The sample organisation's passphrases protect nothing: `make demo` makes its keys on the spot, and certportal
# refuses them outside a workspace marked `sample: true`.
SAMPLE_KEYS := ROOT CERTIFICATE ONLINE SEAL
SAMPLE_PEOPLE := H_ADEYEMI M_CASTELL P_LINDGREN
SAMPLE_ENV := $(foreach key,$(SAMPLE_KEYS) $(SAMPLE_PEOPLE),CERTPORTAL_PASSPHRASE_$(key)=sample-$(key)-passphrase)

# A virtual environment cannot be moved: where the checkout was copied or renamed, make it again.
ifneq ($(shell cat .venv/.made-at 2>/dev/null),$(CURDIR))
$(shell rm -f .venv/.made-at .venv/.runtime .venv/.package .venv/.dev)
endif

# The tests start hundreds of Pythons; where a container forbids it, each would compile the whole package again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo dev test quick exhaustive lint types check fix golden mutants serve bench bench-pdf bench-page clean lock windows-wheels

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

# ---------------------------------------------------------------- use

demo: .venv/.package ## install, issue the sample certificates, build the site that verifies them
	@$(SAMPLE_ENV) .venv/bin/certportal demo

serve: .venv/.package ## show the built site on this machine
	.venv/bin/certportal serve

# ---------------------------------------------------------------- work

dev: .venv/.dev ## install what developing needs

test: .venv/.dev ## install what the tests need (a Chromium among it), then run all of them
	@$(PY) -m tests.system_tools test
	$(IN_MEMORY) $(PY) -m pytest -n auto --dist worksteal --durations=20 --durations-min=5

quick: .venv/.dev ## the tests that are neither slow nor in a browser
	$(IN_MEMORY) HYPOTHESIS_PROFILE=quick $(PY) -m pytest -q -n 2 --dist worksteal -m 'not slow and not browser'

exhaustive: .venv/.dev ## every kill, every row: what `make test` only takes a daily sample of
	@$(PY) -m tests.system_tools test
	CERTPORTAL_EXHAUSTIVE=all $(PY) -m pytest -n auto --dist worksteal -m exhaustive

lint: .venv/.dev ## style, formatting, floors
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	@$(call WITH_JS_TOOLS,$(JS_STYLE))
	.venv/bin/lint-imports --no-cache | tail -n 8; exit $${PIPESTATUS[0]}

types: .venv/.dev ## types of the package and of the portal's JavaScript
	$(PY) -m mypy --strict generator
	$(PY) -m mypy --strict generator --platform win32 --cache-dir .mypy_cache/win32
	@$(call WITH_JS_TOOLS,tsc --project tests/browser/tsconfig.json)

check: lint types test ## everything that CI asks

fix: .venv/.dev ## mend what ruff and biome can mend
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	@$(call WITH_JS_TOOLS,$(JS_STYLE) --write)

golden: .venv/.dev ## make the golden files again; read the difference before you commit it
	$(PY) -m tests.golden

mutants: .venv/.dev ## how many of 300 small changes to the code the tests notice (OPTIONS='--seed 2')
	$(PY) -m tests.mutation $(OPTIONS)

bench: .venv/.dev ## measure against the budgets
	$(PY) -m tests.bench

bench-pdf: .venv/.dev
	$(PY) -m tests.bench.bench_pdf

bench-page: .venv/.dev
	$(PY) -m tests.bench.bench_page

lock: ## resolve the locks again; UPGRADE=--upgrade takes newer releases
	@echo 'resolving the locks'; $(INSTALL_UV); \
	compile() { "$$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command 'make lock' $(UPGRADE) "$$@"; }; \
	compile pyproject.toml -o requirements.lock; \
	compile pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock; \
	compile --group build -c requirements-dev.lock -o requirements-build.lock
	@$(MAKE) -s windows-wheels

windows-wheels: ## what certportal needs is there for Windows without a compiler; reads the index, downloads no wheel
	@$(INSTALL_UV); for version in $(PYTHONS); do echo "wheels for Windows, Python $$version"; \
	"$$tool/bin/uv" pip install --no-config --quiet --dry-run --no-deps --require-hashes --only-binary :all: --target "$$tool/none" \
	  --python-platform windows --python-version $$version -r requirements.lock; done

clean: ## remove what was installed and made; issued certificates are left alone
	rm -rf .venv tests/browser/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# ---------------------------------------------------------------- what the above stands on

# A command of the JavaScript tools, which need npm to be installed. CI installs that; elsewhere its absence is said.
define WITH_JS_TOOLS
if [ -n "$$CI" ]; then $(PY) -m tests.system_tools types; fi; \
if ! command -v npm >/dev/null; then echo 'no npm here, so not run: $(1)'; \
else $(MAKE) -s $(JS_TOOLS) && echo '$(1)' && PATH="$(CURDIR)/tests/browser/node_modules/.bin:$$PATH" $(1); fi
endef

# Names on the PATH may be stubs, so each is asked for its version.
FIND_PYTHON = python=; for name in $(PYTHON) $(PYTHONS:%=python%) python3; do \
	  version=$$("$$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  case ' $(PYTHONS) ' in *" $$version "*) python=$$name; break;; esac; \
	done; \
	[ -n "$$python" ] || { echo 'certportal needs Python $(PYTHONS): make PYTHON=/path/to/python3' >&2; exit 1; }

# uv in a folder of its own, which goes when the recipe ends.
INSTALL_UV = set -e; tool=$$(mktemp -d); trap 'rm -rf "$$tool"' EXIT; $(FIND_PYTHON); "$$python" -m venv "$$tool"; \
	PIP_DISABLE_PIP_VERSION_CHECK=1 "$$tool/bin/pip" install -qq uv

.venv/.made-at:
	@$(FIND_PYTHON); echo "making .venv with $$python"; \
	"$$python" -m venv --clear .venv || { echo 'fix: on Debian, `apt-get install python3-venv`' >&2; exit 1; }
	@printf '%s' '$(CURDIR)' > $@

.venv/.runtime: requirements.lock requirements-build.lock .venv/.made-at
	@echo 'installing what certportal needs (requirements.lock)'
	@$(PIP) --require-hashes -r requirements.lock -r requirements-build.lock
	@touch $@

.venv/.package: pyproject.toml .venv/.runtime
	@echo 'installing certportal from this checkout'
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.package
	@echo 'installing what developing needs (requirements-dev.lock)'
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(JS_TOOLS): tests/browser/package-lock.json
	@echo 'installing the JavaScript tools (tests/browser/package-lock.json)'
	@cd tests/browser && npm ci --silent
	@touch $@
