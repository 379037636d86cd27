#!/usr/bin/env bash
# Runs every study of this folder and draws its figures into `figures`; with --check compares
# them with those that are there, byte by byte: a study gives the same picture on every machine.
#
#   examples/lecture/run.sh [--check] [HPCOORD]
set -euo pipefail
cd "$(dirname "$0")"
check=
if [ "${1:-}" = --check ]; then check=yes; shift; fi
hpcoord=${1:-hpcoord}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A study, and those of its figures that show what it is about.
shown() {
    case $1 in
        a1-*) echo activations-1 activations-2 gradients-1 ;;
        a2-*) echo saturated-3 activations-3 ;;
        a3-*) echo dead-3 ;;
        a4-*) echo dead-1 loss ;;
        a5-*) echo updates-2 loss ;;
        a6-*) echo activations-1 activations-2 ;;
        a7-*) echo loss ;;
        a8-*) echo history ;;
        p[1-3]-*) echo history ;;
        p4-*) echo loss-log ;;
        i1-*) echo weights-1 weights-2 ;;
        i2-*) echo activations-2 gradients-2 ;;
        i3-*) echo activations-1 gradients-1 saturated-1 ;;
        i4-*) echo activations-1 activations-2 ;;
        i5-*) echo activations-1 ;;
        h1-*) echo space ;;
        h2-*) echo space ranges ;;
        plus-batch-norm) echo activations-1 activations-2 ;;
        plus-dropout | plus-l2 | plus-schedules) echo loss ;;
        plus-*) echo history ;;
    esac
}

mkdir -p figures
differing=0
for spec in *.yaml; do
    name=${spec%.yaml}
    echo "== $spec" >&2
    "$hpcoord" run "$spec" --workers 2 --data-dir "$folder/data" --figures "$folder/$name" \
        > "$folder/$name.txt" 2> "$folder/$name.err" || { cat "$folder/$name.err" >&2; exit 1; }
    grep -E '^(rank| *[0-9]+=? )' "$folder/$name.txt" | head -n 10 | cut -c 1-150 || true
    for figure in $(shown "$name"); do
        drawn=$folder/$name/$figure.svg
        kept=figures/$name-$figure.svg
        if [ -z "$check" ]; then
            cp "$drawn" "$kept"
        elif ! cmp -s "$drawn" "$kept"; then
            echo "$kept: the study draws another picture now" >&2
            differing=1
        fi
    done
done
exit "$differing"
