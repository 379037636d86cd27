#!/usr/bin/env bash
# Builds the documentation of the library HPNet, and fails on any warning: a link to nothing, a
# parameter without its line. It needs the toolchain alone.
#
#   deploy/documentation.sh [--preview]     # into .build/documentation; or served on this machine
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/lib.sh
. deploy/lib.sh
require_swift

information=$(swift -print-target-info)
value() { sed -n "s/.*\"$1\": \"\(.*\)\".*/\1/p" <<< "$information" | head -n 1; }
target=$(value unversionedTriple)
# Not beside `swift`: that may be a link of a version manager.
docc=$(value runtimeResourcePath)/../../bin/docc
if [ ! -x "$docc" ] && ! docc=$(command -v docc); then
    say "docc, which comes with Swift's toolchains, is neither in this one nor on PATH."
    say "Install the toolchain from https://www.swift.org/install/linux/, then run this again."
    exit 69
fi

swift build --target HPNet 2>&1 | tail -n 1 >&2
build=$(swift build --show-bin-path)
graphs=$build/documentation-graphs
rm -rf "$graphs"
mkdir -p "$graphs"
maps=()
for map in "$build"/{CKernels,CDigits}.build/module.modulemap Sources/C*/module.modulemap; do
    maps+=(-Xcc "-fmodule-map-file=$(readlink -f "$map")")
done
swift symbolgraph-extract -module-name HPNet -target "$target" -I "$build/Modules" "${maps[@]}" \
    -minimum-access-level public -skip-inherited-docs -skip-synthesized-members \
    -output-dir "$graphs"

options=(--additional-symbol-graph-dir "$graphs" --fallback-display-name HPNet)
output=.build/documentation
options+=(--fallback-bundle-identifier hpcoord.HPNet --output-path "$output")
rm -rf "$output"
if [ "${1:-}" = --preview ]; then
    exec "$docc" preview Sources/HPNet/HPNet.docc "${options[@]}"
fi
"$docc" convert Sources/HPNet/HPNet.docc "${options[@]}" \
    --transform-for-static-hosting --warnings-as-errors >&2
say "The documentation is in $output; deploy/documentation.sh --preview serves it here."
