#!/usr/bin/env python3
"""Load the weights of a trial in PyTorch, and evaluate them on the study's validation rows.

    hpcoord trial digits 42 --weights best.safetensors
    examples/pytorch/load_trial.py best.safetensors [--data-root DIR]

The file says all that is needed: the architecture and where the data came from in its metadata,
the preprocessing, the parameters and the validation rows in its arrays. Exits with 1 when PyTorch
and hpcoord don't agree on the validation accuracy, or on a score by 1e-4; with 66 when the data is
not there.
"""
import argparse
import csv
import gzip
import json
import math
import pathlib
import re
import statistics
import struct
import sys
import unicodedata

import numpy
import torch
from torch import nn

DIGITS = pathlib.Path(__file__).parents[2] / "Sources/CDigits/digits.c"


def read(path):
    """Arrays by name, and metadata: the `safetensors` package's work in a few lines."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    kinds = {"F32": "<f4", "I64": "<i8"}
    arrays = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        numbers = numpy.frombuffer(content[start:end], kinds[entry["dtype"]])
        arrays[name] = torch.from_numpy(numbers.reshape(entry["shape"]).copy())
    return arrays, metadata


class Slopes(nn.Module):
    """PReLU with a slope for each unit."""

    def __init__(self, units):
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(units))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


class Maxout(nn.Module):
    """The largest of some affine maps: column p * units + j is piece p of unit j."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.view(len(x), self.pieces, -1).amax(1)


class Hidden(nn.Linear):
    """An affine map, batch normalization where the model has it, and an activation."""

    def __init__(self, inputs, units, metadata):
        kind = metadata["activation"]
        columns = units * int(metadata.get("pieces", 1))
        normalized = metadata["batch_norm"] == "true"
        super().__init__(inputs, columns, bias=not normalized)
        epsilon = float(metadata.get("batch_norm_epsilon", 0))
        self.norm = nn.BatchNorm1d(columns, eps=epsilon) if normalized else nn.Identity()
        self.activation = {
            "sigmoid": nn.Sigmoid,
            "tanh": nn.Tanh,
            "relu": nn.ReLU,
            "leaky_relu": lambda: nn.LeakyReLU(float(metadata["slope"])),
            "prelu": lambda: Slopes(units),
            "elu": nn.ELU,
            "maxout": lambda: Maxout(int(metadata["pieces"])),
        }[kind]()

    def forward(self, x):
        return self.activation(self.norm(super().forward(x)))


class Model(nn.Module):
    """From features as they are stored to scores, preprocessing included."""

    def __init__(self, arrays, metadata):
        super().__init__()
        self.scale = float(metadata["input_scale"])
        self.steps = {
            name: arrays[f"preprocess.{name}"]
            for name in ("mean", "scale", "components")
            if f"preprocess.{name}" in arrays
        }
        hidden = json.loads(metadata["hidden"])
        inputs = arrays["layers.0.weight"].shape[1]
        widths = [inputs] + hidden
        layers = [Hidden(*pair, metadata) for pair in zip(widths, widths[1:])]
        classes = arrays[f"layers.{len(hidden)}.weight"].shape[0]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], classes))
        parameters = {name: array for name, array in arrays.items() if name.startswith("layers.")}
        missing, unexpected = self.load_state_dict(parameters, strict=False)
        odd = [name for name in missing if not name.endswith("num_batches_tracked")] + unexpected
        if odd:
            sys.exit(f"arrays that don't fit: {odd}")
        self.eval()

    def forward(self, features):
        x = features.to(torch.float32) * self.scale
        if "mean" in self.steps:
            x = x - self.steps["mean"]
        if "scale" in self.steps:
            x = x * self.steps["scale"]
        if "components" in self.steps:
            x = x @ self.steps["components"]
        return self.layers(x)


def read_idx(folder):
    """The training images of MNIST's format, gzip or not, an example a row."""
    for suffix, opened in (("", open), (".gz", gzip.open)):
        for kind in ("-idx3", ".idx3", "-idx2", ".idx2"):
            path = folder / f"train-images{kind}-ubyte{suffix}"
            if path.exists():
                with opened(path, "rb") as file:
                    content = file.read()
                (count,) = struct.unpack_from(">I", content, 4)
                pixels = numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * content[3])
                return torch.from_numpy(pixels.reshape(count, -1).copy())
    sys.exit(f"there is no train-images-idx3-ubyte in {folder}")


def philox(counter, key):
    """Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): four random numbers of 32 bits."""
    a, b, c, d = counter
    for turn in range(10):
        left, right = 0xD2511F53 * a, 0xCD9E8D57 * c
        first, second = (
            (word + turn * step) % 2**32 for word, step in zip(key, (0x9E3779B9, 0xBB67AE85))
        )
        a, b, c, d = (
            right >> 32 ^ b ^ first, right % 2**32, left >> 32 ^ d ^ second, left % 2**32
        )
    return a, b, c, d


def generate_spiral(data, seed):
    """Arms that wind outwards, their noise drawn as hpcoord draws it: two numbers from a block."""
    examples_purpose = 8
    quantile = statistics.NormalDist().inv_cdf
    rows = []
    for arm in range(data["classes"]):
        for point in range(data["points"]):
            block = philox((point // 2, arm, 0, examples_purpose), (seed % 2**32, seed >> 32))
            low, high = block[point % 2 * 2 :][:2]
            noise = quantile((((high << 32 | low) >> 12) + 0.5) / 2**52)
            radius = point / (data["points"] - 1)
            angle = 2 * math.pi * arm / data["classes"] + 4 * radius + data["noise"] * noise
            rows.append((radius * math.sin(angle), radius * math.cos(angle)))
    return torch.tensor(rows)


MISSING = set(
    "|?|.|na|n/a|nan|+nan|-nan|null|nil|none|missing|<na>|#n/a|#na|1.#ind|-1.#ind|1.#qnan|-1.#qnan"
    .split("|")
)


def read_table(path, data, table):
    """A table's features as the file of weights says that its cells become them."""
    opened = gzip.open if path.read_bytes()[:2] == b"\x1f\x8b" else open
    delimiter = {"comma": ",", "semicolon": ";", "tab": "\t"}[table["separator"]]
    with opened(path, "rt", newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
        rows = [[cell.strip() for cell in row] for row in lines if row]
    rows = rows[1:] if table["header"] else rows
    used = sorted({entry["column"] for entry in table["inputs"]})

    def is_left_out(row):
        missing = data.get("missing", "error")
        looked_at = used if missing == "drop" else []
        return any(row[column].lower() in MISSING for column in [table["label"], *looked_at])

    def value(entry, cell):
        if cell.lower() in MISSING:
            return entry["missing"]
        if "category" in entry:
            return float(unicodedata.normalize("NFC", cell)
                == unicodedata.normalize("NFC", entry["category"]))
        number = float(cell.replace(",", ".") if table["decimal_comma"] else cell)
        return number - entry.get("less", 0)

    cells = [
        [value(entry, row[entry["column"]]) for entry in table["inputs"]]
        for row in rows
        if not is_left_out(row)
    ]
    return torch.tensor(cells, dtype=torch.float64).to(torch.float32)


def features(spec, root, table=None):
    """All examples of a study's data set, in the order in which rows are numbered."""
    data = spec["data"]
    if data["dataset"] == "spiral":
        return generate_spiral(data, spec["seed"])
    if data["dataset"] == "digits":
        pixels = "".join(re.findall(r'"([A-Q]{64})"', DIGITS.read_text()))
        return torch.tensor([ord(letter) - ord("A") for letter in pixels]).view(-1, 64)
    path = pathlib.Path(root) / data["path"]
    if data["dataset"] == "cifar10":
        records = [
            numpy.fromfile(path / f"data_batch_{number}.bin", numpy.uint8).reshape(-1, 3073)
            for number in range(1, 6)
        ]
        return torch.from_numpy(numpy.concatenate(records)[:, 1:])
    if data["dataset"] == "idx":
        return read_idx(path)
    if data["dataset"] == "csv":
        return read_table(path, data, table)
    sys.exit(f"this example doesn't read the data set {data['dataset']}")


def evaluate(file, root):
    """Whether PyTorch and hpcoord agree on a trial, and what they say."""
    arrays, metadata = read(file)
    model = Model(arrays, metadata)
    examples = features(
        json.loads(metadata["spec"]), root, json.loads(metadata.get("table", "null"))
    )
    with torch.no_grad():
        scores = model(examples[arrays["validation.rows"]])
    right = (scores.argmax(1) == arrays["validation.labels"]).sum().item()
    accuracy = right / len(scores)
    expected = float(metadata["val_accuracy"])
    difference = (scores - arrays["validation.logits"]).abs().max().item()
    return accuracy == expected and difference <= 1e-4, (
        f"trial {metadata['trial']}, {metadata['activation']}: validation accuracy {accuracy:.4f} "
        f"in PyTorch, {expected:.4f} in hpcoord; scores differ by at most {difference:.1e}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--data-root", default=".", help="the folder that data paths lie below")
    options = parser.parse_args()
    try:
        agrees, sentence = evaluate(options.file, options.data_root)
    except FileNotFoundError as error:
        print(
            f"{error.filename}: no such file; data paths lie below --data-root, the digits in "
            "hpcoord's sources",
            file=sys.stderr,
        )
        sys.exit(66)
    print(sentence)
    sys.exit(0 if agrees else 1)


if __name__ == "__main__":
    main()
