# coroplay: `make` alone tells what there is. GNU make 3.81, the one on macOS, is enough.

SHELL = /bin/sh

# The Python that .venv is made with (`make clean` before changing it).
PYTHON = python3
# Those that `make test-all`, `make bench-all` and `make wheels` look for: on the PATH, in pyenv,
# and as bin/python3.X in each of these folders. `.ci/pythons` fills the first on Debian.
VERSIONS = 3.11 3.12 3.13 3.14 3.15
PYTHONS ?= $(HOME)/.pythons
# `make test-all` runs every test on the oldest and the newest. On those between it runs what
# depends on the version: the folders whose tests start programs with the probe's hooks in them.
FULL = $(firstword $(VERSIONS)) $(lastword $(VERSIONS))
HOOKED = tests/golden tests/peer_suites tests/probe tests/unit
# Those of VERSIONS that need no test, because they have just had theirs.
SKIP =
# How many tests run at a time; they mostly wait.
WORKERS = -n 4
# How long `make fuzz` and `make truth` go on.
SECONDS = 60
# Passed on to coroplay by `make run`, to pytest by `make test` and `make test-all`, and so on.
ARGS =
# Where `make peer-suites`, `make truth`, `make bench` and `make wheel-test` find their Python; .venv-3.13 is
# made with Python 3.13.
VENV = .venv

# A folder's stamp is younger than these while what is installed there is up to date.
INPUTS = pyproject.toml setup.py constraints.txt $(wildcard coroplay/probe/native/*)

.PHONY: help run test test-all check fix fuzz truth kill-test bench bench-all peer-suites wheel-test wheels clean

help:
	@echo "make run          sets everything up and opens coroplay"
	@echo "  ARGS=\"run 1\"    passes arguments to it"
	@echo "make test         runs the tests with $(PYTHON) (ARGS are passed to pytest)"
	@echo "make test-all     the same with each of Python $(VERSIONS) that is found here"
	@echo "  FULL=\"$(FULL)\"  runs every test on these, on others what depends on the version"
	@echo "make check        lint, format, types, who imports whom"
	@echo "make fix          puts right what lint and format can put right by themselves"
	@echo "make bench        measures how fast it is, against something run beside it"
	@echo "make bench-all    the same with each Python"
	@echo "make peer-suites  runs greenlet's and gevent's own tests, plainly and watched (an hour)"
	@echo "  ARGS=\"greenlet gc\"  only those of a suite whose names hold a word"
	@echo "make fuzz         looks for damaged recordings that hurt, SECONDS=$(SECONDS) long (Python 3.11)"
	@echo "make truth        looks for programs of which a recording says something false, SECONDS=$(SECONDS) long"
	@echo "  VENV=.venv-3.13  with that Python"
	@echo "make kill-test    kills 200 programs at each level and looks at their recordings"
	@echo "make wheel-test   builds the wheel and tries it outside this folder"
	@echo "make wheels       the same with each Python; the wheels are left in dist"
	@echo "make clean        removes all that the others have made"

run: .venv/.ready-to-run
	@.venv/bin/coroplay $(ARGS)

test: .venv/.ready-to-test
	.venv/bin/python -m pytest $(WORKERS) $(ARGS)

check: .venv/.ready-to-test
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/mypy --python-version $(lastword $(VERSIONS))
	.venv/bin/lint-imports

fix: .venv/.ready-to-test
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

fuzz: .venv/.ready-to-test
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable '.[fuzz]'
	.venv/bin/python -m tests.fuzz $(SECONDS)

truth: $(VENV)/.ready-to-test
	$(VENV)/bin/python -m tests.truth $(SECONDS) $(ARGS)

kill-test: .venv/.ready-to-test
	KILLS=200 .venv/bin/python -m pytest --timeout 600 tests/probe/test_killed.py

bench: $(VENV)/.ready-to-bench
	@missed=; for part in starting switches lines seeking serving pausing speed; do \
	  $(VENV)/bin/python -m tests.benchmarks.$$part || missed="$$missed $$part"; \
	done; test -z "$$missed" || { echo "== Goals missed:$$missed" >&2; exit 1; }

peer-suites: $(VENV)/.ready-to-test
	$(VENV)/bin/python -m tests.peer_suites $(ARGS)

wheel-test: $(VENV)/.ready-to-test
	$(VENV)/bin/python -m pytest -m packaging tests/packaging $(ARGS)

clean:
	rm -rf .venv .venv-* build dist coroplay.egg-info
	rm -f coroplay/probe/native/_accelerator*.so
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- virtual environments

# Stops with a sentence where coroplay can't work: $(call require,PYTHON)
define require
@case "$$(uname -s)" in Linux|Darwin) ;; *) \
  echo "coroplay runs on Linux and macOS; this is $$(uname -s)." >&2; exit 1;; esac
@"$(1)" -c '' 2>/dev/null || { \
  echo "coroplay needs Python 3.11 or newer, and there is no working '$(1)' here." >&2; \
  echo "If it goes by another name: make PYTHON=its-name ..." >&2; exit 1; }
@"$(1)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "coroplay needs Python 3.11 or newer; '$(1)' is $$("$(1)" --version 2>&1)." >&2; \
  echo "If there is a newer one: make PYTHON=its-name ..." >&2; exit 1; }
@"$(1)" -c 'import ensurepip, venv' 2>/dev/null || { \
  echo "This Python lacks the modules venv and ensurepip, which set up coroplay's own folder." >&2; \
  echo "On Debian and Ubuntu they come with: apt install python3-venv" >&2; exit 1; }
endef

# Installs the checkout into a virtual environment: $(call install,FOLDER,PYTHON,WHAT,MESSAGE).
# An environment that is there and works is kept, which is quicker. Both variables are needed so that
# constraints.txt holds for build environments too: an older pip knows only one, a newer splits them.
define install
@echo "$(4)"
@"$(1)/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
  "$(2)" -m venv --clear "$(1)"
@PIP_CONSTRAINT="$(CURDIR)/constraints.txt" PIP_BUILD_CONSTRAINT="$(CURDIR)/constraints.txt" \
  "$(1)/bin/python" -m pip install --quiet --disable-pip-version-check --editable '$(3)'
@touch $@
endef

.venv/.ready-to-run: $(INPUTS)
	$(call require,$(PYTHON))
	$(call install,.venv,$(PYTHON),.,Setting up .venv: less than a minute the first time.)

.venv/.ready-to-test: .venv/.ready-to-run
	$(call install,.venv,$(PYTHON),.[dev],Adding to .venv what the tests need.)

.venv/.ready-to-bench: .venv/.ready-to-test
	$(call install,.venv,$(PYTHON),.[bench],Adding to .venv what is measured beside coroplay.)

.venv-%/.ready-to-test: $(INPUTS)
	$(call require,$(python_of_venv))
	$(call install,.venv-$*,$(python_of_venv),.[dev],Setting up .venv-$*: less than a minute the first time.)

.venv-%/.ready-to-bench: .venv-%/.ready-to-test
	$(call install,.venv-$*,$(python_of_venv),.[bench],Adding to .venv-$* what is measured beside coroplay.)

# Kept although nobody names them: what they stand for is installed.
.PRECIOUS: .venv-%/.ready-to-test .venv-%/.ready-to-bench

# ---------------------------------------------------------------- every version

# `find_python 3.12` prints the path of a Python 3.12. Being on PATH is not enough: it may be one of
# pyenv's shims, which fail for a version that is not switched on. So pyenv's versions are looked
# through as well, where PYENV_ROOT says, where the shim stands, and in the usual place.
find_python = find_python() { \
  shim=$$(command -v "python$$1" || true); \
  for python in "$$shim" "$${PYENV_ROOT:-$$HOME/.pyenv}/versions/$$1".*/bin/python \
      "$${shim%/shims/*}/versions/$$1".*/bin/python $(PYTHONS:%="%/bin/python$$1"); do \
    if "$$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])' \
        "$$1" 2>/dev/null; then echo "$$python"; return 0; fi; \
  done; \
  return 1; \
}

# In the rules of .venv-%: the Python that it is made with.
python_of_venv = $(or $(shell $(find_python); find_python $*),python$*)

# Does something with each version that is found: $(call with_each,VERSIONS,WHAT,COMMAND), where
# COMMAND may ask for $$version.
define with_each
@$(find_python); passed=; failed=; missing=; \
for version in $(1); do \
  if python=$$(find_python $$version); then \
    echo "== Python $$version: $$python"; \
    if $(3); then passed="$$passed $$version"; else failed="$$failed $$version"; fi; \
  else missing="$$missing $$version"; fi; \
done; \
if [ -n "$$passed" ]; then echo "== $(2) passed: Python$$passed"; fi; \
if [ -n "$$missing" ]; then echo "== Not found here, so left out: Python$$missing"; fi; \
if [ -n "$$failed" ]; then echo "== $(2) FAILED: Python$$failed" >&2; exit 1; fi; \
if [ -z "$$passed$(SKIP)" ]; then echo "== No Python found" >&2; exit 1; fi
endef

# With ARGS it is they that choose the tests, for all versions alike.
test-all:
	$(call with_each,$(filter-out $(SKIP),$(VERSIONS)),Tests,\
	  tests="$(if $(ARGS),,$(HOOKED))" && \
	  case " $(FULL) " in (*" $$version "*) tests= ;; esac && \
	  $(MAKE) --no-print-directory ".venv-$$version/.ready-to-test" && \
	  ".venv-$$version/bin/python" -m pytest $(WORKERS) $$tests $(ARGS))

bench-all:
	$(call with_each,$(VERSIONS),Goals,\
	  $(MAKE) --no-print-directory bench VENV=".venv-$$version")

wheels:
	$(call with_each,$(VERSIONS),Wheels,\
	  $(MAKE) --no-print-directory wheel-test VENV=".venv-$$version" ARGS="--keep dist $(ARGS)")
