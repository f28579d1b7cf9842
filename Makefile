# Every command of the project. A fresh machine needs git, make and Python 3.11; the rest installs itself.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8000

.PHONY: help demo install serve worker migrate test check translations format bench lock clean

help:            ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 12

demo: .venv/runtime  ## load a published case, collect simulated answers, analyse, export, serve on :8000 (SERVE=0: do not serve)
	@BASE_URL=$${BASE_URL:-http://localhost:$(PORT)} $(BIN)/python manage.py demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

install: .venv/runtime  ## install what running needs into .venv

serve: .venv/runtime  ## the web server on :8000
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	BASE_URL=$${BASE_URL:-http://localhost:$(PORT)} $(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --threads 8 --no-control-socket --limit-request-line 8190

worker: .venv/runtime  ## one background worker
	$(BIN)/celery -A config worker --loglevel WARNING $(if $(REDIS_URL),,--pool solo)

migrate: .venv/runtime  ## create or update the database
	$(BIN)/python manage.py migrate

test: .venv/dev  ## everything the tests need, then all tests: on SQLite, then on PostgreSQL and Redis
	$(PYTHON) tests/support/system_packages.py
	$(BIN)/pytest -n 2 --dist worksteal
	$(BIN)/python -m tests.support.production $(BIN)/pytest -n 2 --dist worksteal

check: .venv/dev  ## lint, format, types, floors, migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy accounts jobs api webhooks figures tables scoping surveys materiality config
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py translations --check
	$(BIN)/python manage.py check

translations: .venv/dev  ## bring locale/ up to date with what is marked for translation; says what to translate
	$(BIN)/python manage.py translations

format: .venv/dev  ## rewrite the code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev  ## the benchmarks, as ratios: a table and var/bench.json
	$(PYTHON) tests/support/system_packages.py
	$(BIN)/python -m tests.support.production $(BIN)/python -m benchmarks

lock: .venv/dev  ## rewrite the lock files from requirements*.in
	$(BIN)/uv pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

clean:           ## remove what was installed, keep var/
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Salient needs Python 3.11 or newer; this is %d.%d. Install it, or name it: make PYTHON=/path/to/python3.11 demo" % sys.version_info[:2])'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; \
	  else echo "Python cannot make a virtual environment. Run: sudo apt-get install python3-venv, then this again." >&2; exit 1; fi; }

.venv/runtime: requirements.txt | .venv/bin/pip
	@echo "Installing Salient into .venv (a minute on a fresh machine)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
