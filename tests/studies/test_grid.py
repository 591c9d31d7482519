"""The runs of a study: which there are, what each is called, and what tells them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from calibrant.errors import InvalidStudy
from calibrant.studies.grid import PlannedRun, Point, planned_runs
from calibrant.studies.library import load_study
from tests.studies.conftest import RUNS, write_study


def planned(path: Path, seeds: tuple[int, ...] = (0, 1)) -> tuple[PlannedRun, ...]:
    study = load_study(str(path))
    return planned_runs(study, study.scales["smoke"], seeds, source="tiny.toml")


def test_every_value_with_every_seed_and_whole_grids_first(tiny: Path) -> None:
    runs = planned(tiny)
    assert tuple(run.label for run in runs) == RUNS
    assert [run.recipe.net.dropout for run in runs] == [0.0, 0.5, 0.0, 0.5]
    assert [run.recipe.seeds for run in runs] == [(0,), (0,), (1,), (1,)]
    assert [run.point for run in runs[:2]] == [Point("LeNet-5", 0.0), Point("LeNet-5", 0.5)]


def test_folders_are_readable_and_differ(tiny: Path) -> None:
    names = [run.name for run in planned(tiny)]
    networks = [run.network_name(None) for run in planned(tiny)]
    assert len(set(names)) == len(set(networks)) == 4
    assert names[1].startswith("LeNet-5-dropout-0.5-seed-0-")
    assert networks[1].startswith("lenet5-seed-0-")
    assert all(set(name) <= set("-.+") | set(map(chr, range(48, 123))) for name in names + networks)


def test_settings_decide_the_hash_and_words_do_not(tiny: Path, tmp_path: Path) -> None:
    before = [run.settings for run in planned(tiny)]
    words = write_study(tmp_path / "words.toml", title="Other words", source="Elsewhere.")
    assert [run.settings for run in planned(words)] == before
    default = write_study(tmp_path / "default.toml", scale={"train": _train(momentum=0.0)})
    assert [run.settings for run in planned(default)] == before
    longer = write_study(tmp_path / "longer.toml", scale={"train": _train(epochs=2)})
    assert not set(before) & {run.settings for run in planned(longer)}


def test_studies_that_train_the_same_name_the_same_folder(tiny: Path, tmp_path: Path) -> None:
    other = {
        "vary": {"setting": "train.epochs", "title": "epochs"},
        "scale": {"series": [{"name": "other", "values": [1, 2], "net": {"dropout": 0.5}}]},
    }
    first, second = planned(tiny, (0,)), planned(write_study(tmp_path / "o.toml", **other), (0,))
    names = [[run.network_name(None) for run in runs] for runs in (first, second)]
    assert names[0][1] == names[1][0]
    assert len({*names[0], *names[1]}) == 3


def test_other_images_make_another_network(tiny: Path) -> None:
    run = planned(tiny)[0]
    assert run.network_name(Path("/a")) != run.network_name(Path("/b")) != run.network_name(None)


def test_a_series_has_settings_of_its_own(tmp_path: Path) -> None:
    series = [
        {"name": "plain", "values": [0.0]},
        {"name": "normed", "values": [0.0], "net": {"batch_norm": True}, "train": {"epochs": 3}},
    ]
    plain, normed = planned(write_study(tmp_path / "s.toml", scale={"series": series}), (0,))
    assert (plain.recipe.net.batch_norm, plain.recipe.train.epochs) == (False, 1)
    assert (normed.recipe.net.batch_norm, normed.recipe.train.epochs) == (True, 3)
    assert normed.recipe.train.batch_size == 20


def test_without_variation_a_series_is_one_point(tmp_path: Path) -> None:
    path = write_study(
        tmp_path / "s.toml", vary=None, ending="losses", scale={"series": [{"name": "LeNet-5"}]}
    )
    (run,) = planned(path, (4,))
    assert (run.label, run.point) == ("LeNet-5 seed 4", Point("LeNet-5", None))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scale": {"net": {"name": "lenet5", "droput": 0.1}}}, r"'net\.droput'\. Did you mean 'dropout'"),
        ({"scale": {"series": [{"name": "a", "values": [1.5]}]}}, r"a dropout 1\.5 seed 0: net\.dropout: "),
        ({"scale": {"series": [{"name": "a"}]}}, "'a' needs values of what varies"),
        ({"vary": None, "ending": "losses"}, "'LeNet-5' needs no values, because nothing varies"),
        (
            {"scale": {"series": [{"name": "a", "values": [0.5]}, {"name": "b", "values": [0.5]}]}},
            r"a dropout 0\.5 seed 0 and b dropout 0\.5 seed 0 are the same run",
        ),
    ],
)
def test_a_grid_that_cannot_be_run(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidStudy, match=rf"(?s)tiny\.toml.*{message}"):
        planned(write_study(tmp_path / "s.toml", **changes))


def _train(**changes: Any) -> dict[str, Any]:
    return {"batch_size": 20, "epochs": 1, "threads": 1, "device": "cpu", **changes}
