# Thin on purpose: each target makes sure that refctl is installed, then calls it.

UV_VERSION := 0.13.9
ARGS ?=

# The first interpreter that starts and is 3.11 or newer.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

READY := .venv/.refctl-ready

# Ctrl-C reaches make, the shell and Python at once. It ends make; the others need not say so too:
# the shell leaves without a failure to report, and Python without a traceback. The moment is for
# make, which trips over a shell that ends while it takes the signal in.
CALMLY := trap 'sleep 0.1; exit 0' INT;
MODULE := -c 'import runpy, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); del sys.argv[0]; \
	runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)'

# A checkout that was moved, or whose Python is gone, has an environment that does not start.
ifeq ($(shell .venv/bin/refctl --version >/dev/null 2>&1 && echo yes),)
.PHONY: $(READY)
endif

.PHONY: install dev test help clean
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY) ## Install refctl into .venv

dev: $(READY) ## Run the application with hot reload (ARGS="--open")
	@$(CALMLY) .venv/bin/refctl dev $(ARGS) || test $$? -eq 130 # Ctrl-C is how it ends

test: $(READY) ## Run every suite (ARGS="backend -k auth")
	@$(CALMLY) .venv/bin/refctl test $(ARGS)

clean: ## Remove what was installed, keeping .env and the database
	rm -rf .venv .refctl app/backend/.venv app/frontend/node_modules app/frontend/.next

# Each guard asks whether the thing works, not whether its file exists: an interrupted run leaves
# files behind. The caller's own variables must not send the installation elsewhere.
$(READY): pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "refctl needs Python 3.11 or newer on PATH: https://www.python.org/downloads/" >&2; exit 4; }
	@echo "Installing refctl into .venv" >&2
	@$(CALMLY) .venv/bin/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $(PYTHON) $(MODULE) venv .venv; } || { rm -rf .venv; \
		echo "Python's venv module is incomplete here; on Debian or Ubuntu: apt install python3-venv" >&2; exit 4; }
	@$(CALMLY) .venv/bin/python -m uv --version >/dev/null 2>&1 || \
		.venv/bin/python $(MODULE) pip install --quiet --disable-pip-version-check --force-reinstall "uv==$(UV_VERSION)" || { \
		echo "pip could not install uv: check the network, then run the same command again" >&2; exit 4; }
	@$(CALMLY) env -u VIRTUAL_ENV -u UV_PROJECT -u PYTHONPATH UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never \
		.venv/bin/uv sync --quiet --frozen --inexact --reinstall-package refctl --python .venv/bin/python
	@touch $@
