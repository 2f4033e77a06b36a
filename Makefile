# make run    set everything up and serve the product with a demonstration plenary (PORT= HOST= DATA= TLS=self-signed DEMO=live)
# make cluster  the topology of docker-compose.yml on this machine: two nodes, PostgreSQL, Redis, TURN, a TLS front (CLUSTER="--port 18000 --listen 0.0.0.0 …")
# make test-cluster  the long form of the tests on two nodes, and every test of the store, the gateway and the scenarios on PostgreSQL
# make test   set everything up and run every check (STRICT=1: a missing prerequisite is a failure)
# make screenshots  the long form of the browser tests: every face through its whole task, in pictures (artifacts/screenshots/)
PYTHON ?= python3
V := .venv
PY := $(V)/bin/python
PIP := $(PY) -m pip install -q --disable-pip-version-check --no-input --require-hashes --only-binary :all:
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: run cluster test check lint types imports test-python test-cluster test-web screenshots client core lock wheel clean help
.DELETE_ON_ERROR:

run: $(V)/.ok-run core client
	@exec $(PY) -m server serve --demo $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)") \
	  $(if $(DATA),--data "$(DATA)") $(if $(TLS),--tls "$(TLS)") $(if $(filter live,$(DEMO)),--live)

cluster: $(V)/.ok-run core client
	@exec $(PY) -m tools.cluster $(CLUSTER)

test: prerequisites
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types imports test-web
	@$(MAKE) --no-print-directory test-python

help:
	@sed -n 's/^# //p' Makefile

# -- set-up ---------------------------------------------------------------------------------------------------------
$(V)/bin/python:
	@$(PYTHON) tools/prerequisites.py run
	@$(PYTHON) -m venv $(V)

$(V)/.ok-run: requirements/run.lock | $(V)/bin/python
	@echo "Installing what the server needs …"
	@$(PIP) -r requirements/run.lock
	@touch $@

$(V)/.ok-test: requirements/test.lock $(V)/.ok-run
	@echo "Installing what the tests need …"
	@$(PIP) --no-compile -r requirements/test.lock
	@touch $@

.PHONY: prerequisites
prerequisites: $(V)/.ok-test
	@$(PY) tools/prerequisites.py test

core: $(V)/.ok-run
	@$(PY) tools/build_core.py

client: $(V)/.ok-run
	@$(PY) tools/build_client.py

# -- checks ---------------------------------------------------------------------------------------------------------
lint: $(V)/.ok-test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(V)/.ok-test
	$(PY) -m mypy

imports: $(V)/.ok-test
	$(PY) -c 'from importlinter.cli import lint_imports_command as c; c()'

test-web: $(V)/.ok-test
	$(PY) tools/build_client.py --check
	$(PY) tools/build_client.py --test

# Tests that only wait for conditions run two at a time, the folders with long files first, so that none is left for the
# end; those that show moving pictures or lose packets need the whole machine. Bytecode is kept in the environment, not in the
# tree: the tests start many processes, and each would compile every module again.
ALONE := $(addprefix tests/,e2e/test_main_job.py sfu/test_chromium.py sfu/test_loss.py)
FIRST := $(addprefix tests/,cluster sfu gateway simulate e2e)
BESIDE := $(FIRST) $(filter-out $(FIRST) $(ALONE),$(sort $(patsubst %/,%,$(dir $(wildcard tests/*/test_*.py)))) $(wildcard tests/test_*.py))
test-python: export PYTHONDONTWRITEBYTECODE :=
test-python: export PYTHONPYCACHEPREFIX := $(CURDIR)/$(V)/bytecode
test-python: $(V)/.ok-test core client
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(BESIDE) $(addprefix --ignore=,$(ALONE))
	$(PY) -m pytest $(ALONE)

# What each of these sees it also tries by axe. `make test` runs those that take seconds.
PICTURED := $(wildcard tests/e2e/test_face_*.py tests/e2e/test_gallery.py) $(addprefix tests/e2e/test_,without_mouse.py firefox.py)
screenshots: export PYTHONDONTWRITEBYTECODE :=
screenshots: export PYTHONPYCACHEPREFIX := $(CURDIR)/$(V)/bytecode
screenshots: $(V)/.ok-test core client
	@rm -rf artifacts/screenshots
	$(PY) -m pytest -n 2 --dist loadfile -m 'not cluster' $(PICTURED)
	$(PY) -m pytest tests/e2e/test_main_job.py
	@echo "$$(ls artifacts/screenshots | wc -l) pictures in artifacts/screenshots"

# Nothing may be missing here. 2,500 seats, twenty killed nodes and minutes without a database need the whole machine.
test-cluster: export STRICT := 1
test-cluster: export PYTHONDONTWRITEBYTECODE :=
test-cluster: export PYTHONPYCACHEPREFIX := $(CURDIR)/$(V)/bytecode
test-cluster: prerequisites core client
	$(PY) -m pytest -s -m cluster --durations=30 tests
	PLENO_TEST_STORES=postgresql $(PY) -m pytest $(addprefix tests/,store gateway http nodes scenarios)

# -- maintenance ----------------------------------------------------------------------------------------------------
UV := uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock:
	$(UV) pyproject.toml -o requirements/run.lock
	$(UV) --extra test pyproject.toml -c requirements/run.lock -o requirements/test.lock
	$(PY) tools/build_client.py --lock

wheel: $(V)/.ok-test core client
	$(PY) -m hatchling build -t wheel -d dist

clean:
	rm -rf $(V) client_web/node_modules server/static signaling/sfu/_core.so dist artifacts
