# ScoreSweep: every task of a user and of a developer. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# MARCH names the instruction set of the kernels: x86-64-v3 where it is not given, `native` for all that this
# machine has, x86-64 for any CPU. Every one but the default is built in a folder of its own.
export BUILD_DIR := .build$(addprefix -,$(filter-out x86-64-v3,$(MARCH)))

# One flag set for build and test, so that nothing is compiled twice.
FLAGS := --scratch-path $(BUILD_DIR) -c release -Xswiftc -enable-testing
export SCORESWEEP := $(BUILD_DIR)/release/scoresweep

# What bench-peers times, and with which options (--rounds 4, --markdown, --only 'ism 10'): a build for all
# that this machine has, since JAX and PyTorch choose their instructions when they run.
PEERS_BINARY ?= .build-native/release/scoresweep
PEERS_OPTIONS ?=
SCALING_OPTIONS ?=

# Where experiments find data files that do not stand beside them.
DATA_DIR ?= $(if $(wildcard ../shared/data/SHA256SUMS),../shared/data,data)
export DATA_DIR := $(abspath $(DATA_DIR))

.PHONY: demo test build run table bench bench-peers bench-scaling bench-sweeps data test-external test-interruptions test-arm64 test-sanitizers fuzz lint format size clean help setup

## demo: build, run the quickstart sweep and print its table
demo: build
	@mkdir -p results
	@status=0; $(SCORESWEEP) run experiments/quickstart.json -o results/quickstart.h5 || status=$$?; \
	if [ $$status -le 1 ]; then $(SCORESWEEP) table results/quickstart.h5; fi; exit $$status

## test: build and run all Swift tests
test: setup
	@.ci/build $(FLAGS) --build-tests
	swift test --skip-build $(FLAGS)

## build: build the scoresweep command
build: setup
	@.ci/build $(FLAGS)

## run EXPERIMENT=experiments/x.json: run an experiment, or go on with one that was stopped
run: build
	@: $${EXPERIMENT:?say which one: make run EXPERIMENT=experiments/quickstart.json}
	@mkdir -p results
	$(SCORESWEEP) run "$$EXPERIMENT"

## table RESULTS=results/x.h5 [FORMAT=latex]: print the tables of a results file
table: build
	@: $${RESULTS:?say which one: make table RESULTS=results/quickstart.h5}
	@$(SCORESWEEP) table "$$RESULTS" --format "$${FORMAT:-text}"

## bench: step times, GFLOP/s and the fraction of the measured peak
bench: build
	$(SCORESWEEP) bench

## bench-scaling: throughput on 1, 2, … cores; step times over the dimension
bench-scaling: build
	@python3 Tests/Scaling/scaling.py $(SCORESWEEP) $(SCALING_OPTIONS)

## bench-sweeps: what 5000, 10 000 and 20 000 short trials cost: time, memory, file, merge
bench-sweeps: build
	@python3 Tests/Scaling/sweeps.py $(SCORESWEEP) $(SCALING_OPTIONS)

## bench-peers: step times beside JAX and PyTorch (PEERS_TORCH=1 installs the latter, 5 GB)
bench-peers:
	@[ "$(PEERS_BINARY)" != .build-native/release/scoresweep ] || MARCH=native $(MAKE) --no-print-directory build
	@.ci/peers $(PEERS_BINARY) $(PEERS_OPTIONS)

## data: download the public data sets into DATA_DIR and check their SHA-256
data:
	@.ci/data "$$DATA_DIR"

## test-external: results read with h5py, xarray and pandas; grids, schema and table against Python
test-external: build
	@.ci/external

## test-interruptions: 200 kills of a sweep, a long trial interrupted five times, crashes, full disks
test-interruptions: build
	@KILLS=200 INTERRUPTIONS=5 LONG=10000000 .ci/external test_interruptions.py

## test-arm64: the kernels on 64-bit ARM under qemu, bit for bit against x86-64
test-arm64:
	@.ci/arm64

## test-sanitizers: the Swift tests under Thread and Address Sanitizer
test-sanitizers:
	@.ci/sanitize

## fuzz: damaged experiments, data and results files, 100 000 and more: a few minutes
fuzz: setup
	@.ci/build $(FLAGS) --build-tests
	SCORESWEEP_FUZZ=full swift test --skip-build $(FLAGS) --filter Fuzz

## lint: formatting, module arrows and the rules of the code
lint:
	@.ci/lint $(FLAGS)

## format: format all sources in place
format:
	swift format --in-place --recursive Sources Tests Package.swift

## size: lines and characters per line of each file, sorted
size:
	@.ci/size

## clean: remove what was built, for every instruction set; results and data stay
clean:
	rm -rf .build .build-* .venv .venv-peers

## help: list the targets
help:
	@echo "ScoreSweep runs sweeps of score matching. Targets:"; echo
	@sed -n 's/^## \([^:]*\): \(.*\)/  make \1\n      \2/p' Makefile
	@echo; echo "MARCH=native before make builds for all that this CPU has (512-bit vectors where it has them),"; \
	echo "MARCH=x86-64 for any x86-64 CPU; the default, x86-64-v3, has AVX2 and FMA. Each is built in a"; \
	echo "folder of its own: .build, .build-native, .build-x86-64."

# Installs libhdf5 and pkg-config where they are missing.
setup:
	@.ci/setup build
