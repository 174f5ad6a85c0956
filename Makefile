# Everything a contributor runs. It needs git, make, a Python (3.10 or later, with venv) and the
# package index, and keeps to the checkout; only ansible-test has caches of its own, in ~/.ansible.

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
COLLECTIONS := $(CURDIR)/$(VENV)/collections
PARTS := units lint sanity contract docs integration e2e build

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONPATH := $(COLLECTIONS):$(CURDIR)/tests
export ANSIBLE_COLLECTIONS_PATH := $(COLLECTIONS)
export ANSIBLE_HOME := $(CURDIR)/$(VENV)/ansible

.PHONY: help demo simulator test $(PARTS) e2e-parts importer release faults matrix bench format

help: ## Say what there is to make
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

demo: $(READY) ## Play the demo against a simulated Copr, or against COPR_URL
	@python -m tools.demo $(ARGS)

simulator: $(READY) ## Run a simulated Copr until Ctrl+C (ARGS="--port 8080 --builder rpmbuild")
	@python -m simulator $(ARGS)

test: $(READY) ## Run all that follows, down to "build"; the unit tests beside the others
	@python -m tools.parts units -- $(filter-out units,$(PARTS))

lint: $(READY) ## Check style, types, documentation and changelog
	ruff check
	ruff format --check
	mypy
	yamllint --strict .
	ansible-lint
	antsibull-changelog lint
	HOME=$(CURDIR)/$(VENV) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all .
	nox --no-venv --sessions docs-check extra-checks
	reuse lint --quiet

sanity: $(READY) ## Run ansible-test's sanity tests (ARGS="--test import")
	python -m tools.sanity $(ARGS)

units: $(READY) ## Run the unit tests (ARGS="-k wait"), and a short part of "faults"
	pytest tests/unit tests/faults $(ARGS)

contract: $(READY) ## Hold the simulator against what is known of the real server
	pytest tests/contract $(ARGS)

docs: $(READY) ## Build the documentation site, without a network, and check its links
	@python -m tools.docs

integration: $(READY) ## Run the integration targets (ARGS="copr_project copr_build")
	@python -m tools.integration $(ARGS)

e2e: $(READY) ## Build with rpmbuild, install with dnf, from a spec to a file on a system
	@python -m tools.e2e

e2e-parts: $(READY) ## Install what "e2e" needs, as root on Debian, or say what to install
	@python -m tools.e2e --install

build: $(READY) ## Build the collection, install and verify it elsewhere, and list its modules
	@python -m tools.build

importer: $(READY) ## Have galaxy-importer check the collection, as Galaxy does
	@python -m tools.importer

release: $(READY) ## Prepare a release in the checkout (VERSION=1.2.3)
	@python -m tools.release $(VERSION)

faults: $(READY) ## Break requests by a seeded plan (ARGS="--runs 9 --seed 7": that alone), kill plays, fuzz
	python -m faults $(ARGS)
	$(if $(ARGS),,pytest tests/faults --thorough)

matrix: $(READY) ## Run "units" on each ansible-core and Python, "sanity" and "integration" on each core
	@python -m tools.matrix $(ARGS)

bench: $(READY) ## Measure speed beside others, with curl too, into docs/benchmarks.md
	@python -m benchmarks $(ARGS)

format: $(READY) ## Put the Python code into shape
	ruff check --fix
	ruff format

# The link lets Ansible, pytest and mypy see the checkout under the collection's name.
$(READY): tests/requirements.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	mkdir -p $(COLLECTIONS)/ansible_collections/fedora
	ln -s ../../../.. $(COLLECTIONS)/ansible_collections/fedora/copr
	touch $@
