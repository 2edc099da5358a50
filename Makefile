# `make run` and `make test` are all a newcomer needs. Everything is installed into .venv, nothing outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?=

export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format pins clean

run: $(VENV)/core.done
	@$(BIN)/python app.py $(if $(DATA),--data $(DATA))

test: $(VENV)/dev.done
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py

format: $(VENV)/dev.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Vouch needs Python 3.11 or newer; name one with 'make PYTHON=python3.12 run'."; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 2; }

$(VENV)/core.done: requirements/core.txt | $(VENV)/bin/python
	@echo "Installing the requirements (about 2 minutes, once) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/core.txt
	@touch $@

$(VENV)/dev.done: requirements/dev.txt $(VENV)/core.done
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# Pins every requirement with its hashes, for all platforms; needs network.
pins: | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet uv
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes core.in -o core.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes dev.in -o dev.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes media.in -o media.txt

clean:
	rm -rf $(VENV) data models .pytest_cache .mypy_cache .ruff_cache
