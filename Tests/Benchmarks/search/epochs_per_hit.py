#!/usr/bin/env python3
"""Whether fine stages pay: epochs spent per trial that reaches a validation accuracy.

    epochs_per_hit.py FOLDER [--seeds 101-105] [--hpcoord .build/release/hpcoord] [--workers 2]

FOLDER holds `cifar-10-batches-bin`. For every seed two searches of about 450 epochs run after each
other over the same space, the lecture's two-layer net on CIFAR-10 with rates 1e-4 to 1e-1,
regularization 1e-5 to 1e5 and a decay of 0.7 to 1: plain random search at 20 epochs a trial, and the
stages of `staged.yaml` beside this file. A hit is a trial whose best validation accuracy is at least
0.50. Prints epochs and hits of each, then epochs per hit over all seeds.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seeds", default="101-105")
    parser.add_argument("--hpcoord", default=".build/release/hpcoord")
    parser.add_argument("--workers", default="2")
    parser.add_argument("--accuracy", type=float, default=0.50)
    parser.add_argument("--specs", default="random,staged")
    arguments = parser.parse_args()
    first, _, last = arguments.seeds.partition("-")
    names = arguments.specs.split(",")
    totals = {name: [0.0, 0] for name in names}
    for seed in range(int(first), int(last or first) + 1):
        for name in names:
            report = run(arguments, (HERE / f"{name}.yaml").read_text(), seed)
            trials = report["trials"]
            epochs = sum(trial["epochs"] or 0 for trial in trials)
            hits = sum((trial["value"] or 0) >= arguments.accuracy for trial in trials)
            best = max(trial["value"] or 0 for trial in trials)
            totals[name][0] += epochs
            totals[name][1] += hits
            print(f"seed {seed}  {name:8}  {epochs:6.1f} epochs  {hits:3} hits  best {best:.3f}",
                  flush=True)
            for stage in report["stages"]:
                ranges = {key: [value.get("low"), value.get("high")]
                          for key, value in stage["ranges"].items()}
                print(f"    {stage['name']}: {ranges}", file=sys.stderr)
    for name, (epochs, hits) in totals.items():
        ratio = f"{epochs / hits:.1f}" if hits else "none reached it"
        print(f"{name:8}  {epochs:7.1f} epochs  {hits:3} hits  epochs per hit: {ratio}")


def run(arguments, spec, seed):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "spec.yaml"
        path.write_text(f"seed: {seed}\n{spec}")
        command = [arguments.hpcoord, "run", str(path), "--workers", arguments.workers,
                   "--data-dir", f"{folder}/data", "--data-root", arguments.folder,
                   "--format", "json"]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


if __name__ == "__main__":
    main()
