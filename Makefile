# Everything from a fresh clone, with Python 3.11 or later, git and make:  make demo · make test · make check

.PHONY: demo test test-servers check lint bench storm proof lock clean

BIN := .venv/bin
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadgroup

demo: .venv/ready ## A sample newspaper, Standfirst, and four channels on this machine
	@$(BIN)/standfirst demo $(ARGS)

test: .venv/ready-dev ## All tests, with private servers
	@$(PYTEST) $(or $(ARGS),tests)

test-servers: .venv/ready-dev ## The channels against real servers; SERVERS=FILE names those that run already
	@STANDFIRST_SERVERS="$(SERVERS)" $(BIN)/python -m pytest -o python_files='on_*.py' tests/servers_real $(ARGS)

check: lint ## What must hold before a change is taken: style, types, imports, all tests
	@$(PYTEST) $(or $(ARGS),tests)

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready-dev ## How fast each step is
	@$(BIN)/python -m tests.bench $(ARGS)

storm: .venv/ready-dev ## A newsroom's worst day: many feeds, slow platforms, workers that die
	@$(BIN)/python -m tests.storm $(ARGS)

proof: .venv/ready-dev ## Every promise proved anew, and the figures written on the page (STORM=3600 for a storm, too)
	@$(BIN)/python -m tests.proof $(if $(STORM),--storm $(STORM)) $(ARGS)

# The environment: exactly the locked versions, each file checked by its hash, then this tree itself without the network.

.venv/bin/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -m venv .venv && exit 0; \
	    rm -rf .venv; echo "$$python cannot make an environment: install its venv package (Debian: python3-venv)" >&2; exit 1; \
	  fi; \
	done; echo "Python 3.11 or later is needed, and none was found" >&2; exit 1

PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.venv/ready: requirements.lock pyproject.toml | .venv/bin/python
	@echo "installing what is locked in requirements.lock into .venv …"
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: requirements-dev.lock .venv/ready
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# Both locks hold for every platform and every Python from 3.11 on. They name versions and hashes, nothing else.
# hatchling and editables build this tree itself, so that even that needs nothing that is not locked.

COMPILE = .venv/lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header \
  --no-annotate --no-emit-index-url --no-emit-find-links $(LOCK_ARGS) pyproject.toml -

lock: .venv/bin/python ## Find the newest versions again (LOCK_ARGS="--upgrade-package NAME" for one)
	@test -x .venv/lock/bin/uv || { $(BIN)/python -m venv .venv/lock && .venv/lock/bin/pip install --quiet --disable-pip-version-check uv; }
	@printf 'hatchling>=1.27\neditables\n' | env -u PIP_FIND_LINKS $(COMPILE) -o requirements.lock
	@printf 'hatchling>=1.27\neditables\n' | env -u PIP_FIND_LINKS $(COMPILE) --all-extras -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv build dist demo .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
