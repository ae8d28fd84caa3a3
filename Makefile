# Faraday's commands. Needs Python 3.11 or newer and make; everything else is installed into .venv.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; done; echo python3)
BOOTSTRAP = $(PYTHON) -E -S faraday_app/launcher/bootstrap.py
IN = .venv/bin/python

.PHONY: help run dev test lint bench screens lock install install-dev clean rotate-keys audit-verify platform-admin

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## install, start and serve everything on PORT (3000)
	@exec $(IN) -m faraday_app run

dev: install ## the same with hot reload
	@exec $(IN) -m faraday_app dev

test: install-dev ## all tests; ARGS="-k name" for some
	@exec $(IN) -m faraday_app.launcher.testing $(ARGS)

lint: install-dev ## style, types, import contracts, security, secrets
	@exec $(IN) -m faraday_app.launcher.lint

bench: install-dev ## measure against the targets
	@exec $(IN) -m benchmarks $(ARGS)

screens: install-dev ## every page in every theme and size, into screens/
	@exec $(IN) -m faraday_app.launcher.screens $(ARGS)

rotate-keys: install ## new wrapping of all data keys; ARGS=--data for new data keys too
	@exec $(IN) -m faraday_app rotate-keys $(ARGS)

audit-verify: install ## recompute the audit trail: was anything changed?
	@exec $(IN) -m faraday_app audit-verify

platform-admin: install ## who looks after the installation: ARGS=EMAIL, or ARGS="EMAIL --withdraw"
	@exec $(IN) -m faraday_app platform-admin $(ARGS)

install:
	@$(BOOTSTRAP) run

install-dev:
	@$(BOOTSTRAP) run dev

PIP_COMPILE = $(IN) -m piptools compile --quiet --no-header --annotation-style=line --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: install-dev ## pin everything below requirements*.in anew
	@$(IN) -m pip install --quiet pip-tools==7.6.2
	$(PIP_COMPILE) --upgrade --output-file requirements.txt requirements.in
	$(PIP_COMPILE) --upgrade --output-file requirements-dev.txt requirements-dev.in

clean: ## remove what was built and installed; the data in .faraday stays
	rm -rf .venv .web .build
