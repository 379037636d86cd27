#!/usr/bin/env bash
# Runs a study across two network namespaces, and listens to what the wire carries in clear.
#
#     check_encryption.sh [FOLDER_OF_THE_PROGRAMS]
#
# First a control: on a coordinator without encryption the same listener must find the words that
# it looks for. Exits with 69 where namespaces or the tools for them are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/lib.sh
. deploy/lib.sh

programs=${1:-$(swift build --show-bin-path)}
words=(walled-garden learning_rate val_accuracy digits momentum)
near=hpnear$$ far=hpfar$$ near_link=hpn$$ far_link=hpf$$
near_address=198.51.100.1 far_address=198.51.100.2
folder=$(mktemp -d)
pids=()

clean_up() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    ip netns del "$near" 2>/dev/null || true
    ip netns del "$far" 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT

fail() {
    say "$*"
    tail -n 5 "$folder"/*.err >&2 2>/dev/null || true
    exit 1
}

make_namespaces() {
    ip netns add "$near" && ip netns add "$far" &&
        ip link add "$near_link" netns "$near" type veth peer name "$far_link" netns "$far" &&
        ip -n "$near" address add "$near_address/24" dev "$near_link" &&
        ip -n "$far" address add "$far_address/24" dev "$far_link" &&
        ip -n "$near" link set lo up && ip -n "$far" link set lo up &&
        ip -n "$near" link set "$near_link" up && ip -n "$far" link set "$far_link" up
}

# start NAME NAMESPACE COMMAND...: in the background, its streams in files.
start() {
    local name=$1 namespace=$2
    shift 2
    ip netns exec "$namespace" "$@" > "$folder/$name.out" 2> "$folder/$name.err" &
    pids+=($!)
    last=$!
}

# await WHAT COMMAND...: until the command succeeds.
await() {
    local what=$1 deadline=$((SECONDS + 60))
    shift
    until "$@" > /dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "did not happen in time: $what"
        sleep 0.05
    done
}

start_capture() {
    start "$1" "$near" python3 Tests/Network/capture.py "$2" "$folder/$1.ready" "${words[@]}"
    capture=$last
    await "the capture listens" test -e "$folder/$1.ready"
}

end_capture() {
    kill "$capture"
    wait "$capture" || fail "the capture of $1 is not whole"
}

# expect STATUS NAME COMMAND...: in the far namespace.
expect() {
    local expected=$1 name=$2 status=0
    shift 2
    timeout 120 ip netns exec "$far" "$@" > "$folder/$name.out" 2> "$folder/$name.err" ||
        status=$?
    [ "$status" -eq "$expected" ] || fail "$name: exit code $status, not $expected"
}

write_spec() {
    cat > "$folder/spec.yaml" <<'SPEC'
study: walled-garden
seed: 3
objective: {metric: val_accuracy, goal: maximize}
data: {dataset: digits, preprocess: [zero-mean]}
model: {hidden: [16], activation: relu, init: he}
train: {optimizer: momentum, momentum: 0.9, batch_size: 32}
parameters: {learning_rate: {log_uniform: [1.0e-3, 1.0]}}
stages: [{name: coarse, trials: 16, epochs: 1}]
SPEC
}

# What an eavesdropper must be able to read where nothing is encrypted.
run_control() {
    start control-coordinator "$near" "$programs/hpcoord" serve --data-dir "$folder/control"
    local coordinator=$last
    await "the control listens" grep -q 'listening on' "$folder/control-coordinator.err"
    start_capture control-capture lo
    start control-worker "$near" "$programs/hpworker" --spool "$folder/control-spool"
    local worker=$last
    timeout 120 ip netns exec "$near" "$programs/hpcoord" submit "$folder/spec.yaml" --wait \
        > "$folder/control.out" 2> "$folder/control.err" || fail "the control failed"
    ip netns exec "$near" "$programs/hpcoord" report walled-garden > "$folder/control-report.out"
    end_capture "the control"
    kill "$worker" "$coordinator"
    local word
    for word in "${words[@]}"; do
        grep -qx "found $word" "$folder/control-capture.out" ||
            fail "the control is blind: it didn't find $word where nothing is encrypted"
    done
    say "   in clear, the listener finds: ${words[*]}"
}

run_encrypted() {
    local address=tcp://$near_address:5231 keys=$folder/data/keys key worker
    start coordinator "$near" "$programs/hpcoord" serve --bind "$address" \
        --data-dir "$folder/data"
    await "the coordinator listens" grep -q 'listening on' "$folder/coordinator.err"
    for key in one two stranger; do
        "$programs/hpcoord" keys authorize "$key" --data-dir "$folder/data" \
            -o "$folder/$key.key" > /dev/null 2>&1
    done
    "$programs/hpcoord" keys revoke stranger --data-dir "$folder/data" 2> /dev/null
    start_capture capture "$near_link"
    for worker in one two; do
        start "worker-$worker" "$far" "$programs/hpworker" --connect "$address" \
            --spool "$folder/spool" --key "$folder/$worker.key"
    done
    local with_key=(--connect "$address" --key "$keys/admin.key")
    expect 0 submit "$programs/hpcoord" submit "$folder/spec.yaml" "${with_key[@]}"
    expect 69 client-in-clear "$programs/hpcoord" ls --connect "$address"
    expect 69 client-without-leave "$programs/hpcoord" ls --connect "$address" \
        --key "$folder/stranger.key"
    expect 69 worker-in-clear "$programs/hpworker" --connect "$address" \
        --spool "$folder/spool-of-others"
    expect 69 worker-without-leave "$programs/hpworker" --connect "$address" \
        --spool "$folder/spool-of-others" --key "$folder/stranger.key"
    expect 77 worker-key-on-command "$programs/hpcoord" ls --connect "$address" \
        --key "$folder/one.key"
    expect 0 wait "$programs/hpcoord" submit "$folder/spec.yaml" --wait "${with_key[@]}"
    expect 0 report "$programs/hpcoord" report walled-garden "${with_key[@]}"
    grep -q 'COMPLETE' "$folder/report.out" || fail "the study is not COMPLETE"
    expect 0 workers "$programs/hpcoord" workers "${with_key[@]}"
    [ "$(grep -c 'slot-' "$folder/workers.out")" -eq 2 ] || fail "there are not two workers"
    end_capture "the encrypted study"
}

judge() {
    local bytes
    bytes=$(sed -n 's/^bytes //p' "$folder/capture.out")
    [ "${bytes:-0}" -gt 10000 ] || fail "the listener saw ${bytes:-no} bytes: it was elsewhere"
    if grep '^found' "$folder/capture.out" >&2; then fail "these words went by in clear"; fi
    say "   encrypted, it finds none of them in $bytes bytes"
}

for tool in ip python3; do
    if ! command -v "$tool" > /dev/null; then
        say "$tool is not here: encryption on the wire was not checked"
        exit 69
    fi
done
if ! make_namespaces 2> "$folder/namespaces.err"; then
    say "no network namespaces here: encryption on the wire was not checked"
    exit 69
fi
write_spec
run_control
run_encrypted
judge
