# `make` alone lists the targets. Nothing is needed but make and a Python from 3.11 up.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
LOCK := requirements-dev.lock
STAMP := .venv/.installed

.PHONY: help install up down doctor test lint bench accuracy soak

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

install: $(STAMP) ## the environment in .venv; the other targets call it when it is missing or stale

$(STAMP): $(LOCK) .ci/install
	@sh .ci/install $(LOCK) $(STAMP)

up: $(STAMP) ## servers, record, web, worker and beat in the foreground; Ctrl-C stops them
	@exec $(PYTHON) manage.py up

down: $(STAMP) ## end a running `make up`, and what a crash left behind
	@$(PYTHON) manage.py down

doctor: $(STAMP) ## tell what runs, and what a crash left behind
	@$(PYTHON) manage.py doctor

test: $(STAMP) ## the test suite, with servers and a data folder of its own
	@$(PYTHON) -m pytest -n 3 --dist loadfile $(ARGS)

lint: $(STAMP) ## ruff, mypy, forgotten migrations, Django's checks for deployment
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy .
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@FAULTLINE_URL=https://faultline.example $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: $(STAMP) ## performance, as ratios to a floor of the same run
	@$(PYTHON) manage.py bench $(ARGS)

accuracy: $(STAMP) ## what the extraction finds in annotated texts, as tables
	@$(PYTHON) manage.py accuracy $(ARGS)

soak: $(STAMP) ## kills, races and random histories at length
	@REAL_ORDERS=10 REAL_SAMPLE=0 HISTORIES=5000 DATABASE_HISTORIES=200 LINKING_RACES=200 LINKING_KILLS=50 $(PYTHON) -m pytest --timeout 0 \
		tests/incidents/test_clustering.py tests/incidents/test_histories.py \
		tests/incidents/test_real_orders.py \
		tests/config/test_embedded.py tests/config/test_supervising.py $(ARGS)
	@SOAK_SECONDS=$${SOAK_SECONDS:-600} HOUR_SOURCES=1000 FAULTS_SCALE=10 $(PYTHON) -m pytest --timeout 0 -s tests/faults $(ARGS)
	@EVERY_LOOK=1 $(PYTHON) -m pytest --timeout 0 tests/browser $(ARGS)
