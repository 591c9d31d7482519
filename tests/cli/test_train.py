"""`calibrant train` and `calibrant predict`: from a folder of images to predictions of other images."""

from __future__ import annotations

import json
from pathlib import Path

import datasets
import numpy as np
import onnxruntime
import pytest
from PIL import Image

from calibrant.calibrators import TemperatureScaling
from calibrant.exported.opening import open_exported
from calibrant.io import read
from calibrant.predictions import Predictions
from calibrant.recipes.library import load_recipe
from tests.cli.conftest import Program
from tests.cli.program import Outcome, check_schema, run_program
from tests.drawn_predictions import overconfident

TINY = (
    "--epochs",
    "2",
    "--set",
    "train.device=cpu",
    "--set",
    "train.threads=1",
    "--set",
    "train.batch_size=8",
)


def picture(brightness: int, side: int = 32, *, seed: int = 0) -> Image.Image:
    """A noisy image of one brightness."""
    noise = np.random.default_rng(seed).integers(0, 40, (side, side, 3))
    return Image.fromarray((brightness + noise).astype(np.uint8))


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("hugging-face"))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 20 dark and 20 light images, one folder per class, and one damaged file."""
    root = tmp_path_factory.mktemp("own") / "pictures"
    for name, brightness in (("dark", 10), ("light", 200)):
        (root / name).mkdir(parents=True)
        for index in range(20):
            picture(brightness, seed=index).save(root / name / f"{index:02}.png")
    (root / "dark" / "broken.png").write_bytes(b"")
    return root


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """Return the folder of a run and what the command said."""
    output = tmp_path_factory.mktemp("runs") / "mine"
    words = ("--net", "lenet5", "--data", folder, "-o", output, *TINY, "--on-corrupt", "skip", "--seed", 3)
    return output, run_program("train", *words, "--json")


def test_it_leaves_a_run_that_can_be_run_again(trained: tuple[Path, Outcome], folder: Path) -> None:
    output, outcome = trained
    assert outcome.json["recipe"] == "mine"
    assert outcome.json["folders"] == [str(output)]
    assert outcome.err.startswith("lenet5 on pictures\n")
    assert f"left out: the image {folder / 'dark' / 'broken.png'} (it is empty)" in outcome.err
    recipe = load_recipe(str(output / "recipe.toml"))
    assert (recipe.net.name, recipe.train.epochs, recipe.seeds) == ("lenet5", 2, (3,))
    assert recipe.data.name == str(folder)
    assert recipe.command.startswith("calibrant train --net lenet5 --data ")
    content = json.loads((output / "evaluation.json").read_text(encoding="utf-8"))
    check_schema(content)
    assert content["data"]["skipped_images"] == 1
    assert (output / "report.html").is_file()


def test_again_it_is_fetched_and_told_in_words(trained: tuple[Path, Outcome], folder: Path) -> None:
    output, _ = trained
    before = (output / "model.safetensors").stat().st_mtime_ns
    words = ("--net", "lenet5", "--data", folder, "-o", output, *TINY, "--on-corrupt", "skip", "--seed", 3)
    outcome = run_program("train", *words)
    assert outcome.code == 0
    assert "mine, seed 3: temperature scaling: T = " in outcome.out
    assert (output / "model.safetensors").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--net", "lenet6", "--on-corrupt", "skip"], "there is no network called 'lenet6'"),
        (
            ["--set", "train.epoch=2"],
            "calibrant train: there is no key 'train.epoch'. Did you mean 'epochs'?",
        ),
        (["--classes", "dark,grey"], "no class 'grey'"),
        ([], 'such images out: --on-corrupt skip, or data.on_corrupt = "skip" in a recipe.'),
        (["--image-size", "20", "--on-corrupt", "skip"], "lenet5 takes images of 32 × 32 pixels"),
    ],
)
def test_what_cannot_be_trained_leaves_nothing(
    calibrant: Program, folder: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    outcome = calibrant("train", "--net", "lenet5", "--data", folder, "-o", tmp_path / "run", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside", ["", "run", "dark/run"])
def test_a_run_does_not_lie_among_its_images(calibrant: Program, folder: Path, inside: str) -> None:
    before = sorted(folder.rglob("*"))
    outcome = calibrant("train", "--net", "lenet5", "--data", folder, "-o", folder / inside)
    assert (outcome.code, outcome.out) == (2, "")
    assert "would lie among the images of" in outcome.err
    assert sorted(folder.rglob("*")) == before


def test_images_of_any_kind_get_calibrated_probabilities(
    trained: tuple[Path, Outcome], calibrant: Program, tmp_path: Path
) -> None:
    output, _ = trained
    picture(10).save(tmp_path / "dark.png")
    picture(200, side=50).resize((50, 20)).save(tmp_path / "light.jpg")
    picture(200).convert("L").save(tmp_path / "grey.png")
    content = calibrant("predict", output, tmp_path, "--json").json
    assert [Path(each["image"]).name for each in content["images"]] == ["dark.png", "grey.png", "light.jpg"]
    assert content["output"] is None
    assert content["classes"] == ["dark", "light"]
    stored = json.loads((output / "temperature.json").read_text(encoding="utf-8"))
    assert content["temperature"] == stored["parameters"]["temperature"]
    for each in content["images"]:
        assert sum(entry["probability"] for entry in each["top"]) == pytest.approx(1)
        assert each["probability"] == max(entry["probability"] for entry in each["top"])
    text = calibrant("predict", output, tmp_path / "dark.png", "--top", 1).out.splitlines()
    assert text[0].split() == ["image", "in", "words", "class", "probability"]
    first = content["images"][0]
    assert text[1].startswith(f"{tmp_path / 'dark.png'}  {first['words']}  ")
    assert text[1].split()[-2:] == [first["class"], f"{first['probability']:.4f}"]
    assert first["class"] in first["words"]


def test_images_that_cannot_be_read_are_left_out_and_counted_even_where_they_fill_a_batch(
    trained: tuple[Path, Outcome], calibrant: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, _ = trained
    monkeypatch.setattr("calibrant.exported.predicting._BATCH", 2)
    for name in ("0.png", "1.png", "2.png", "5.png"):
        (tmp_path / name).write_bytes(b"")
    picture(10).save(tmp_path / "3.png")
    picture(200).save(tmp_path / "4.png")
    outcome = calibrant("predict", output, tmp_path, "--on-corrupt", "skip", "--json")
    assert [Path(each["image"]).name for each in outcome.json["images"]] == ["3.png", "4.png"]
    assert len(outcome.json["skipped"]) == 4
    assert outcome.err.count("left out: ") == 4
    stopped = calibrant("predict", output, tmp_path)
    assert (stopped.code, stopped.out) == (2, "")
    assert "0.png is not a readable image (it is empty)" in stopped.err


def test_images_of_which_not_one_can_be_read(
    trained: tuple[Path, Outcome], calibrant: Program, tmp_path: Path
) -> None:
    for name in ("0.png", "1.png"):
        (tmp_path / name).write_bytes(b"")
    outcome = calibrant("predict", trained[0], tmp_path, "--on-corrupt", "skip")
    assert (outcome.code, outcome.out) == (2, "")
    assert "none of 2 images could be read. The first: " in outcome.err


def test_a_labelled_folder_becomes_a_file_that_evaluate_reads(
    trained: tuple[Path, Outcome], folder: Path, calibrant: Program, tmp_path: Path
) -> None:
    output, _ = trained
    rows = tmp_path / "rows.npz"
    words = ("predict", output, folder, "-o", rows, "--on-corrupt", "skip")
    content = calibrant(*words, "--json").json
    assert content["output"] == {"file": str(rows), "rows": 40, "split": "train", "other_classes": 0}
    assert len(content["skipped"]) == 1
    predictions = read(rows)
    assert predictions.classes == ("dark", "light")
    assert predictions.labels.tolist() == [0] * 20 + [1] * 20
    assert calibrant("evaluate", rows, "--json").json["n"] == 40
    images = calibrant("predict", output, folder / "light", "--json").json["images"]
    expected = dict(zip(("dark", "light"), predictions.probs()[20], strict=True))
    for entry in images[0]["top"]:
        assert entry["probability"] == pytest.approx(expected[entry["class"]], abs=1e-6)


def test_classes_are_matched_by_name_and_others_left_out(
    trained: tuple[Path, Outcome], calibrant: Program, tmp_path: Path
) -> None:
    output, _ = trained
    for name in ("grey", "light"):
        (tmp_path / "more" / name).mkdir(parents=True)
        picture(200).save(tmp_path / "more" / name / "0.png")
    outcome = calibrant("predict", output, tmp_path / "more", "-o", tmp_path / "rows.npz")
    assert outcome.code == 0
    assert "left out: 1 images of classes that the model does not know" in outcome.err
    assert read(tmp_path / "rows.npz").labels.tolist() == [1]


@pytest.mark.parametrize(
    ("images", "words", "message"),
    [
        ("labelled", [], "has labels, so its predictions go into a file: name it with -o"),
        ("labelled", ["flat/0.png"], "labelled has labels, so its predictions go into a file: name it alone"),
        ("flat", ["-o", "rows.npz"], "a file of predictions needs labels, and these images have none"),
        ("flat", ["--split", "test"], "--split picks a part of a folder with labels"),
        ("labelled", ["-o", "rows.npz", "--split", "test"], "has no split called 'test'"),
        ("absent", [], "there is no image or folder"),
        ("flat/broken.png", [], "broken.png is not a readable image"),
        ("unknown", ["-o", "rows.npz"], "has no image of a class that the model knows. It has bird; "),
    ],
)
def test_what_cannot_be_predicted(
    trained: tuple[Path, Outcome],
    calibrant: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    images: str,
    words: list[str],
    message: str,
) -> None:
    output, _ = trained
    for place in ("labelled/dark", "flat", "unknown/bird"):
        (tmp_path / place).mkdir(parents=True)
        picture(10).save(tmp_path / place / "0.png")
    (tmp_path / "flat" / "broken.png").write_text("no image")
    monkeypatch.chdir(tmp_path)
    outcome = calibrant("predict", output, images, *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert not (tmp_path / "rows.npz").exists()


def test_a_folder_that_is_no_finished_run(calibrant: Program, tmp_path: Path) -> None:
    picture(10).save(tmp_path / "0.png")
    outcome = calibrant("predict", tmp_path, tmp_path / "0.png")
    assert outcome.code == 2
    assert "holds no finished run: there is no recipe.toml" in outcome.err


def test_export_writes_a_file_that_says_what_predict_says(
    calibrant: Program, trained: tuple[Path, Outcome], folder: Path, tmp_path: Path
) -> None:
    output, _ = trained
    path = tmp_path / "model.onnx"
    outcome = calibrant("export", output, "-o", path, "--data", folder.parent / "none", "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no folder" in outcome.err
    assert not path.exists()
    outcome = calibrant("export", output, "-o", path, "--json")
    check_schema(outcome.json)
    assert (outcome.json["format"], outcome.json["method"]) == ("onnx", "temperature")
    assert outcome.json["difference"] <= 1e-6
    assert (outcome.json["takes"], outcome.json["own_data"], outcome.json["names_compared"]) == (
        "pixels",
        True,
        True,
    )
    image = folder / "light" / "03.png"
    said = calibrant("predict", output, image, "--json").json["images"][0]
    pixels = np.asarray(Image.open(image)).transpose(2, 0, 1)[None]
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    probs = session.run(None, {"pixels": pixels})[0][0]
    classes = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
    assert classes == ["dark", "light"]
    wanted = {each["class"]: each["probability"] for each in said["top"]}
    assert dict(zip(classes, probs.tolist(), strict=True)) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("suffix", [".onnx", ".pt2"])
def test_an_exported_file_predicts_like_its_run(
    calibrant: Program, trained: tuple[Path, Outcome], folder: Path, tmp_path: Path, suffix: str
) -> None:
    output, _ = trained
    model = tmp_path / f"model{suffix}"
    assert calibrant("export", output, "-o", model).code == 0
    facts = open_exported(model).facts
    evaluation = json.loads((output / "evaluation.json").read_text(encoding="utf-8"))
    stored = json.loads((output / "temperature.json").read_text(encoding="utf-8"))
    assert facts.temperature == stored["parameters"]["temperature"]
    assert facts.fitted_on == stored["fitted_on"]["content_hash"]
    assert facts.split_hash == evaluation["data"]["split_hash"]
    assert facts.pixels is not None
    assert list(facts.pixels.mean) == evaluation["data"]["mean"]
    assert (facts.pixels.size, facts.pixels.channels) == (evaluation["data"]["image_size"], 3)
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    picture(10).save(pictures / "dark.png")
    picture(200, side=50).resize((50, 20)).save(pictures / "light.jpg")
    picture(200).convert("L").save(pictures / "grey.png")
    of_run, of_file = (calibrant("predict", what, pictures, "--json").json for what in (output, model))
    assert of_file["model"] == str(model)
    assert of_file["temperature"] == of_run["temperature"]
    for mine, its in zip(of_file["images"], of_run["images"], strict=True):
        assert (mine["image"], mine["class"], mine["words"]) == (its["image"], its["class"], its["words"])
        assert mine["probability"] == pytest.approx(its["probability"], abs=1e-6)
    rows = tmp_path / "rows.npz"
    calibrant("predict", model, folder, "-o", rows, "--on-corrupt", "skip")
    assert read(rows).labels.tolist() == [0] * 20 + [1] * 20
    broken = calibrant("predict", model, folder / "dark" / "broken.png")
    assert (broken.code, broken.out) == (2, "")
    assert "broken.png is not a readable image" in broken.err


def test_a_calibrator_without_names_is_compared_by_number_alone(
    calibrant: Program, trained: tuple[Path, Outcome], tmp_path: Path
) -> None:
    TemperatureScaling().fit(overconfident(60, 2)).save(tmp_path / "two.json")
    words = ("export", trained[0], "-o", tmp_path / "a.pt2", "--calibrator", tmp_path / "two.json")
    outcome = calibrant(*words, "--json")
    assert outcome.json["names_compared"] is False
    assert "only their number was compared" in outcome.err
    TemperatureScaling(2.0).save(tmp_path / "given.json")
    outcome = calibrant(*words[:-1], tmp_path / "given.json", "--json")
    assert outcome.json["names_compared"] is False
    assert "does not say what it was fitted on: its classes were not compared" in outcome.err


def test_grey_images_of_another_size_are_compared_on_as_predict_takes_them(
    calibrant: Program, trained: tuple[Path, Outcome], tmp_path: Path
) -> None:
    for name, level in (("dark", 10), ("light", 200)):
        (tmp_path / "grey" / name).mkdir(parents=True)
        for index in range(10):
            grey = picture(level, side=50).convert("L")
            grey.save(tmp_path / "grey" / name / f"{index}.png")
    outcome = calibrant("export", trained[0], "-o", tmp_path / "a.pt2", "--data", tmp_path / "grey", "--json")
    assert (outcome.code, outcome.json["own_data"]) == (0, True)
    assert outcome.json["difference"] <= 1e-6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-o", "model.bin"], "end it with .onnx or .pt2, or give --format"),
        (["-o", "model.onnx", "--calibrator", "three.json"], "fitted on 3 classes, and the run has 2"),
        (
            ["-o", "model.onnx", "--calibrator", "swapped.json"],
            "in another order: class 0 is 'light' there and 'dark' in the run",
        ),
        (["-o", "folder"], "end it with .onnx or .pt2, or give --format"),
        (["-o", "absent/model.pt2"], "cannot write absent/model.pt2"),
    ],
)
def test_what_cannot_be_exported_leaves_nothing(
    calibrant: Program,
    trained: tuple[Path, Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    TemperatureScaling().fit(overconfident(60, 3)).save(tmp_path / "three.json")
    rows = overconfident(60, 2)
    swapped = Predictions.from_logits(rows.logits(), rows.labels, classes=["light", "dark"])
    TemperatureScaling().fit(swapped).save(tmp_path / "swapped.json")
    outcome = calibrant("export", trained[0], *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["swapped.json", "three.json"]
