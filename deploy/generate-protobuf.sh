#!/usr/bin/env bash
# Generates Sources/HPWire/Generated/hpcoord.pb.swift from Sources/HPWire/hpcoord.proto.
#
#   deploy/generate-protobuf.sh            writes the file
#   deploy/generate-protobuf.sh --check    fails when the committed file is not what it would write
#
# Needs protoc (Debian: protobuf-compiler) and protoc-gen-swift of the version that Package.swift
# names: `swift build -c release --product protoc-gen-swift` in .build/checkouts/swift-protobuf
# makes it; put its folder on PATH or name the program in PROTOC_GEN_SWIFT.
set -euo pipefail
cd "$(dirname "$0")/.."

plugin=${PROTOC_GEN_SWIFT:-$(command -v protoc-gen-swift || true)}
if ! command -v protoc >/dev/null; then
    echo "generate-protobuf.sh: protoc is missing: apt-get install protobuf-compiler" >&2
    exit 69
fi
if [ -z "$plugin" ]; then
    echo "generate-protobuf.sh: protoc-gen-swift is missing: see the head of this script" >&2
    exit 69
fi

target=Sources/HPWire/Generated
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
protoc --plugin="protoc-gen-swift=$plugin" --proto_path=Sources/HPWire \
    --swift_out="$folder" \
    --swift_opt=Visibility=Internal \
    hpcoord.proto

if [ "${1:-}" = --check ]; then
    if ! diff -u "$target/hpcoord.pb.swift" "$folder/hpcoord.pb.swift"; then
        echo "generate-protobuf.sh: $target/hpcoord.pb.swift is not what hpcoord.proto gives:" \
            "run deploy/generate-protobuf.sh and commit the result" >&2
        exit 1
    fi
    echo "generate-protobuf.sh: the committed file is up to date"
else
    mkdir -p "$target"
    cp "$folder/hpcoord.pb.swift" "$target/hpcoord.pb.swift"
fi
