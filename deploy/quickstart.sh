#!/usr/bin/env bash
# From a fresh Debian machine with a Swift toolchain to a ranked report.
#
#   deploy/quickstart.sh                   data in a fresh temporary folder
#   deploy/quickstart.sh --data-dir DIR    data in DIR
#
# Installs missing system packages and says so, builds the release, checks and runs the search of
# examples/digits.yaml, prints the ranked report on standard output. It can be run again and again.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/lib.sh
. deploy/lib.sh

data=
case "${1:-}" in
    "") ;;
    --data-dir)
        data=${2:?--data-dir needs a folder}
        ;;
    *)
        say "usage: deploy/quickstart.sh [--data-dir DIR]"
        exit 2
        ;;
esac

require_swift
install_packages

say "Building the release (the first time takes some minutes)..."
# Products one by one: SwiftPM links programs that are not asked for otherwise.
swift build -c release --product hpcoord >&2
swift build -c release --product hpworker >&2
binaries=$(swift build -c release --show-bin-path)

if [ -z "$data" ]; then
    data=$(mktemp -d)/hpcoord-data
fi
say "Checking examples/digits.yaml before the search..."
"$binaries/hpcoord" check examples/digits.yaml >&2
say "Running examples/digits.yaml: three stages on the embedded handwritten digits..."
"$binaries/hpcoord" run examples/digits.yaml --workers 2 --data-dir "$data"

say ""
say "The journal of this search is in $data, the programs are in $binaries."
say "To search with processes on this machine:"
say "    $binaries/hpcoord serve &"
say "    $binaries/hpworker & $binaries/hpworker &"
say "    $binaries/hpcoord submit examples/digits.yaml --wait"
say "    $binaries/hpcoord report digits"
