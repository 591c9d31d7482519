"""`calibrant study` and `calibrant studies`, on a study made small."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import ValidationError

from calibrant.cli.study_progress import StudyBars
from calibrant.studies.library import load_study, study_names
from tests.cli.conftest import Program
from tests.cli.program import Outcome, check_schema, run_program
from tests.studies.conftest import write_study

FRAIL = [
    {"name": "sound"},
    {"name": "diverging", "train": {"learning_rate": 1e30}},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("studies")


@pytest.fixture(scope="module")
def frail(folder: Path) -> Outcome:
    """The outcome of a study with a run that fails."""
    path = write_study(
        folder / "frail.toml", vary=None, ending="losses", scale={"series": FRAIL, "seeds": [0]}
    )
    return run_program("study", path, "--runs", folder)


def test_a_failing_run_names_itself_and_the_others_are_shown(frail: Outcome, folder: Path) -> None:
    assert frail.code == 2
    assert "Dropout of LeNet-5, scale smoke; test images" in frail.out
    assert "over seeds; data: digits\n" in frail.out
    assert any(line.startswith("sound") for line in frail.out.splitlines())
    assert "calibrant: 1 run failed; the others are kept" in frail.err
    assert "  diverging seed 0: the training loss of epoch 1 is" in frail.err
    assert "1 done, 0 left, 1 failed" in frail.err
    assert "Traceback" not in frail.err
    assert (folder / "frail" / "smoke" / "figure.svg").is_file()


def test_json_on_stdout_progress_on_stderr(frail: Outcome, folder: Path) -> None:
    assert frail.code == 2
    # Without the failing run, which a study of its own leaves out, nothing is left to be made.
    path = write_study(
        folder / "frail.toml", vary=None, ending="losses", scale={"series": FRAIL[:1], "seeds": [0]}
    )
    outcome = run_program("study", path, "--runs", folder, "--json")
    content = outcome.json
    assert (content["study"], content["scale"], content["seeds"]) == ("frail", "smoke", [0])
    assert [row["series"] for row in content["rows"]] == ["sound"]
    assert outcome.err.startswith("Dropout of LeNet-5 (seconds)\n")
    assert f"figure.svg to {folder / 'frail' / 'smoke'}" in outcome.err
    for broken in (
        {**content, "scale": "large"},
        {**content, "rows": []},
        {**content, "settings": {**content["settings"], "series": []}},
        {**content, "failed": [{"run": "a"}]},
        {**content, "surprise": 1},
    ):
        with pytest.raises(ValidationError):
            check_schema(broken)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["dept"], "there is no study 'dept'. Did you mean 'depth'?"),
        (["absent.toml"], "cannot read the study absent.toml"),
        (["depth", "--scale", "huge"], "--scale"),
        (["depth", "--jobs", "0"], "--jobs"),
        (["depth", "--seeds", "0"], "--seeds"),
    ],
)
def test_what_cannot_be_run_leaves_nothing(
    calibrant: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = calibrant("study", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_another_study(calibrant: Program, tmp_path: Path) -> None:
    path = write_study(tmp_path / "mine.toml")
    place = tmp_path / "runs" / "mine" / "smoke"
    place.mkdir(parents=True)
    (place / "study.json").write_text('{"study": "depth", "scale": "smoke", "data": null}')
    outcome = calibrant("study", path, "--runs", tmp_path / "runs")
    assert (outcome.code, outcome.out) == (2, "")
    assert "belongs to another study: study was 'depth' and is now 'mine'" in outcome.err
    assert [file.name for file in place.iterdir()] == ["study.json"]


def test_the_list_of_studies(calibrant: Program) -> None:
    text = calibrant("studies").out
    listed = calibrant("studies", "--json").json["studies"]
    assert [study["name"] for study in listed] == study_names()
    for study in listed:
        loaded = load_study(study["name"])
        assert f"{study['name']}: {loaded.title}\n  {loaded.summary}" in text
        for name, scale in loaded.scales.items():
            assert study["scales"][name]["cost"] == scale.cost
            assert scale.cost in text


def test_the_bars_count_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with StudyBars() as bars:
        bars.on_plan(["one", "two", "three", "four"])
        bars.on_found("one")
        for label, failure in (("two", None), ("three", "it broke [badly]")):
            bars.on_begin(label)
            bars.on_wait(label, "runs/a is in use")
            bars.on_advance(label, 0.5)
            bars.on_end(label, failure)
    shown = capsys.readouterr().err
    assert "2 done, 1 left, 1 failed" in shown
    assert "three: runs/a is in use" in shown
    assert "three failed: it broke [badly]" in shown
