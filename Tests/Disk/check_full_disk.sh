#!/usr/bin/env bash
# A coordinator whose disk fills in the middle of a study, on file systems of a few megabytes:
# nothing is acknowledged while there is no room, nothing that was is lost, and with room again
# the study ends by itself as it would have without.
#
# Usage: check_full_disk.sh FOLDER_OF_PROGRAMS
# Exit codes: 0 all is well; 1 a check failed; 69 no file system can be mounted here.
set -euo pipefail

programs=$(cd "${1:?the folder of the built programs is missing}" && pwd)
if [ "${2:-}" != inside ]; then
    if ! command -v python3 > /dev/null || ! unshare --map-root-user --mount sh -c \
        'mount -t tmpfs -o size=1m none /mnt' 2> /dev/null; then
        echo "python3 or the right to mount a file system is missing: no full disk was checked" >&2
        exit 69
    fi
    exec unshare --map-root-user --mount "$0" "$programs" inside
fi

folder=$(mktemp -d)
started=()
finish() {
    for process in "${started[@]}"; do kill -KILL "$process" 2> /dev/null || true; done
    umount --lazy "$folder"/*/data 2> /dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

fail() {
    echo "check_full_disk: $1" >&2
    tail -n 5 "$place"/*.log >&2 || true
    exit 1
}

# Waits up to two minutes for a command to succeed.
await() {
    local what=$1 deadline=$((SECONDS + 120))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "did not happen in time: $what"
        sleep 0.05
    done
}

# One number of the study's progress.
progress() {
    "$programs/hpcoord" status full --format json --connect "$endpoint" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["progress"][sys.argv[1]])' "$1"
}

state() {
    "$programs/hpcoord" status full --format json --connect "$endpoint" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["study"]["state"])'
}

fingerprint() { "$programs/hpcoord" fingerprint full --connect "$endpoint"; }
is_complete() { [ "$(state)" = COMPLETE ]; }
is_under_way() { [ "$(progress done)" -gt 0 ]; }
says_full() { grep -q "there is no room for the journal" "$place/coordinator.log"; }
is_gone() { ! kill -0 "$coordinator" 2> /dev/null; }
listens() { grep -q "listening on" "$place/coordinator.log"; }

start_coordinator() {
    : > "$place/coordinator.log"
    "$programs/hpcoord" serve --bind "${1:-tcp://127.0.0.1:*}" --data-dir "$place/data" \
        2> "$place/coordinator.log" &
    coordinator=$!
    started+=("$coordinator")
    disown
    await "the coordinator listens" listens
    endpoint=$(sed -n 's/.*listening on \(tcp:[^,]*\),.*/\1/p' "$place/coordinator.log")
}

# A study on a fresh file system of this size, as far as its first results.
begin() {
    local size=$1
    mkdir -p "$place/data"
    mount -t tmpfs -o "size=$size" none "$place/data"
    start_coordinator
    for _ in 1 2; do
        "$programs/hpworker" --connect "$endpoint" --spool "$place/spool" \
            2>> "$place/worker.log" &
        started+=($!)
        disown
    done
    "$programs/hpcoord" submit "$place/spec.yaml" --connect "$endpoint" > /dev/null 2>&1 ||
        fail "the study was not accepted"
    await "the study begins" is_under_way
}

# While the disk is full: nothing moves, nothing is accepted, what is there is whole.
check_standstill() {
    await "the coordinator says that its disk is full" says_full
    local before after status=0
    before=$(progress done)
    sed 's/^study: full/study: other/' "$place/spec.yaml" > "$place/other.yaml"
    "$programs/hpcoord" submit "$place/other.yaml" --connect "$endpoint" \
        > /dev/null 2> "$place/refusal" || status=$?
    [ "$status" -eq 1 ] || fail "a submission to a full disk ended with $status"
    status=0
    "$programs/hpcoord" status other --connect "$endpoint" > /dev/null 2>&1 || status=$?
    [ "$status" -eq 66 ] || fail "a study that was refused is there"
    after=$(progress done)
    [ "$before" = "$after" ] || fail "results were taken while the disk was full"
    mkdir -p "$place/copy"
    cp "$place"/data/hpcoord.sqlite* "$place/copy/"
    python3 - "$place/copy/hpcoord.sqlite" "$before" <<'PYTHON' || fail "the journal is not whole"
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
assert database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
results = database.execute("SELECT count(*) FROM journal WHERE kind = 7").fetchone()[0]
assert results == int(sys.argv[2]), (results, sys.argv[2])
PYTHON
}

# With room again the study ends by itself, and a new process finds it so.
check_recovery() {
    local expected=$1
    await "the study ends" is_complete
    [ "$(fingerprint)" = "$expected" ] || fail "the fingerprint differs"
    kill -KILL "$coordinator"
    await "the coordinator is gone" is_gone
    start_coordinator "$endpoint"
    [ "$(fingerprint)" = "$expected" ] || fail "the fingerprint differs after a restart"
    "$programs/hpcoord" audit full --connect "$endpoint" > "$place/audit.log" 2>&1 ||
        fail "the audit finds contradictions"
}

undisturbed() {
    "$programs/hpcoord" run "$place/spec.yaml" --data-dir "$place/undisturbed" --format json \
        2> "$place/run.log" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["study"]["fingerprint"])'
}

write_spec() {
    cat > "$place/spec.yaml" <<SPEC
study: full
seed: 7
objective: {metric: val_accuracy, goal: maximize}
data: {dataset: digits, preprocess: [zero-mean]}
model: {hidden: [$3], activation: relu, init: he}
train: {optimizer: momentum, momentum: 0.9, batch_size: 100}
parameters:
  learning_rate: {log_uniform: [1.0e-3, 1.0]}
stages:
  - {name: coarse, trials: $1, epochs: $2}
SPEC
}

# Something else fills the disk.
place=$folder/ballast
mkdir -p "$place"
write_spec 40 80 32
expected=$(undisturbed)
begin 4m
cat /dev/zero > "$place/data/ballast" 2> /dev/null || true
check_standstill
rm "$place/data/ballast"
check_recovery "$expected"
echo "a disk filled by others: the study stood still, went on and ended the same"

# The journal fills it: its log when it is due to be moved into the database.
place=$folder/log
mkdir -p "$place"
write_spec 9000 0.1 4
expected=$(undisturbed)
begin 18m
check_standstill
[ "$(stat -c %s "$place/data/hpcoord.sqlite-wal")" -ge $((16 << 20)) ] ||
    fail "the disk filled before the log was due"
mount -o remount,size=128m "$place/data"
check_recovery "$expected"
echo "a disk filled by the log: the study stood still, went on and ended the same"
