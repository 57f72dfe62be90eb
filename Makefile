# Each target makes what it needs, in .venv, on a machine with Python 3.11 or newer.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo demo-check test matrix bench clean

VENV := .venv
# Run inside the environment: some tools look for it in PATH.
ENTER := . $(VENV)/bin/activate &&

define FIND_PYTHON
for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3 python; do \
  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
    2>/dev/null; then found="$$python"; break; fi; \
done; \
if [ -z "$$found" ]; then \
  echo 'No Python 3.11 or newer with venv was found (looked for python3.14 to python3).' >&2; \
  echo 'Install one, or say which: make PYTHON=/path/to/python3.12 ...' >&2; \
  exit 1; \
fi
endef

help:
	@echo 'make demo         a Flask app and a provider to try in a browser'
	@echo 'make demo-check   the same, tried out by itself'
	@echo 'make test         every check: lint, types, tests, the demo'
	@echo 'make matrix       the tests with every Python, and the oldest versions of everything; the docs'
	@echo 'make bench        what things cost, beside the peers, as ratios'
	@echo 'make clean        delete the environment and everything generated'

$(VENV)/.made:
	@found=; $(FIND_PYTHON); echo "Making $(VENV) with $$found"; \
	"$$found" -m venv --clear $(VENV)
	@# --group needs pip 25.1
	@$(ENTER) python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.demo: $(VENV)/.made pyproject.toml
	@echo 'Installing what the demo needs'
	@$(ENTER) python -m pip install --quiet --disable-pip-version-check -e . --group demo
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml
	@echo 'Installing what the tests need'
	@$(ENTER) python -m pip install --quiet --disable-pip-version-check -e . --group test
	@touch $@ $(VENV)/.demo

$(VENV)/.matrix: $(VENV)/.made pyproject.toml
	@echo 'Installing what runs the matrix'
	@$(ENTER) python -m pip install --quiet --disable-pip-version-check --group matrix
	@touch $@

$(VENV)/.bench: $(VENV)/.made pyproject.toml
	@echo 'Installing what the benchmarks need'
	@$(ENTER) python -m pip install --quiet --disable-pip-version-check -e . --group bench
	@touch $@

demo: $(VENV)/.demo
	@$(ENTER) python -m examples.demo

demo-check: $(VENV)/.demo
	@$(ENTER) python -m examples.demo --check

test: $(VENV)/.test
	@$(ENTER) step() { \
	  echo; echo "== $$*"; \
	  "$$@" || { status=$$?; echo; echo "FAILED: $$*"; exit $$status; }; \
	}; \
	step ruff check . ; \
	step ruff format --check . ; \
	step mypy ; \
	step pyright ; \
	step pyright --verifytypes typedoauth --ignoreexternal ; \
	step python -m tests.check_stubs ; \
	step coverage run -m pytest ; \
	step coverage report ; \
	step python -m examples.demo --check ; \
	echo; echo 'make test: everything passed'

# pyenv shows the Pythons that its settings name; here, all that it has are wanted.
matrix: $(VENV)/.matrix
	@$(ENTER) if command -v pyenv >/dev/null; then \
	  export PYENV_VERSION="$$(pyenv versions --bare | grep -E '^3\.[0-9]+\.[0-9]+$$' | paste -s -d : -)"; \
	fi; \
	nox

bench: $(VENV)/.bench
	@$(ENTER) python -m benchmarks

clean:
	rm -rf $(VENV) .demo .nox .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
