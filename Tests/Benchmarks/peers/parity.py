#!/usr/bin/env python3
"""Trains the lecture's net on CIFAR-10 in PyTorch on the split and the preprocessing of
`hpbench parity`, and compares the means of the best validation accuracies.

Images, labels and statistics are read and computed here; only the numbers of the validation images
come from hpbench. Exits with 1 when a mean differs by more than 0.015.

    pip install torch
    swift build -c release --product hpbench
    Tests/Benchmarks/peers/parity.py FOLDER_WITH_CIFAR10
"""
import argparse
import json
import math
import statistics
import subprocess
import sys

import numpy
import torch

TOLERANCE = 0.015


def images(folder):
    parts = [numpy.fromfile(f"{folder}/data_batch_{number}.bin", dtype=numpy.uint8)
             for number in range(1, 6)]
    records = numpy.concatenate(parts).reshape(-1, 3073)
    return records[:, 1:].astype(numpy.float64) / 255, records[:, 0].astype(numpy.int64)


def normalized(x, training):
    mean, spread = x[training].mean(0), x[training].std(0)
    spread[spread == 0] = 1
    return torch.from_numpy(((x - mean) / spread).astype(numpy.float32))


def best_accuracy(x, y, training, validation, rate, epochs, replicate):
    torch.manual_seed(1000 + replicate)
    first, last = torch.nn.Linear(3072, 50), torch.nn.Linear(50, 10)
    with torch.no_grad():
        first.weight.normal_(0, math.sqrt(2 / 3072))
        last.weight.normal_(0, 0.01)
        first.bias.zero_()
        last.bias.zero_()
    model = torch.nn.Sequential(first, torch.nn.ReLU(), last)
    groups = [{"params": [first.weight, last.weight], "weight_decay": 1e-3},
              {"params": [first.bias, last.bias], "weight_decay": 0}]
    optimizer = torch.optim.SGD(groups, lr=rate, momentum=0.9)
    best = 0.0
    for _ in range(epochs):
        order = training[torch.randperm(len(training))]
        for rows in order.split(200):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            correct = model(x[validation]).argmax(1) == y[validation]
        best = max(best, correct.double().mean().item())
        for group in optimizer.param_groups:
            group["lr"] *= 0.9
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--replicates", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--hpbench", default=".build/release/hpbench")
    options = parser.parse_args()
    answer = json.loads(subprocess.run(
        [options.hpbench, "parity", options.folder, "--replicates", str(options.replicates),
         "--epochs", str(options.epochs)],
        check=True, capture_output=True, text=True).stdout)
    x, y = images(options.folder)
    validation = torch.tensor(answer["validation"])
    is_training = torch.ones(len(y), dtype=torch.bool)
    is_training[validation] = False
    training = is_training.nonzero().squeeze(1)
    x, y = normalized(x, training.numpy()), torch.from_numpy(y)
    print(f"{len(training)} training and {len(validation)} validation images, "
          f"{options.replicates} replicates, {options.epochs} epochs")
    print("rate     hpcoord            PyTorch            difference")
    is_within = True
    for rate in sorted({t["learning_rate"] for t in answer["trainings"]}):
        own = [t["best_validation_accuracy"] for t in answer["trainings"]
               if t["learning_rate"] == rate]
        theirs = [best_accuracy(x, y, training, validation, rate, options.epochs, replicate)
                  for replicate in range(options.replicates)]
        means = [statistics.mean(side) for side in (own, theirs)]
        spreads = [statistics.stdev(side) if len(side) > 1 else 0 for side in (own, theirs)]
        difference = means[0] - means[1]
        is_within = is_within and abs(difference) <= TOLERANCE
        cells = [f"{mean:.4f} (s {spread:.4f})" for mean, spread in zip(means, spreads)]
        print(f"{rate:<8} {cells[0]:18} {cells[1]:18} {difference:+.4f}", flush=True)
    sys.exit(0 if is_within else 1)


if __name__ == "__main__":
    main()
