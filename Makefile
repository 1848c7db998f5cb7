# Each target works as the very first command on a Debian or Ubuntu machine with Swift 6.2 or later.

SWIFT ?= swift
LEVELS := $(shell Scripts/instruction-sets.sh)

.PHONY: help run test bench bench-peers docs check check-rest compare-debug lint openblas

help:
	@echo "make run     the loss of a real classifier on real data, and how fast this machine is"
	@echo "make test    the tests"
	@echo "make bench   every implementation timed; JSON=file FILTER=regex SIZES=a,b THREADS=n"
	@echo "make bench-peers   PyTorch, JAX, TensorFlow, NumPy beside the library; SIZES= OPERATIONS= THREADS= ROUNDS="
	@echo "make docs    the documentation as a static site in .build/docs"
	@echo "make compare-debug   how much slower kernels are in a debug build"
	@echo "make check   what CI runs: format, warnings, tests at every level, disassembly, a dependent package"

openblas:
	@Scripts/install-openblas.sh

run: openblas
	@Scripts/run.sh

test: openblas
	$(SWIFT) build --build-tests
	$(SWIFT) test

bench: openblas
	$(SWIFT) run -c release bce-bench $(if $(JSON),--json '$(JSON)') $(if $(FILTER),--filter '$(FILTER)') \
		$(if $(SIZES),--sizes '$(SIZES)') $(if $(THREADS),--threads '$(THREADS)')

# Variables given to make reach the script through the environment.
bench-peers: openblas
	Scripts/bench-peers.sh

docs:
	Scripts/build-docs.sh

check: test check-rest

# All of `check` but the tests in debug, which `test` has run.
check-rest: openblas lint
	Scripts/check-disassembly.sh .build/debug
	for level in $(LEVELS); do \
		echo "tests at level $$level"; \
		CROSS_ENTROPY_ISA=$$level $(SWIFT) test --skip-build --filter 'CrossEntropyTests|AllocationTests' || exit 1; \
	done
	Scripts/test-release.sh
	Scripts/check-dependent.sh

# Not in `check`: timings have no place in a test.
compare-debug: openblas
	Scripts/compare-debug-release.sh

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks
