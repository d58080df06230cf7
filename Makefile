# Two commands: `make run` (a small city, one night, the summary) and `make test`. The rest is in between.
SHELL := /bin/sh
PYTHON ?= $(shell for python in python3.11 python3.12 python3; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && { command -v $$python; break; }; done)
BIN := .venv/bin
INSTALLED := .venv/.installed
DATA ?= data
UV ?= $(shell command -v uv || echo $(BIN)/uv)
PERSONS ?= 20000
DAYS ?= 2
SEED ?= 7
FIRST_DAY ?= 2026-03-01
MONTH ?= build/month
FUZZED := $(addprefix tests/unit/yishu/,ingest/test_every_line_is_accounted_for.py ingest/test_formats.py gate/test_regate.py \
	gate/test_corrections_and_withdrawals.py) tests/portal/test_reconcile_against_a_model.py

.PHONY: install run test check lint types unit city fuzz conformance bench bench-incremental rebuild-30 docs lock ui clean
.DEFAULT_GOAL := run

install: $(INSTALLED)

# Byte code once: with PYTHONDONTWRITEBYTECODE set, every start of a command would compile its libraries again.
$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或 3.12（可用 make PYTHON=/路径/python3.11 指定）" >&2; exit 2; }
	@echo "▸ 建立虚拟环境 .venv（$(PYTHON)）"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "▸ 按 requirements.lock 安装依赖（约需一两分钟）"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "▸ 编译字节码"
	@$(BIN)/python -m compileall -q -j 2 .venv/lib >/dev/null 2>&1 || true
	@$(BIN)/python -m compileall -q expectations yishu portal orchestration
	@touch $@

# The sample is delivered once: delivering day 1 again after day 2 would be a new, older delivery.
run: install
	@umask 077; test -e $(DATA)/truth/defects.parquet || $(BIN)/yishu sample --persons $(PERSONS) --days $(DAYS) --seed $(SEED) --first-day $(FIRST_DAY) --data $(DATA)
	@umask 077; $(BIN)/yishu night --date $(FIRST_DAY) --data $(DATA)

ui: install
	@$(BIN)/yishu ui --data $(DATA)

test: check unit

check: lint types
	@$(BIN)/yishu catalogue check

lint: install
	@$(BIN)/ruff check .

types: install
	@$(BIN)/mypy

unit: install
	@$(BIN)/pytest -n 2 --dist loadfile -m "not city"

# Nights of whole cities through the real command, and the desk in a real browser: minutes each, so not part of `make test`.
city: install
	@$(BIN)/pytest -n 2 --dist loadfile -m city

# The properties of reading over thousands of damaged files, those of a lake over hundreds; minutes, so not part of `make test`.
fuzz: install
	@$(BIN)/pytest -n 2 $(FUZZED) --hypothesis-profile=fuzz

# Our engine against Great Expectations' pandas engine over many more frames than `make test` takes.
conformance: install
	@$(BIN)/pytest -n 2 tests/unit/expectations/conformance --hypothesis-profile=conformance

# Four engines over a million and ten million rows; an hour on slow machines, so not part of `make test`.
bench: install
	@$(BIN)/python -m bench.gate

# What a night touches, three ways over a million keys; half an hour and more, so not part of `make test`.
bench-incremental: install
	@$(BIN)/python -m bench.incremental

# Thirty nights of a small city with what people decide in between, made again and compared; an hour, so not part of `make test`.
rebuild-30: install
	@$(BIN)/python -m bench.rebuild $(MONTH)

docs: install
	@$(BIN)/yishu catalogue export --dictionary docs/data-dictionary --rules docs/rules.md

lock:
	@$(UV) pip compile --quiet --extra dev --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build
