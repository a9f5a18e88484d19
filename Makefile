# Every command of the project. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Twice quiet: errors are shown, notes about a machine's own pip settings are not.
PIP = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
UV_COMPILE = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet \
	--custom-compile-command "make lock"
BROWSER = chromium "the browser tests" chromium fonts-dejavu-core fonts-noto-color-emoji

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test lint bench bench-data figures labels scale gate clean lock docs screenshot translations

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.run ## set up .venv with what running needs
	@echo "Clarion is set up in $(VENV): $(BIN)/clarion --help"

run: $(VENV)/.run models/current/manifest.json ## train a model if there is none, then serve it on http://127.0.0.1:8000, with a demonstration to review
	@exec $(BIN)/python -m service serve --database "$${CLARION_DATABASE:-clarion.db}" --demo

test: lint ## check style and types, then run every test
	@sh scripts/program.sh curl "the tests of shown commands" curl ca-certificates
	@sh scripts/program.sh $(BROWSER)
	@PATH="$$PATH:$$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)" sh scripts/program.sh postgres "the tests on PostgreSQL" postgresql
	$(BIN)/python -m pytest

lint: $(VENV)/.dev ## ruff and mypy only
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

bench: $(VENV)/.dev ## speed and memory, beside scikit-learn and fastText on the same posts; BENCH="--only scoring" is passed on
	@$(MAKE) --no-print-directory $(VENV)/.bench || echo "fastText cannot be installed here: measuring without it"
	$(BIN)/python -m tests.bench $(BENCH)

bench-data: $(VENV)/.dev ## macro-F1 beside other methods on the real posts in DIR, which nothing else uses
	@$(MAKE) --no-print-directory $(VENV)/.bench || echo "fastText cannot be installed here: measuring without it"
	$(BIN)/python -m tests.bench.data "$(or $(DIR),$(error say where the posts are: make bench-data DIR=...))"

figures: $(VENV)/.dev ## measure the shipped posts anew; BACKGROUND=FILE adds flags among ordinary posts
	$(BIN)/python -m training study --out docs/figures --document docs/data.md $(if $(BACKGROUND),--background $(BACKGROUND))

gate: $(VENV)/.run models/current/manifest.json ## hold the model against data/gate.yaml; AGAINST=DIR also against an older bundle
	$(BIN)/python -m training gate models/current $(if $(AGAINST),--against $(AGAINST))

labels: $(VENV)/.dev ## try `select` and `audit` on the shipped posts anew: docs/figures/labels.json and the tables of docs/training.md
	$(BIN)/python -m tests.bench.labels

scale: $(VENV)/.dev ## measure what training costs on 10 000 and 100 000 made-up posts; SCALE="--million" also on a million
	$(BIN)/python -m tests.bench.scale $(SCALE)

docs: $(VENV)/.dev ## put the real output of every shown command into README.md and docs/
	REFRESH_DOCS=1 $(BIN)/python -m pytest --quiet tests/test_docs.py -k 'snippets or datasheet'

screenshot: $(VENV)/.dev models/current/manifest.json ## take the pictures of README.md and docs/ from the running pages
	@sh scripts/program.sh $(BROWSER)
	$(BIN)/python -m tests.service.screenshot

translations: $(VENV)/.dev ## bring the catalogues of translations up to the pages
	$(BIN)/python -m tests.service.console.catalogues

lock: ## resolve the pinned requirements anew (needs uv)
	$(UV_COMPILE) --upgrade --extra all --group dev --output-file requirements/dev.txt
	$(UV_COMPILE) --upgrade --extra all --group build --constraints requirements/dev.txt --output-file requirements/run.txt
	$(UV_COMPILE:pyproject.toml=) --upgrade --group bench --constraints requirements/dev.txt --output-file requirements/bench.txt

clean: ## remove everything that was made, .venv and models included
	rm -rf $(VENV) clarion.db clarion.db-shm clarion.db-wal models build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is touched when its step is complete, so an interrupted step is done again and a finished one is not.
$(VENV)/.made:
	@sh scripts/venv.sh "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml
	@echo "Installing what Clarion needs into $(VENV) ..."
	@$(PIP) --require-hashes --requirement requirements/run.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@touch $@

# Apart from the rest: it has no wheels for some machines, and nothing but the bench needs it.
$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	@echo "Installing what the bench compares with into $(VENV) ..."
	@$(PIP) --require-hashes --requirement requirements/bench.txt
	@touch $@

models/current/manifest.json: | $(VENV)/.run
	$(BIN)/python -m service train --out models/current
