# What a user runs. Everything that needs software installs it first: see scripts/setup.

.PHONY: all demo test check format bench soak build setup clean

all: build

setup:
	@scripts/setup build

build: setup
	swift build -c release

demo: build
	@scripts/setup media
	@scripts/demo

test:
	@scripts/setup all
	@scripts/test

check:
	@scripts/check

format:
	swift format format --in-place --recursive --parallel Sources Tests Package.swift \
		load-tests/Sources load-tests/Tests load-tests/Package.swift

bench: build
	@scripts/setup all
	load-tests/bench
	load-tests/bench-edge
	load-tests/bench-live

soak: build
	@scripts/setup all
	swift build -c release --package-path load-tests
	load-tests/edge-soak

clean:
	rm -rf .build
