#!/usr/bin/env python3
"""Compare principal components with those that NumPy finds.

    check_components.py HPBENCH [FOLDER_WITH_CIFAR10]

`hpbench components` fits those of the embedded digits, or of CIFAR-10 where its folder is given,
and leaves them in a cache. The leading 20 must be numpy.linalg.eigh's up to their signs, each
number within 1e-4, and so must be their variances. Exits with 1 when they are not, when fitting
takes more than 60 s or the second time doesn't come from the cache, and with 69 where NumPy is not
installed.
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

try:
    import numpy
except ImportError:
    print("NumPy is not installed", file=sys.stderr)
    sys.exit(69)

DIGITS = pathlib.Path(__file__).parents[2] / "Sources/CDigits/digits.c"
COMPARED = 20
TOLERANCE = 1e-4
SECONDS_MAXIMUM = 60
MAGIC = b"HPCPCA1\n"
DIGEST_BYTES = 64


def digits():
    pixels = "".join(re.findall(r'"([A-Q]{64})"', DIGITS.read_text()))
    numbers = numpy.frombuffer(pixels.encode(), numpy.uint8) - ord("A")
    return numbers.reshape(-1, 64), 1 / 16


def cifar10(folder):
    records = [
        numpy.fromfile(folder / f"data_batch_{number}.bin", numpy.uint8).reshape(-1, 3073)
        for number in range(1, 6)
    ]
    return numpy.concatenate(records)[:, 1:], 1 / 255


def eigenvectors(examples, scale):
    """Of the covariance, the leading first: variances, and a vector a row."""
    sums = numpy.zeros(examples.shape[1])
    products = numpy.zeros((examples.shape[1], examples.shape[1]))
    # Slices: 49,000 images in double precision are 1.2 GB.
    for start in range(0, len(examples), 4096):
        part = examples[start : start + 4096].astype(numpy.float64) * scale
        sums += part.sum(0)
        products += part.T @ part
    mean = sums / len(examples)
    variances, vectors = numpy.linalg.eigh(products / len(examples) - numpy.outer(mean, mean))
    return variances[::-1], vectors.T[::-1]


def read_cache(folder, features, components):
    (file,) = folder.glob("*.components")
    content = file.read_bytes()
    count = components * (1 + features)
    if content[: len(MAGIC)] != MAGIC or len(content) != len(MAGIC) + 8 * count + DIGEST_BYTES:
        sys.exit(f"{file.name} is not {components} components of {features} features")
    numbers = numpy.array(struct.unpack_from(f"<{count}d", content, len(MAGIC)))
    return numbers[:components], numbers[components:].reshape(components, features)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    data = [pathlib.Path(word).resolve() for word in sys.argv[2:]]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command = [pathlib.Path(sys.argv[1]).resolve(), "components", *data]
        command += ["--cache", folder / "cache", "--rows", folder / "rows"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(printed, end="")
        times = re.findall(r"^(\d+) components (.+): (\S+) s$", printed, re.MULTILINE)
        if [what for _, what, _ in times] != ["fitted", "from the cache"]:
            sys.exit("hpbench says other things than it did")
        rows = numpy.loadtxt(folder / "rows", dtype=int)
        examples, scale = cifar10(data[0]) if data else digits()
        found = read_cache(folder / "cache", examples.shape[1], int(times[0][0]))
    expected = eigenvectors(examples[rows], scale)
    ratios = found[0][:COMPARED] / expected[0][:COMPARED]
    ours, theirs = found[1][:COMPARED], expected[1][:COMPARED]
    signs = numpy.sign((ours * theirs).sum(1, keepdims=True))
    off = numpy.abs(ours - signs * theirs).max()
    variance_off = numpy.abs(ratios - 1).max()
    print(
        f"the leading {COMPARED} components of {examples.shape[1]} features differ from NumPy's by "
        f"at most {off:.1e}, their variances by a share of {variance_off:.1e}"
    )
    fitting, cached = (float(seconds) for _, _, seconds in times)
    # Not `off > TOLERANCE`: what is no number must not pass.
    if not (off <= TOLERANCE and variance_off <= TOLERANCE):
        sys.exit("they are other components")
    if fitting > SECONDS_MAXIMUM:
        sys.exit(f"fitting took {fitting} s, more than {SECONDS_MAXIMUM} s")
    if data and cached > fitting / 2:
        sys.exit(f"the cache took {cached} s, fitting {fitting} s: nothing was kept")


if __name__ == "__main__":
    main()
