#!/usr/bin/env bash
# Installs what the tests need, and runs them all. It can be run again and again.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/lib.sh
. deploy/lib.sh

started=$SECONDS
step() {
    say ""
    say "== $1 (at $((SECONDS - started)) s)"
}

# What the engine promises for minibatches, elementary functions and what looking inside costs, in
# the release build.
check_engine() {
    local bench status
    swift build -c release --product hpbench 2>&1 | tail -n 1 >&2
    bench=$(swift build -c release --show-bin-path)/hpbench
    "$bench" engine --net 64-32-10 --bundle 8 --rounds 1 --format json > "$log"
    grep -E 'examples_per_second|allocations_per_minibatch|share_of_peak' "$log" >&2
    grep -qE '"allocations_per_minibatch" : 0(,|$)' "$log" || return 1
    "$bench" units --stride 1009 >&2 || return 1
    # A quarter of a minute; others on the machine may make one measurement of three too high.
    "$bench" diagnostics --seconds 1 --tries 3 --net 64-50-10 --net 64-100-100 > "$log"
    status=$?
    tail -n 1 "$log" >&2
    [ "$status" -eq 0 ]
}

# A trial must give the same weights alone and in bundles, in both builds, with all kernels.
compare_trials() {
    local build kernels
    swift build --product hpbench 2>&1 | tail -n 1 >&2
    for build in debug release; do
        for kernels in $present; do
            HPCOORD_KERNELS=$kernels "$(swift build -c "$build" --show-bin-path)/hpbench" \
                identity | sed "s/^/   /; s/$/, $build/"
        done
    done > "$log"
    cat "$log" >&2
    # Up to the first comma a line is a digest and a trial: no trial may have two.
    [ -s "$log" ] && [ -z "$(cut -d , -f 1 "$log" | sort -u | cut -c 68- | sort | uniq -d)" ]
}

# A study must give the same fingerprint in debug and release builds, and with every kind of
# kernels that this processor has.
compare_builds() {
    present=
    local folder kernels build print expected=
    folder=$(mktemp -d)
    for build in debug release; do
        for kernels in "" scalar avx2 avx512 neon; do
            local data="$folder/$build-$kernels"
            if ! HPCOORD_KERNELS=$kernels "$(swift build -c "$build" --show-bin-path)/hpcoord" run \
                Tests/EndToEndTests/Specs/identity.yaml --workers 1 --data-dir "$data" \
                --format json > "$data.json" 2> "$data.err"; then
                if grep -q 'HPCOORD_KERNELS' "$data.err"; then
                    say "   $build, $kernels kernels: not on this processor"
                    continue
                fi
                cat "$data.err" >&2
                return 1
            fi
            print=$(sed -n 's/.*"fingerprint": "\([0-9a-f]*\)".*/\1/p' "$data.json")
            say "   $build, ${kernels:-chosen} kernels: ${print:-none}"
            [ -n "$print" ] || return 1
            [ -z "$expected" ] || [ "$print" = "$expected" ] || return 1
            expected=$print
            [ -z "$kernels" ] || [ "$build" = debug ] || present="$present $kernels"
        done
    done
    rm -rf "$folder"
}

# In a browser no label of the report's figures may touch another, on wide and narrow screens.
check_layout() {
    local folder status=0
    folder=$(mktemp -d)
    "$(swift build -c release --show-bin-path)/hpcoord" run examples/digits.yaml \
        --data-dir "$folder/data" --html "$folder/report.html" > "$log" 2>&1 || return 1
    Tests/Layout/check_report_layout.py "$folder/report.html" > "$log" 2>&1 || status=$?
    rm -rf "$folder"
    [ "$status" -eq 0 ] || [ "$status" -eq 69 ]
}

require_swift
install_packages

step "format"
swift format lint --strict --recursive Sources Tests Package.swift

step "generated code"
if command -v protoc >/dev/null && command -v protoc-gen-swift >/dev/null; then
    deploy/generate-protobuf.sh --check >&2
else
    say "protoc and protoc-gen-swift are not here: the generated code was not compared"
fi

step "debug build"
log=$(mktemp)
swift build --build-tests 2>&1 | tee "$log" | grep -E 'error:|warning:|Build complete' >&2 || true
grep -q 'Build complete' "$log" || { tail -n 50 "$log" >&2; exit 1; }
if grep -E "^$PWD/(Sources|Tests)/.*warning:" "$log" >&2; then
    say "warnings are errors here"
    exit 1
fi

step "documentation"
status=0
deploy/documentation.sh >&2 || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 69 ] || { say "the documentation has warnings"; exit 1; }

step "release build"
swift build -c release --product hpcoord 2>&1 | tail -n 3 >&2
swift build -c release --product hpworker 2>&1 | tail -n 1 >&2

step "one fingerprint in every build and on every kind of kernels"
compare_builds || { say "the builds differ, or one failed"; exit 1; }

step "layout of the report's figures"
check_layout || { cat "$log" >&2; say "labels can't be read"; exit 1; }
tail -n 3 "$log" >&2

step "figures of the lecture's studies"
examples/lecture/run.sh --check "$(swift build -c release --show-bin-path)/hpcoord" > "$log" 2>&1 ||
    { cat "$log" >&2; say "a study draws another picture than the one beside it"; exit 1; }

step "engine"
check_engine || {
    say "training allocates for minibatches, a function is out of its bound, or diagnostics cost"
    say "more than 3%"
    exit 1
}

step "one trial alone and in bundles"
compare_trials || { say "its weights differ"; exit 1; }

step "golden vectors on arm64"
status=0
deploy/check-arm64.sh >&2 || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 69 ] || { say "arm64 has other bits"; exit 1; }

step "bundles of every size on every kind of kernels"
for kernels in $present; do
    status=0
    HPCOORD_KERNELS=$kernels timeout --kill-after=30 600 swift test --skip-build \
        --filter 'HPNetTests.(BundleTests|TrainingTests|GradientTests)' > "$log" 2>&1 || status=$?
    say "   $kernels: $(grep 'Test run with' "$log" | tail -n 1)"
    [ "$status" -eq 0 ] || { grep '✘' "$log" >&2; say "bundles fail on $kernels"; exit 1; }
done

step "how often chance moves a range"
"$(swift build -c release --show-bin-path)/hpbench" calibration > "$log" ||
    { cat "$log" >&2; say "narrowing breaks its promise"; exit 1; }
tail -n 1 "$log" >&2

step "the leader's interval and the truth"
"$(swift build -c release --show-bin-path)/hpbench" leader --studies 40 > "$log" ||
    { cat "$log" >&2; say "the leader's interval is not what it says"; exit 1; }
sed -n '1p; $p' "$log" >&2

step "statistics of a report, computed anew"
Tests/Peers/check_report.py "$(swift build -c release --show-bin-path)" > "$log" 2>&1 ||
    { cat "$log" >&2; say "the report says other numbers than its trials give"; exit 1; }
tail -n 1 "$log" >&2

step "weights of trials in PyTorch"
status=0
Tests/Peers/check_safetensors.py "$(swift build -c release --show-bin-path)" > "$log" 2>&1 ||
    status=$?
tail -n 1 "$log" >&2
[ "$status" -eq 0 ] || [ "$status" -eq 69 ] || { cat "$log" >&2; exit 1; }

step "principal components in NumPy"
status=0
Tests/Peers/check_components.py "$(swift build -c release --show-bin-path)/hpbench" > "$log" 2>&1 ||
    status=$?
tail -n 1 "$log" >&2
[ "$status" -eq 0 ] || [ "$status" -eq 69 ] || { cat "$log" >&2; exit 1; }

step "encryption on the wire, across network namespaces"
status=0
Tests/Network/check_encryption.sh >&2 || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 69 ] || { say "something went by in clear"; exit 1; }

step "a full disk"
status=0
Tests/Disk/check_full_disk.sh "$(swift build -c release --show-bin-path)" >&2 || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 69 ] || { say "a full disk is not survived"; exit 1; }

step "500 lives of a cluster, and every known bug"
swift build -c release --product hpsim 2>&1 | tail -n 1 >&2
simulator=$(swift build -c release --show-bin-path)/hpsim
"$simulator" --seeds 500 --jobs 2 > "$log" || {
    cat "$log" >&2
    say "a promise was broken"
    exit 1
}
grep -E '^(virtual hours|messages sent|coordinator crashes|every promise)' "$log" >&2
"$simulator" --hunt-bugs > "$log" || {
    cat "$log" >&2
    say "a known bug was not found"
    exit 1
}

step "tests"
# Into a file: what a crashed test leaves running would hold a pipe open for ever.
status=0
timeout --kill-after=30 1800 swift test --skip-build > "$log" 2>&1 || status=$?
grep -vE '^(◇|↳)|^✔ Test (case )?"' "$log" || true
[ "$status" -eq 0 ] || { say "the tests failed (status $status)"; exit 1; }
say "== all passed in $((SECONDS - started)) s"
