"""Studies by name and by path: what each of the library must say, and what a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.errors import InvalidStudy, UnreadableFile
from calibrant.studies.endings.registry import ENDINGS
from calibrant.studies.grid import planned_runs
from calibrant.studies.library import load_study, scale_of, study_names
from calibrant.studies.study import SCALES, Study
from tests.studies.conftest import write_study

NAMES = study_names()
WANTED = {
    "depth",
    "width",
    "batch-norm",
    "weight-decay",
    "nll-overfitting",
    "lenet-vs-resnet",
    "calibrators",
    "losses",
}


def test_the_library_is_found() -> None:
    assert set(NAMES) >= WANTED
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_a_study_says_what_a_reader_needs(name: str) -> None:
    study = load_study(name)
    for text in (study.title, study.summary, study.source):
        assert len(text.strip()) > 10
    assert set(study.scales) == set(SCALES)
    for scale in study.scales.values():
        assert "CPU" in scale.cost or "GPU" in scale.cost
    assert len(study.scales["cpu"].seeds) >= 3


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", NAMES)
def test_every_run_of_every_scale_is_a_recipe(name: str, scale: str) -> None:
    study = load_study(name)
    settings = scale_of(study, scale, name=name)
    runs = planned_runs(study, settings, settings.seeds, source=name)
    assert len(runs) >= len(settings.seeds)
    assert len({run.name for run in runs}) == len(runs)
    for run in runs:
        if scale == "smoke":
            assert run.recipe.data.name == "digits"
            assert (run.recipe.data.train_rows or 0) <= 200
        if scale != "full":
            # What a run comes to must not depend on how many others share the machine.
            assert (run.recipe.train.threads, run.recipe.train.device) == (1, "cpu")


def test_studies_share_networks_at_the_scale_of_a_cpu() -> None:
    networks = [
        run.network_name(None)
        for study in (load_study(name) for name in NAMES)
        for run in planned_runs(study, study.scales["cpu"], study.scales["cpu"].seeds, source="cpu")
    ]
    assert (len(networks), len(set(networks))) == (105, 78)


def test_every_ending_is_some_study_s() -> None:
    assert {load_study(name).ending for name in NAMES} == set(ENDINGS)
    assert len(ENDINGS) >= 5


def test_an_unknown_study_names_the_nearest_and_all() -> None:
    with pytest.raises(InvalidStudy, match=r"Did you mean 'depth'\? Studies: batch-norm, .*width"):
        load_study("dept")


def test_an_unknown_scale_names_those_there_are(tiny: Path) -> None:
    with pytest.raises(InvalidStudy, match=r"the study tiny has no scale 'cpu'\. Known: smoke"):
        scale_of(load_study(str(tiny)), "cpu", name="tiny")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("summary =", "sumary =", r"no key 'sumary'\. Did you mean 'summary'\?"),
        ("cost =", "costs =", r"no key 'scales\.smoke\.costs'\. Did you mean 'cost'\?"),
        ("values =", "value =", r"no key 'scales\.smoke\.series\.0\.value'\. Did you mean 'values'\?"),
        ('"factor"', '"factors"', r"ending: .*got 'factors'"),
        ('"net.dropout"', '"dropout"', r"vary\.setting: .*got 'dropout'"),
        ("[scales.smoke]", "[scales.smok]", r"scales\.smok"),
        ("title =", "= ", "cannot be read as TOML"),
        ('"factor"', '"losses"', r'ending = "factor" goes with a section \[vary\]'),
    ],
)
def test_a_mistake_names_file_key_and_what_would_be_right(
    before: str, after: str, message: str, tmp_path: Path
) -> None:
    path = write_study(tmp_path / "mine.toml")
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InvalidStudy, match=rf"(?s)mine\.toml.*{message}"):
        load_study(str(path))


def test_a_study_file_of_ones_own(tiny: Path, tmp_path: Path) -> None:
    assert isinstance(load_study(str(tiny)), Study)
    with pytest.raises(UnreadableFile, match="cannot read the study"):
        load_study(str(tmp_path / "absent.toml"))
