# SPDX-License-Identifier: GPL-3.0-or-later
# Everything a person runs here. What is more than a line is a script in tests/tools/.

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

TOOLS := tests/tools
PYTHON := $(shell $(TOOLS)/find_python.sh)
ifeq ($(PYTHON),)
$(error nothing can be done without it)
endif
BIN := $(CURDIR)/.venv/bin
PARTS = $(PYTHON) $(TOOLS)/parts.py
THIS := .cache/ansible_collections/slipway/docker
SCENARIOS := $(notdir $(patsubst %/molecule.yml,%,$(wildcard molecule/*/molecule.yml)))

# One test host: make host NAME=h2 SUITE=trixie INIT=openrc
NAME ?= h1
SUITE ?= bookworm
INIT ?= systemd
ACTION ?= test

export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
export MOLECULE_COMMAND_BORDERS := 0
export MOLECULE_GLOB := molecule/*/molecule.yml
export PATH := $(BIN):$(PATH)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

# --- Set-up: every target below asks for what it needs; nothing is done twice.

.PHONY: setup
setup: ansible .venv/tools ## install all tools into .venv and .cache
	@:

.PHONY: ansible
ansible: .venv/ansible .cache/collections $(THIS)

.venv/ansible: requirements/ansible.txt
	@$(PYTHON) $(TOOLS)/install_pins.py .venv $<
	@touch $@

.venv/tools: requirements/tools.txt .venv/ansible
	@$(PYTHON) $(TOOLS)/install_pins.py .venv $<
	@touch $@

.cache/collections: requirements/collections.txt .venv/ansible
	@$(BIN)/python $(TOOLS)/fetch_collections.py $< $@
	@touch $@

$(THIS):
	@mkdir -p $(@D)
	@ln -s ../../.. $@

.PHONY: shellcheck
shellcheck:
	@$(TOOLS)/system_packages.sh shellcheck

.PHONY: pins
pins: ## rewrite requirements/*.txt with today's releases
	@$(TOOLS)/compile_pins.sh $(PYTHON)

# --- Tests

.PHONY: test
test: setup shellcheck ## everything, as CI runs it; leaves no test host of its own behind
	@exec $(PARTS) --finally "$(TOOLS)/tidy.sh $(PYTHON)" \
	    $(foreach part,unit lint build sanity,"$(part)=$(MAKE) $(part)") "faults=$(MAKE) faults" \
	    $(foreach scenario,$(SCENARIOS),"molecule/$(scenario)=$(MAKE) molecule SCENARIO=$(scenario)")

.PHONY: unit
unit: setup ## unit tests, in seconds; ARGS="-k name" goes to pytest
	@PYTHONPATH=.cache:.cache/collections:tests $(BIN)/python -m pytest -o cache_dir=.cache/pytest $(ARGS)

.PHONY: lint
lint: setup ## style, types, ansible-lint, changelog, module documentation
	@exec $(PARTS) --logs .cache/logs/lint \
	    "ruff=ruff check --output-format concise && ruff format --check" \
	    "mypy=mypy $(THIS)/plugins molecule tests" \
	    "ansible-lint=ansible-lint --offline --strict" \
	    "changelog=antsibull-changelog lint" \
	    "docs=antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all ."

.PHONY: format
format: setup ## let ruff put Python files in order
	@ruff check --fix && ruff format

.PHONY: sanity
sanity: setup shellcheck ## ansible-test sanity; import and compile on every Python 3.9 to 3.13 there is
	@$(BIN)/python $(TOOLS)/sanity.py

.PHONY: build
build: setup ## build the collection and install it from the archive
	@$(BIN)/python $(TOOLS)/build.py

.PHONY: molecule
molecule: setup ## one SCENARIO=name (ACTION=converge, verify, destroy: only that), or all two at a time
ifdef SCENARIO
	@$(BIN)/molecule $(ACTION) -s $(SCENARIO)
else
	@exec $(PARTS) $(foreach scenario,$(SCENARIOS),"molecule/$(scenario)=$(MAKE) molecule SCENARIO=$(scenario)")
endif

.PHONY: bench
bench: setup ## time converges against a ping, rules by their number, base images beside those by hand
	@$(BIN)/python tests/bench

.PHONY: faults
faults: setup ## meet kills, full disks and daemons that die on a real host; lose nothing
	@$(BIN)/python tests/faults $(SUITE)

# --- Test hosts

.PHONY: demo
demo: ansible ## a throw-away Docker host, provisioned and explained
	@$(BIN)/python tests/demo

.PHONY: host
host: ansible ## start one more test host: NAME=h1 SUITE=bookworm INIT=systemd
	@$(PYTHON) tests/sandbox up --name $(NAME) --suite $(SUITE) --init $(INIT)

.PHONY: hosts
hosts: ## list the test hosts
	@$(PYTHON) tests/sandbox list

.PHONY: clean
clean: ## remove all test hosts and what was built
	@$(PYTHON) tests/sandbox clean
	@rm -rf build tests/output .cache/logs .cache/sanity .cache/molecule

.PHONY: distclean
distclean: clean ## remove .venv and all caches too
	@rm -rf .venv .cache .ansible .hypothesis
