# SPDX-License-Identifier: Apache-2.0
# Each target works as the very first command on a Debian or Ubuntu machine with Swift 6.3 or later.

SWIFT ?= swift
export PREFIX ?= /usr/local
# The highest level is the one that `test` runs at.
LOWER_LEVELS := $(shell Scripts/instruction-sets.sh | head -n -1)

.PHONY: help run example test bench bench-peers bench-logs docs check check-rest fuzz sanitize compare-debug lint openblas \
	install uninstall wheel bench-bindings check-engines

help:
	@echo "make run     the loss of a real classifier on real data, and how fast this machine is"
	@echo "make example trains a logistic regression on real data, beside scikit-learn"
	@echo "make test    the tests"
	@echo "make bench   every implementation timed; JSON=file FILTER=regex SIZES=a,b THREADS=n PLOT=1; MATRICES=1: batches"
	@echo "make bench-peers   C, MKL, PyTorch, JAX and others beside the library; SIZES= OPERATIONS= THREADS= ROUNDS="
	@echo "make bench-logs    bce on a log of 50 million predictions beside DuckDB, polars and NumPy; ROWS= ROUNDS="
	@echo "make install   bce, and the libraries for C with headers, pkg-config and CMake files, below PREFIX=/usr/local; make uninstall"
	@echo "make wheel     the Python package, in .build-c/wheel"
	@echo "make bench-bindings   calls from C, and from Python beside PyTorch, JAX, NumPy and scikit-learn, and objectives in XGBoost; ROWS="
	@echo "make check-engines   the programs for Dask, Spark and MPI in Examples/Engines; needs Java and 450 MB of packages"
	@echo "make docs    the documentation as a static site in .build/docs"
	@echo "make fuzz    random calls and files for SECONDS=60 each, from SEED=1; fails on any finding"
	@echo "make sanitize   the tests under the Address and the Thread Sanitizer; takes half an hour"
	@echo "make compare-debug   how much slower kernels are in a debug build"
	@echo "make check   what CI runs: format, warnings, tests at every level, disassembly, fuzzing, a dependent package"
	@echo
	@echo "Targets that need packages say which, where and how before they install them; with NO_INSTALL=1 they stop there."

openblas:
	@Scripts/install-openblas.sh

run: openblas
	@Scripts/run.sh

example: openblas
	$(SWIFT) run -c release --package-path Examples/LogisticRegression --scratch-path .build-example

test: openblas
	$(SWIFT) build --build-tests
	$(SWIFT) test

BENCH_JSON = $(or $(JSON),$(if $(PLOT),Benchmarks/results/bench.json))
PLOT_VENV := .build/plot-venv

bench: openblas $(if $(PLOT),$(PLOT_VENV)/requirements.txt)
	$(if $(PLOT),@mkdir -p Benchmarks/results)
	$(SWIFT) run -c release bce-bench $(if $(BENCH_JSON),--json '$(BENCH_JSON)') \
		$(if $(FILTER),--filter '$(FILTER)') $(if $(SIZES),--sizes '$(SIZES)') \
		$(if $(THREADS),--threads '$(THREADS)') $(if $(MATRICES),--matrices)
	$(if $(PLOT),$(PLOT_VENV)/bin/python Scripts/plot-benchmarks.py '$(BENCH_JSON)' Benchmarks/results/bench.svg)

$(PLOT_VENV)/requirements.txt: Scripts/plots/requirements.txt
	. Scripts/installing.sh && python_environment $(PLOT_VENV) $<

# Variables given to make reach the script through the environment.
bench-peers: openblas
	Scripts/bench-peers.sh

bench-logs:
	Scripts/bench-logs.sh

install:
	Scripts/build-tool.sh
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 .build-tool/bin/* "$(DESTDIR)$(PREFIX)/bin"
	Scripts/build-c-library.sh
	Scripts/install-c-library.sh
	if pkg-config --exists openblas; then Scripts/build-c-library.sh blas && Scripts/install-c-library.sh blas; fi

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/bce" "$(DESTDIR)$(PREFIX)/bin/bce-pairwise"
	Scripts/install-c-library.sh uninstall

wheel:
	Scripts/build-wheel.sh

bench-bindings:
	Scripts/bench-bindings.sh

# This is not part of `check` because of the size of its downloads.
check-engines:
	Examples/Engines/check.sh

docs:
	Scripts/build-docs.sh

check: test check-rest

# All of `check` except the tests in debug, which `test` has run.
check-rest: openblas lint
	Scripts/check-disassembly.sh .build/debug
	for level in $(LOWER_LEVELS); do \
		echo "tests at level $$level"; \
		CROSS_ENTROPY_ISA=$$level $(SWIFT) test --skip-build --parallel --disable-swift-testing \
			--filter 'CrossEntropyTests|CrossEntropyBLASTests|AllocationTests|stackOf64KiB' || exit 1; \
	done
	Scripts/test-release.sh
	SCRATCH_PATH=.build-strict CASES=300000 $(MAKE) fuzz
	Scripts/check-dependent.sh
	Scripts/check-documentation.sh
	Scripts/check-c-library.sh
	Scripts/check-c-blas-library.sh
	Scripts/check-python.sh
	$(MAKE) example

fuzz: openblas
	SECONDS_EACH='$(or $(SECONDS),60)' SEED='$(or $(SEED),1)' Scripts/fuzz.sh

# Not in `check`: everything is built twice more, and tests run at a tenth of their speed. Leaks are not looked for: XCTest
# leaks its test cases, and with them all that they hold; `make fuzz` looks for them.
sanitize: openblas
	CROSS_ENTROPY_SANITIZE=1 ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize address --scratch-path .build-asan
	CROSS_ENTROPY_SANITIZE=1 $(SWIFT) test --sanitize thread --scratch-path .build-tsan

# Not in `check`: timings have no place in a test.
compare-debug: openblas
	Scripts/compare-debug-release.sh

lint:
	Scripts/check-license-lines.sh
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks Examples
