"""What the headline of a study says, on the tables of the documentation and on small ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from calibrant.studies.headline import headline
from calibrant.studies.stored_table import StoredTable, read_table
from tests.studies.stored_tables import stored_study


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (
            "depth",
            "On test images: cifar-resnet, width 0.5, depth 8 to 32: the error falls from 77.6 ± 1.4 % to "
            "73.2 ± 1.1 % and the ECE goes from 3.2 ± 0.3 % to 2.4 ± 0.9 % (within the spread), but is "
            "least, 1.1 ± 0.2 %, at 20; numbers are mean ± standard deviation over seeds.",
        ),
        (
            "batch-norm",
            "; LeNet-5, batch normalisation no to yes: the error falls from 78.3 ± 0.7 % to 74.3 ± 0.6 % and "
            "the ECE falls from 24.9 ± 1.4 % to 16.7 ± 0.6 %; numbers",
        ),
        ("width", "convnet, width 0.125 to 0.5: the error falls from 84.9 ± 0.4 % to 69.6"),
        ("width", "and the ECE rises from 0.8 ± 0.1 % to 12.1 ± 1.1 %; numbers"),
        (
            "calibrators",
            "The least log-loss on test images, seeds averaged, is that of auto and basis on 3 of 3 "
            "networks.",
        ),
        (
            "losses",
            "The least log-loss on test images is that of focal, γ = 3, 3.1065 ± 0.0663 with an ECE of "
            "3.6 ± 0.3 %, and the largest that of Brier, 4.4323 ± 0.0159 with an ECE of 0.5 ± 0.1 %; ",
        ),
        (
            "nll-overfitting",
            "On validation images: convnet, width 0.5, from the epoch of the lowest log-loss to the last "
            "epoch: the log-loss rises from 2.4873 ± 0.0058 to 2.5044 ± 0.0109, the error goes from",
        ),
    ],
)
def test_it_says_what_the_table_shows(study: str, said: str, tmp_path: Path) -> None:
    assert said in headline(read_table(stored_study(study, tmp_path)))


def small(ending: str, **results: list[float]) -> StoredTable:
    """A table of one seed with a row for each series."""
    columns = ("nll", "ece", "error")
    return StoredTable.model_validate(
        {
            "study": "small",
            "scale": "smoke",
            "title": "Small",
            "summary": "A small one.",
            "source": "Nobody.",
            "ending": ending,
            "scored": "test",
            "seeds": [0],
            "settings": {
                "cost": "seconds",
                "data": {},
                "net": {},
                "train": {},
                "series": [{"name": "net", "values": [0, 1], "data": {}, "net": {}, "train": {}}],
            },
            "value_title": "depth" if ending == "factor" else None,
            "part_title": "method" if ending == "calibrators" else None,
            "columns": [{"name": name, "title": name, "decimals": 4} for name in columns],
            "rows": [
                {
                    "series": name.partition("_")[0],
                    "value": place if ending == "factor" else None,
                    "part": name.partition("_")[2],
                    "seeds": 1,
                    "results": {
                        column: {"mean": mean, "spread": None}
                        for column, mean in zip(columns, means, strict=True)
                    },
                }
                for place, (name, means) in enumerate(results.items())
            ],
            "notes": [],
            "failed": [],
        }
    )


def test_of_one_seed_nothing_is_said_to_fall_or_rise() -> None:
    rows: dict[str, Any] = {"net_a": [0.5, 0.1, 0.2], "net_b": [0.5, 0.3, 0.1]}
    assert headline(small("factor", **rows)) == (
        "On test images: net, depth 0 to 1: the error goes from 20.0 % to 10.0 % and the ECE goes from "
        "10.0 % to 30.0 %; all of one seed, so that chance is not shown."
    )


def test_methods_are_counted_over_networks() -> None:
    rows: dict[str, Any] = {
        "one_vector": [0.4, 0.1, 0.2],
        "one_platt": [0.5, 0.1, 0.2],
        "two_vector": [0.6, 0.1, 0.2],
        "two_platt": [0.5, 0.1, 0.2],
        "three_vector": [0.4, 0.1, 0.2],
    }
    assert headline(small("calibrators", **rows)).startswith(
        "The least log-loss on test images, seeds averaged, is that of vector on 2 of 3 networks and "
        "platt on 1 of 3 networks; all of one seed"
    )


@pytest.mark.parametrize("ending", ["factor", "overfitting", "calibrators", "losses"])
def test_a_table_without_what_its_sentence_needs_is_refused(ending: str) -> None:
    table = small(ending, net_a=[0.5, 0.1, 0.2], net_b=[0.4, 0.1, 0.2])
    bare = [row.model_copy(update={"results": {}}) for row in table.rows]
    with pytest.raises(LookupError):
        headline(table.model_copy(update={"rows": tuple(bare)}))


def test_a_single_row_is_neither_best_nor_worst() -> None:
    assert headline(small("losses", net=[0.5, 0.1, 0.2])).startswith(
        "net has the log-loss 0.5000 with an ECE of 10.0 %; all of one seed"
    )
