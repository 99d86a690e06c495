# The front door. `make bulletin` builds the sample issue; `make test` runs everything that CI runs.

.PHONY: bulletin test test-fast bench seeds mutants lock clean help

help:
	@echo "make bulletin   install what is missing, build the sample issue, print the PDF's path"
	@echo "make test       install what the tests need, run all checks and tests"
	@echo "make test-fast  the tests that take less than a minute"
	@echo "make bench      CPU time, memory and pages beside plain WeasyPrint; briefs, mail"
	@echo "make seeds      25 issues of 40 briefs of untuned text: notes, words, pages, lines counted"
	@echo "make mutants    150 changes of the code, one at a time: which does no test notice?"
	@echo "make lock       pin the dependencies anew (needs uv)"
	@echo "make clean      remove what was built and installed here"

bulletin: .venv/ready
	.venv/bin/reportgen build inputs/2019-04

test: .venv/ready-dev
	.venv/bin/ruff check src tests tools bench
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

test-fast: .venv/ready-dev
	PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest -n 2 --dist loadgroup -m "not slow"

bench: .venv/ready-dev
	.venv/bin/python bench/run.py
	.venv/bin/python bench/briefs.py
	.venv/bin/python bench/mail.py

seeds: .venv/ready-dev
	.venv/bin/python bench/seeds.py

mutants: .venv/ready-dev
	.venv/bin/python tools/mutants.py

.venv/ready: requirements.txt pyproject.toml tools/setup.sh
	sh tools/setup.sh run

.venv/ready-dev: requirements.txt requirements-dev.txt pyproject.toml tools/setup.sh
	sh tools/setup.sh test

lock:
	uv pip compile pyproject.toml --extra mail --group build --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -q -o requirements.txt
	uv pip compile pyproject.toml --extra mail --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -q -o requirements-dev.txt

clean:
	rm -rf .venv build .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
