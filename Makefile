# make run    sets everything up and opens the demo
# make test   sets everything up and runs every check
# make help   lists the rest

SHELL := /bin/sh
VENV  := .venv
BIN   := $(VENV)/bin
PIP   := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
UV    := uv==0.13.9
LOCK  := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

# What was compiled is kept, whatever the shell says: without it each process that runs tests writes their asserts anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test checks contracts tests bench eval screenshots words lock format clean help

run: $(VENV)/.runtime  ## Open the demo: a fresh library of sample documents (ARGS="--port 8010 --no-browser")
	@$(BIN)/quizapp demo $(ARGS)

test: $(VENV)/.dev  ## Run every check: format, lint, types, imports, all tests
	@$(MAKE) --no-print-directory checks

checks:
	@$(find_chromium)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory -j2 contracts tests

contracts:
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

tests:
	$(BIN)/pytest -m "" -n 3 --dist worksteal

bench: $(VENV)/.dev  ## Measure, and compare with the peers (ARGS="--full --keep" writes docs/benchmarks.md)
	@$(BIN)/python -m benchmarks $(ARGS)

eval: $(VENV)/.dev  ## Say how good the cards are (ARGS="--missed", "--keep" writes docs/evaluation.md)
	@$(BIN)/python -m evaluation $(ARGS)

screenshots: $(VENV)/.dev  ## Take every page in both sizes and themes into docs/screenshots
	@$(find_chromium)
	@$(BIN)/python -m screenshots

words: $(VENV)/.dev  ## Gather what Recto says into the catalogues of its languages, and list what has no translation
	@$(BIN)/python -m catalogues

format: $(VENV)/.dev  ## Put the code into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: $(VENV)/.dev  ## Lock requirements/*.in again (LOCK_ARGS=--upgrade for newer versions)
	$(PIP) install $(UV)
	cd requirements && ../$(BIN)/$(LOCK) $(LOCK_ARGS) runtime.in -o runtime.txt
	cd requirements && ../$(BIN)/$(LOCK) $(LOCK_ARGS) build.in -c runtime.txt -o build.txt
	cd requirements && ../$(BIN)/$(LOCK) $(LOCK_ARGS) dev.in -c build.txt -o dev.txt

clean:  ## Remove the environment and everything that can be made again
	rm -rf $(VENV) build dist test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find quizapp tests migrations benchmarks evaluation screenshots catalogues -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## List what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The environment. A stamp says what is in it; it is older than what it was made from when that has changed.
# pip checks every file against the hashes; the package itself needs no network, its build tools being locked as well.

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/pip
	@echo "Installing what Recto needs into $(VENV); the first time takes about a minute."
	@$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Installing what the checks need into $(VENV)."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# pip comes last into a new environment: one that was interrupted has none, and is made anew.
$(BIN)/pip:
	@$(find_python); \
	"$$python" -m venv --clear $(VENV)

# Sets $python to one that Recto runs on and that can make an environment; Debian keeps the latter in a package.
define find_python
	python=; \
	for name in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
		if "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
			python=$$name; break; \
		fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Recto needs Python 3.11, 3.12 or 3.13. On Debian: apt-get install python3 python3-venv" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing python3-venv, which Debian keeps apart from Python."; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null || exit 1; \
		else \
			echo "Python cannot make an environment here. On Debian, as root: apt-get install python3-venv" >&2; exit 1; \
		fi; \
	fi
endef

# The tests of the pages drive the distribution's own browser.
define find_chromium
	if ! command -v chromium >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing chromium, which the tests of the pages drive."; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null || exit 1; \
		else \
			echo "The tests of the pages need Chromium. On Debian, as root: apt-get install chromium" >&2; exit 1; \
		fi; \
	fi
endef
