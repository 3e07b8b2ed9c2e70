# `make` lists the targets. Everything runs from .venv, which `make setup` fills from requirements.lock.
#
#   make workbook                   set up, run the self-check, open JupyterLab
#   make workbook PYTHON=python3.13 with an interpreter of your choice
#   make test TESTERS=1             one test after the other

SHELL := /bin/sh
PYTHON ?=
TESTERS ?= 2
VENV := .venv
IN := $(VENV)/bin

.PHONY: help setup workbook check test grade clean

help:
	@echo "make workbook   set up, run the self-check, open JupyterLab at the workbook"
	@if [ -f nbgrader_config.py ]; then \
	echo "make grade      grade every submission, write feedback, show the scores"; \
	echo "make check      ruff, mypy, import-linter and the unit tests, in less than a minute"; \
	echo "make test       run every test that this machine can run"; fi
	@echo "make setup      set up .venv only"
	@echo "make clean      remove .venv and what tools left behind"

setup:
	@PYTHON="$(PYTHON)" sh tools/setup.sh

workbook: setup
	@"$(IN)/workbook" selfcheck
	@"$(IN)/workbook" lab

check: setup
	@if [ ! -d tests ]; then echo "The tests aren't in this copy of the workbook; the course's repository has them."; \
	else "$(IN)/python" -P tools/check.py; fi

# Hundreds of processes are started: each would compile the workbook again.
test: setup
	@if [ ! -d tests ]; then echo "The tests aren't in this copy of the workbook; the course's repository has them."; \
	else unset PYTHONDONTWRITEBYTECODE; "$(IN)/python" -m pytest --numprocesses=$(TESTERS) --dist=loadscope --no-loadscope-reorder; fi

grade: setup
	@"$(IN)/workbook" grade

clean:
	rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
