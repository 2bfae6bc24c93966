# `make` alone explains itself.
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
NODE := $(VENV)/.node-found
LOAD := .venv-load/.installed
export PORT ?= 8000
# How much of the city `make bench` measures: city, tenth, hundredth, or a fraction.
export SIZE ?= city

help:  ## this list
	@echo "Gongyu (共育). Commands:"; grep -hE '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*  ## (.*)/  make \1\t\2/' | expand -t 18
	@echo "Variables: PORT, GONGYU_DATA (where data lives), GONGYU_DATABASE_URL (sqlite or postgresql), SIZE, TRIALS, RATE, DURATION."

run: $(RUN) front  ## install everything, fill the demo city, serve it
	@GONGYU_DEMO=1 $(BIN)/gongyu demo --if-empty
	@GONGYU_DEMO=1 $(BIN)/gongyu serve --port $(PORT)

test: $(DEV) front  ## every test, on SQLite and on PostgreSQL, with browser journeys
	@$(BIN)/python tools/run_tests.py $(ARGS)

check: $(DEV) front  ## the rules of the house, held by machine
	@$(BIN)/python tools/check.py

bench: $(DEV)  ## speed, side by side in one run; all run, then over at full size fails (SIZE=0.01: checksums only)
	@failed=; for bench in tools/bench_*.py; do echo "== $$bench"; \
		$(BIN)/python $$bench $(ARGS) || failed="$$failed $$bench"; done; \
		test -z "$$failed" || { echo "Failed:$$failed"; exit 1; }

crash: $(DEV) front  ## kill -9 at TRIALS random points (200), on SQLite and on PostgreSQL
	@$(BIN)/python tools/crash.py $(ARGS)
	@$(BIN)/python tools/postgres.py $(BIN)/python tools/crash.py $(ARGS)

load: $(DEV) $(LOAD) front  ## RATE requests a second (200) for DURATION seconds (600), on PostgreSQL
	@$(BIN)/python tools/load.py $(ARGS)

docs: $(DEV)  ## draw the state tables into docs/states
	@$(BIN)/python tools/draw_states.py

wheel: $(RUN) front  ## build the installable package into dist
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@ls dist/*.whl

lock: $(DEV)  ## pin every dependency anew, with hashes and without addresses
	@$(BIN)/python tools/lock.py

clean:  ## remove what was built (data stays)
	rm -rf $(VENV) .venv-load node_modules gongyu/ground/design/static/vendor dist build

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUN): $(VENV)/bin/python requirements/run.txt pyproject.toml
	@echo "Installing Gongyu …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(DEV): $(RUN) requirements/dev.txt
	@echo "Installing what tests and checks need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Node builds the front-end files; where the machine has none, a wheel brings it.
$(NODE): $(RUN) requirements/node.txt
	@command -v npm >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt
	@touch $@

# Locust has a web framework of its own, so it lives apart.
$(LOAD): $(VENV)/bin/python requirements/load.txt
	@$(PYTHON) -m venv .venv-load
	@.venv-load/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/load.txt
	@touch $@

front: $(NODE)
	@$(BIN)/python -m gongyu.ground.design.front_end

.PHONY: front help run test check bench crash load docs wheel lock clean
