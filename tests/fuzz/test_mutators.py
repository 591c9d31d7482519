"""Mutators change files, never break down, and leave many of them readable; the same seed mutates alike."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tools.fuzz.mutators.draw import Mutator
from tools.fuzz.targets import TARGETS, examine

CORPUS = Path(__file__).parent / "corpus"
ROUNDS = 40


def flipped(content: bytes, draw: random.Random) -> bytes:
    """Change a byte, which the fuzzer does better."""
    if not content:
        return b"\0"
    at = draw.randrange(len(content))
    return content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]


def mutated(mutate: Mutator, content: bytes, number: int) -> bytes:
    """Mutate with one seed."""
    draw = random.Random(number)
    return mutate(content, draw, lambda part: flipped(part, draw))


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_files_are_read_or_refused_in_words(name: str) -> None:
    read, mutate = TARGETS[name].read(), TARGETS[name].mutate()
    seeds = [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]
    mutants = set()
    for number in range(ROUNDS):
        content = seeds[number % len(seeds)]
        first, again = (mutated(mutate, content, number) for _ in range(2))
        assert first == again
        mutants.add(first)
        examine(read, first)
    assert len(mutants) > ROUNDS // 2
