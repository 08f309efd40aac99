# make demo   sets up, builds, turns a corpus that it makes itself into a dataset, and trains on it
# make test   sets up, builds, and runs every test
# make test-slurm   builds the demo corpus in parts on a Slurm of one node
# make soak   builds 5,000 assets with random kills, which must change no byte
# make bench  measures, beside the libraries that users would otherwise take
# make bench-learning   measures steps of training beside the same models in Python
# make fuzz   feeds thousands of damaged files to everything that reads files

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

PACKAGES := libassimp-dev libpng-dev libdeflate-dev libjpeg62-turbo-dev libwebp-dev libstb-dev \
            libopenblas-dev libsqlite3-dev pkg-config
# For learning: TORCH_HOME may name another libtorch (Documentation/learning.md).
ifndef TORCH_HOME
PACKAGES += libtorch-dev
endif
# SwiftPM remembers a manifest by its environment, and Package.swift looks for libtorch.
export MUYBRIDGE_TORCH = $(shell test -e /usr/include/torch/csrc/api/include/torch/version.h \
    && echo found)
DEMO ?= demo
MUYBRIDGE = .build/release/muybridge

# Code is compiled for x86-64-v3; where this machine's processor is older, for any x86-64.
ifeq ($(shell uname -m),x86_64)
ifeq ($(shell grep -c -m1 -w avx2 /proc/cpuinfo),0)
export MUYBRIDGE_BASELINE := 1
$(info This processor has no AVX2: building for any x86-64 (slower).)
endif
endif

.PHONY: setup build demo test test-slurm fuzz soak bench bench-learning format lint clean

setup:
	@missing=""; \
	for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' \
	        || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    echo "Installing Debian packages:$$missing"; \
	    $$sudo apt-get update -qq; \
	    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing > /dev/null; \
	fi
	@command -v swift > /dev/null || { \
	    echo "No swift on the PATH: install a Swift 6.2 or later toolchain (swift.org/install)"; \
	    exit 1; }

build: setup
	swift build -c release

# The corpus, the store and the pictures lie in $(DEMO)/.
demo: build
	rm -rf $(DEMO)
	$(MUYBRIDGE) demo-corpus $(DEMO)/corpus
	$(MUYBRIDGE) build Manifests/demo.yaml --corpus $(DEMO)/corpus --out $(DEMO)/store
	$(MUYBRIDGE) verify $(DEMO)/store
	$(MUYBRIDGE) sheet $(DEMO)/store --out $(DEMO)/pictures
	$(MUYBRIDGE) build Manifests/shapegen4d-tiny.yaml --corpus $(DEMO)/corpus --out $(DEMO)/shapes
	$(MUYBRIDGE) train Manifests/Training/demo.yaml --store $(DEMO)/shapes --out $(DEMO)/training
	$(MUYBRIDGE) reconstruct $(DEMO)/shapes --with $(DEMO)/training --out $(DEMO)/reconstructed \
	    --samples 4 --beside-untrained
	@echo
	@echo "Pictures: $(DEMO)/pictures/kept.png and $(DEMO)/pictures/rejected.png"
	@echo "Dataset:  $(DEMO)/store (try: $(MUYBRIDGE) ls $(DEMO)/store)"
	@echo "Training: $(DEMO)/reconstructed/*.png (shapes that it never saw, the truth above what it made of them)"

# Tests run optimised: they render and fuzz. Under callgrind they count instructions. What failed is
# said again at the end, since it happens somewhere among a thousand tests.
test: PACKAGES += valgrind
test: setup
	@mkdir -p .build
	@swift test -c release 2>&1 | tee .build/tests.log || { \
	    echo "What failed (all of it: .build/tests.log):"; \
	    grep -E -A 4 '^✘|error:' .build/tests.log | head -n 200; \
	    exit 1; \
	}

# The demo corpus in parts, on a Slurm of one node that is started for it (and installed).
test-slurm: build
	Tests/Slurm/run.sh

# ASSETS assets in peace and with random kills, in $(SOAK)/.
ASSETS ?= 5000
SOAK ?= soak

soak: build
	ASSETS=$(ASSETS) FOLDER=$(SOAK) Tests/Soak/run.sh

# Damages MUTANTS files by SEED and feeds them to everything that reads files; a table of what came
# of them, and the files that did harm in fuzz/failures. MUYBRIDGE_CORPUS may name a folder of
# further files to damage.
MUTANTS ?= 10000
SEED ?= 1
MINUTES ?= 120
FUZZ ?= fuzz

fuzz: setup
	swift build -c release --product muybridge
	swift build -c release --product muybridge-fuzz
	.build/release/muybridge-fuzz --mutants $(MUTANTS) --seed $(SEED) --minutes $(MINUTES) \
	    --work $(FUZZ) --muybridge $(MUYBRIDGE)

# What the cases take, beside the libraries that users would otherwise take: those are installed
# from pinned packages in .build/peers. BENCH=--help lists the options.
BENCH_PACKAGES := python3-venv libegl1 libgl1-mesa-dri
BENCH ?=

bench: PACKAGES += $(BENCH_PACKAGES)
bench: setup
	swift build -c release --product muybridge
	swift build -c release --product muybridge-benchmarks
	.build/release/muybridge-benchmarks $(BENCH)

# Steps of training beside the same models in Python. PYTHON needs a PyTorch of libtorch's version:
# the distribution's by default.
PYTHON ?= /usr/bin/python3

bench-learning: PACKAGES += $(if $(TORCH_HOME),,python3-torch)
bench-learning: setup
	swift build -c release --product muybridge-learning-benchmarks
	.build/release/muybridge-learning-benchmarks --python $(PYTHON) --scipy

format:
	swift format -i -p -r Package.swift Sources Tests Benchmarks

lint: setup
	swift format lint -p --strict -r Package.swift Sources Tests Benchmarks

clean:
	rm -rf .build $(DEMO) $(SOAK) $(FUZZ)
