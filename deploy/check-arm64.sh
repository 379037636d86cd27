#!/usr/bin/env bash
# The kernels' golden vectors on arm64, under emulation: cross-compiles with Swift's own clang.
# On Debian: apt-get install qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/lib.sh
. deploy/lib.sh

for tool in qemu-aarch64 aarch64-linux-gnu-gcc swift; do
    if ! command -v "$tool" > /dev/null; then
        say "$tool is not here: arm64 was not checked"
        exit 69
    fi
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
for source in Sources/CKernels/*.c Tests/Golden/CGolden/golden.c Tests/Golden/main.c; do
    "$clang" --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include -O3 \
        -ffp-contract=off -I Sources/CKernels/include -I Tests/Golden/CGolden/include \
        -c "$source" -o "$folder/$(basename "$source").o"
done
aarch64-linux-gnu-gcc -static "$folder"/*.o -lm -o "$folder/golden"
qemu-aarch64 "$folder/golden"
