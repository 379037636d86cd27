#!/usr/bin/env python3
"""Counts how often narrowing moves the range of a parameter that no training uses.

    Tests/Benchmarks/search/unused_parameter.py HPCOORD [--studies 60]

Runs studies of 6, 8, 10, 12 and 15 trials on the embedded digits that search learning_rate, which
matters, and rmsprop_decay, which the optimizer `momentum` doesn't read, and looks at the moves.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile

SPEC = """
study: unused
seed: {seed}
objective: {{metric: val_accuracy, goal: maximize}}
data: {{dataset: digits, split: {{train: 500, validation: 250}}, preprocess: [zero-mean]}}
model: {{hidden: [16]}}
train: {{optimizer: momentum, momentum: 0.9, batch_size: 32}}
parameters:
  learning_rate: {{log_uniform: [1.0e-3, 1.0]}}
  rmsprop_decay: {{uniform: [0.5, 0.999]}}
stages:
  - {{name: coarse, trials: {trials}, epochs: 3}}
  - {{name: fine, trials: 1, epochs: 1, narrow: auto}}
"""


def moves(hpcoord, folder, trials, seed):
    """The action of each parameter's move."""
    spec = folder / "spec.yaml"
    spec.write_text(SPEC.format(trials=trials, seed=seed))
    data = folder / f"{trials}-{seed}"
    report = subprocess.run(
        [hpcoord, "run", spec, "--workers", "1", "--data-dir", data, "--format", "json"],
        check=True, capture_output=True, text=True).stdout
    return {move["parameter"]: move["action"] for move in json.loads(report)["stages"][1]["moves"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hpcoord")
    parser.add_argument("--studies", type=int, default=60)
    options = parser.parse_args()
    total = 0
    print("trials  studies  unused moved  learning_rate moved")
    for trials in (6, 8, 10, 12, 15):
        unused = used = 0
        for seed in range(1, options.studies + 1):
            with tempfile.TemporaryDirectory() as name:
                actions = moves(options.hpcoord, pathlib.Path(name), trials, seed)
            unused += actions["rmsprop_decay"] != "keep"
            used += actions["learning_rate"] != "keep"
        total += unused
        print(f"{trials:6}  {options.studies:7}  {unused:12}  {used:19}")
    print(f"{total} of {5 * options.studies} studies moved the unused parameter")


main()
