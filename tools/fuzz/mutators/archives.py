"""Archives: members changed, each by its own form, renamed, left out, doubled, stored in another way."""

from __future__ import annotations

import io
import random
import zipfile

from tools.fuzz.archive import packed, unpacked
from tools.fuzz.mutators.arrays import npy
from tools.fuzz.mutators.draw import ODD_TEXTS, Bytes, Mutator, plain
from tools.fuzz.mutators.tables import arrow_table, csv_text, parquet_table
from tools.fuzz.mutators.tensors import safetensors
from tools.fuzz.mutators.trees import json_lines, json_text, toml_text

BY_SUFFIX: dict[str, Mutator] = {
    "json": json_text,
    "jsonl": json_lines,
    "toml": toml_text,
    "npy": npy,
    "csv": csv_text,
    "safetensors": safetensors,
    "parquet": parquet_table,
    "arrow": arrow_table,
}
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_MOST_MEMBERS = 12
_TWICE = 0.05
_BARE = 0.1


def archive(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change a member or two, or the archive; now and then its bare bytes."""
    files = unpacked(content)
    if not files or draw.random() < _BARE:
        return mutated(content)
    name = draw.choice(sorted(files))
    change = draw.randrange(12)
    if change < 9:
        files[name] = member(name, files[name], draw, mutated)
    elif change == 9:
        files[_renamed(name, files, draw)] = files.pop(name)
    elif change == 10 and len(files) > 1:
        del files[name]
    elif len(files) < _MOST_MEMBERS:
        files[_renamed(name, files, draw)] = files[name]
    if draw.random() < _TWICE:
        return _with_twice(files, draw.choice(sorted(files)))
    return packed(files, draw.choice((_METHODS[0], _METHODS[0], *_METHODS)))


def folder(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change the files of a folder, which is an archive to the fuzzer alone."""
    files = unpacked(content)
    if not files:
        return mutated(content)
    for name in draw.sample(sorted(files), draw.choice((1, 1, 1, min(2, len(files))))):
        files[name] = member(name, files[name], draw, mutated)
    if draw.random() < 0.1:
        name = draw.choice(sorted(files))
        files[_renamed(name, files, draw)] = files.pop(name)
    return packed(files)


def member(name: str, content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change a file as its suffix says."""
    suffix = name.rpartition(".")[2]
    if draw.random() < _BARE:
        return mutated(content)
    if suffix == "npz":
        return archive(content, draw, mutated)
    return BY_SUFFIX.get(suffix, plain)(content, draw, mutated)


def _renamed(name: str, files: dict[str, bytes], draw: random.Random) -> str:
    stem, dot, suffix = name.rpartition(".")
    others = [other.rpartition(".")[0] for other in files]
    keys = ("logits", "probs", "labels", "counts", "confidence", "correct", "prediction", "sample_weight")
    stem = draw.choice((*keys, "groups", "ids", "classes", *others, draw.choice(ODD_TEXTS[3:]), stem))
    return f"{stem}{dot}{suffix}".encode("utf-8", "replace").decode("utf-8")


def _with_twice(files: dict[str, bytes], name: str) -> bytes:
    content = io.BytesIO(packed(files))
    with zipfile.ZipFile(content, "a") as opened:
        opened.NameToInfo.pop(name)  # without which zipfile warns
        opened.writestr(zipfile.ZipInfo(name), files[name])
    return content.getvalue()
