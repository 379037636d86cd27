#!/usr/bin/env python3
"""Export trials of every architecture and preprocessing, and load them in PyTorch.

    check_safetensors.py FOLDER_OF_THE_PROGRAMS [FOLDER_WITH_CIFAR10]

Each trial of small studies is written by `hpcoord trial --weights` and evaluated by the functions
of examples/pytorch/load_trial.py: the same validation accuracy, scores within 1e-4. One goes
through its command line, which has to see a changed score, too. Exits with 1 when one is not so,
and with 69 where PyTorch is not installed.
"""
import concurrent.futures
import gzip
import importlib.util
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/pytorch/load_trial.py"

SPEC = """
study: STUDY
seed: 3
objective: {metric: METRIC, goal: GOAL}
data: DATA
model: {hidden: [24, 12], slope: 0.1, pieces: 3, dropout: 0.1}
train: {optimizer: adam, learning_rate: 0.01, batch_size: 50}
parameters:
  activation: {choice: [sigmoid, tanh, relu, leaky_relu, prelu, elu, maxout]}
  batch_norm: {choice: [true, false]}
sampler: grid
stages: [{name: all, trials: 14, epochs: 4}]
"""


def specs(folder, cifar10):
    digits = "{dataset: digits, split: {train: 900, validation: 400}, preprocess: [%s]}"
    data = {
        "raw": digits % "",
        "centred": digits % "zero-mean",
        "normalized": digits % "normalize",
        "projected": digits % "{pca: 20}",
        "whitened": digits % "normalize, {whiten: 30, epsilon: 1.0e-3}",
        "table": "{dataset: csv, path: table.csv, label: kind, preprocess: [normalize]}",
        "spiral": "{dataset: spiral, points: 150, noise: 0.2}",
        "idx": "{dataset: idx, path: images, preprocess: [zero-mean]}",
        "idx-gzip": "{dataset: idx, path: images-gzip}",
    }
    if cifar10:
        data["cifar10"] = (
            "{dataset: cifar10, split: {train: 4000, validation: 1000}, preprocess: [zero-mean]}"
        )
    for name, text in data.items():
        metric = ("val_loss", "minimize") if name == "centred" else ("val_accuracy", "maximize")
        spec = SPEC.replace("STUDY", name).replace("DATA", text)
        path = folder / f"{name}.yaml"
        path.write_text(spec.replace("METRIC", metric[0]).replace("GOAL", metric[1]))
        yield name, path


def write_table(path):
    """Two clouds of points with a column that says nothing, and labels that are words."""
    numbers = random.Random(1)
    lines = ["x,kind,y,constant"]
    for row in range(400):
        kind = row % 3
        x, y = numbers.gauss(kind, 0.7), numbers.gauss(kind * kind, 0.7)
        lines.append(f"{x:.4f},{['fir', 'oak', 'ash'][kind]},{1000 * y:.4f},7")
    path.write_text("\n".join(lines) + "\n")


def write_idx(folder, opened, suffix):
    """Images of 6 by 5 pixels: a bright column for each of four classes, and noise."""
    numbers = random.Random(2)
    labels = [row % 4 for row in range(240)]
    pixels = [
        numbers.randrange(150, 256) if column == label else numbers.randrange(130)
        for label in labels
        for _ in range(6)
        for column in range(5)
    ]
    folder.mkdir()
    for name, sizes, content in (
        ("images-idx3", (240, 6, 5), pixels),
        ("labels-idx1", (240,), labels),
    ):
        with opened(folder / f"train-{name}-ubyte{suffix}", "wb") as file:
            file.write(bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes))
            file.write(bytes(content))


def start(command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def read_by_package(file):
    """The `safetensors` package, where it is installed, must take the file too."""
    try:
        from safetensors import safe_open
    except ImportError:
        return
    with safe_open(file, "numpy") as content:
        for name in content.keys():
            content.get_tensor(name)
        assert content.metadata()["format"] == "hpcoord.weights/1"


def load_example():
    """The example as a module: PyTorch starts once for all trials."""
    specification = importlib.util.spec_from_file_location("load_trial", EXAMPLE)
    example = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(example)
    return example


def change_score(file, destination):
    """The same file but for the first validation score, which is 0.01 more."""
    content = bytearray(pathlib.Path(file).read_bytes())
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    place = 8 + length + header["validation.logits"]["data_offsets"][0]
    (score,) = struct.unpack_from("<f", content, place)
    struct.pack_into("<f", content, place, score + 0.01)
    destination.write_bytes(content)


def check_command_line(file, folder):
    """The example ends with 0 for a right file and with 1 for a wrong one."""
    changed = folder / "changed.safetensors"
    change_score(file, changed)
    for path, expected in ((file, 0), (changed, 1)):
        command = [sys.executable, str(EXAMPLE), str(path), "--data-root", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode != expected or "in hpcoord; scores differ" not in done.stdout:
            print(f"{command} ends with {done.returncode}: {done.stdout}{done.stderr}")
            return False
    return True


def main():
    try:
        import torch  # noqa: F401
    except ImportError:
        print("PyTorch is not installed", file=sys.stderr)
        sys.exit(69)
    programs = pathlib.Path(sys.argv[1]).resolve()
    cifar10 = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_table(folder / "table.csv")
        write_idx(folder / "images", open, "")
        write_idx(folder / "images-gzip", gzip.open, ".gz")
        if cifar10:
            (folder / "cifar-10-batches-bin").symlink_to(cifar10 / "cifar-10-batches-bin")
        hpcoord = programs / "hpcoord"
        coordinator = start(
            [hpcoord, "serve", "--bind", "tcp://127.0.0.1:*", "--data-dir", folder / "data"]
        )
        while "listening on " not in (line := coordinator.stderr.readline()):
            if not line:
                sys.exit("the coordinator doesn't start")
        endpoint = line.split("listening on ")[1].split()[0].rstrip(",;")
        worker = subprocess.Popen(
            [programs / "hpworker", "--connect", endpoint, "--data-root", folder]
            + ["--spool", folder / "spool"],
            stderr=subprocess.DEVNULL,
        )
        try:
            sys.exit(0 if run(hpcoord, endpoint, folder, cifar10) else 1)
        finally:
            for process in (worker, coordinator):
                process.terminate()
                process.wait()


def run(hpcoord, endpoint, folder, cifar10):
    def ask(*words):
        command = [hpcoord, *map(str, words), "--connect", endpoint]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def export(study, path):
        ask("submit", path, "--wait")
        (folder / study).mkdir()
        trials = json.loads(ask("report", study, "--format", "json"))["trials"]
        destination = ["--weights", folder / study, "--data-root", folder]
        return [
            ask("trial", study, trial["trial"], *destination).strip()
            for trial in trials
            if trial["value"] is not None
        ]

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        exported = pool.map(lambda pair: export(*pair), list(specs(folder, cifar10)))
        example = load_example()
        files = [file for study in exported for file in study]
    agreeing = 0
    for file in files:
        read_by_package(file)
        is_right, text = example.evaluate(file, folder)
        print(pathlib.Path(file).parent.name, text)
        agreeing += is_right
        if not is_right:
            print(f"{file} differs", file=sys.stderr)
    is_seen = bool(files) and check_command_line(files[0], folder)
    print(f"{agreeing} of {len(files)} trials agree")
    return is_seen and agreeing == len(files)


if __name__ == "__main__":
    main()
