#!/usr/bin/env bash
# Generates Sources/HPWire/Generated/hpcoord.pb.swift from Sources/HPWire/hpcoord.proto.
#
#   deploy/generate-protobuf.sh            writes the file
#   deploy/generate-protobuf.sh --check    fails when the committed file is not what it would write
#
# Needs protoc (Debian: protobuf-compiler), and protoc-gen-swift of the version that Package.swift
# names: the program that PROTOC_GEN_SWIFT names, or the one on PATH, or else one that is built
# here, once, from the package's own checkout (some two minutes).
#
# Exit codes: 1 the committed file differs; 2 usage; 69 something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'generate-protobuf.sh: %s\n' "$*" >&2; }

mode=${1:-write}
case "$mode" in
    write | --check) ;;
    *)
        say "usage: deploy/generate-protobuf.sh [--check]"
        exit 2
        ;;
esac

if ! command -v protoc >/dev/null; then
    say "protoc is missing: apt-get install protobuf-compiler"
    exit 69
fi

# Builds apart from the package's own products, so that neither build disturbs the other.
build_plugin() {
    local checkout=.build/checkouts/swift-protobuf scratch=.build/protoc-gen-swift
    plugin=$scratch/release/protoc-gen-swift
    [ -d "$checkout" ] || swift package resolve >&2
    if [ ! -x "$plugin" ] || [ "$checkout/Package.swift" -nt "$plugin" ]; then
        say "building protoc-gen-swift from $checkout (some two minutes)..."
        swift build -c release --product protoc-gen-swift --package-path "$checkout" \
            --scratch-path "$scratch" >&2
    fi
}

plugin=${PROTOC_GEN_SWIFT:-$(command -v protoc-gen-swift || true)}
[ -n "$plugin" ] || build_plugin
if [ ! -x "$plugin" ]; then
    say "there is no protoc-gen-swift at $plugin: unset PROTOC_GEN_SWIFT to have it built"
    exit 69
fi

target=Sources/HPWire/Generated/hpcoord.pb.swift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
protoc --plugin="protoc-gen-swift=$plugin" --proto_path=Sources/HPWire --swift_out="$folder" \
    --swift_opt=Visibility=Internal hpcoord.proto

if [ "$mode" = --check ]; then
    if ! diff -u "$target" "$folder/hpcoord.pb.swift"; then
        say "$target is not what hpcoord.proto gives: run deploy/generate-protobuf.sh and commit" \
            "the result"
        exit 1
    fi
    say "the committed file is up to date"
else
    mkdir -p "$(dirname "$target")"
    cp "$folder/hpcoord.pb.swift" "$target"
fi
