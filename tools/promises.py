"""What each extra promises, tried by `check_extras` in a folder with `val.csv` and `test.csv`.

What comes from elsewhere is made first, with all extras; then with the one alone the code of a promise runs,
then its commands of `calibrant`, then its check.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """What works with one extra alone.

    Attributes
    ----------
    commands : tuple of str
        Of `calibrant`, one after another; each must end with exit code 0, and leave what it names after `-o`.
    code, check : str
        Python that runs before and after them.
    beside : tuple of str
        Packages that users of this extra bring themselves.
    elsewhere : str
        Python that makes files which users of this extra get from others, run with all extras.
    """

    commands: tuple[str, ...] = ()
    code: str = ""
    check: str = ""
    beside: tuple[str, ...] = ()
    elsewhere: str = ""


_DIGIT = """
import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
Image.fromarray((load_digits().images[0] / 16 * 255).astype(np.uint8)).save("zero.png")
"""
_TRAINED = ("run lenet5-digits --seed 0 --set train.epochs=3", "predict runs/lenet5-digits/seed-0 zero.png")
_TENSORS = """
import calibrant, torch
rows = calibrant.read("test.csv")
torch.save({"logits": torch.tensor(rows.scores), "labels": torch.tensor(rows.labels)}, "test.pt")
"""
_CLASSIFIER = """
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from calibrant.sklearn import CalibratedClassifier
X, y = load_digits(return_X_y=True)
model = CalibratedClassifier(LogisticRegression(max_iter=20, C=1e-3)).fit(X[:900], y[:900])
assert abs(model.predict_proba(X[900:]).sum(axis=1) - 1).max() < 1e-9
assert model.score(X[900:], y[900:]) > 0.8
"""
_IN_MEMORY = """
import fsspec, calibrant
with open("test.csv", "rb") as here, fsspec.open("memory://test.csv", "wb") as there:
    there.write(here.read())
assert (calibrant.read("memory://test.csv").scores == calibrant.read("test.csv").scores).all()
"""
_STRICT = """
import array_api_strict, calibrant, numpy as np
from calibrant import array_api
from calibrant.calibrators import from_fit
rows = calibrant.read("val.csv")
for library in (np, array_api_strict):
    logits, labels = library.asarray(rows.scores), library.asarray(rows.labels)
    fit = array_api.fit_temperature(logits, labels)
    assert abs(fit.temperature - calibrant.TemperatureScaling().fit(rows).temperature_) < 1e-9
    assert abs(array_api.evaluate(logits, labels).ece - calibrant.evaluate(rows).ece) < 1e-12
from_fit(fit).save("calibrator.json")
"""
_ONNX = """
import numpy as np, onnxruntime
session = onnxruntime.InferenceSession("model.onnx")
(taken,) = session.get_inputs()
shape = [size if isinstance(size, int) else 3 for size in taken.shape]
probabilities = session.run(None, {taken.name: np.zeros(shape, np.uint8)})[0]
assert probabilities.shape == (3, 10) and abs(probabilities.sum(axis=1) - 1).max() < 1e-5
"""
_EXPORTED = f"""
from calibrant.cli.main import app
for words in ("{_TRAINED[0]}", "export runs/lenet5-digits/seed-0 -o model.onnx"):
    app(words.split(), standalone_mode=False)
"""
_SAME_TEMPERATURE = """
import calibrant
one, many = calibrant.load("one.json"), calibrant.load("many.json")
assert one.temperature_ == many.temperature_ != 1
"""

PROMISES = {
    "train": Promise(
        commands=(*_TRAINED, "evaluate test.pt", "report runs/lenet5-digits/seed-0 -o run.html"),
        code=_DIGIT + _TENSORS,
    ),
    "plot": Promise(
        (
            "plot test.csv --kind reliability -o reliability.png",
            "plot test.csv --kind before-after --validation val.csv -o before-after.pdf",
            "plot test.csv --kind cumulative -o cumulative.svg",
        )
    ),
    "report": Promise(
        (
            "report test.csv",
            "report test.csv --validation val.csv --methods none -o report.html",
            "report test.csv --methods none -o report.json",
            "report report.json -o report.md",
        )
    ),
    "sklearn": Promise(code=_CLASSIFIER),
    "parquet": Promise(
        (
            "convert val.csv parts --rows-per-part 100",
            "convert test.csv test.parquet",
            "convert test.parquet test.arrow",
            "fit parts -o calibrator.json --in-parts",
            "apply calibrator.json test.arrow -o after.parquet",
            "evaluate after.parquet",
        )
    ),
    "safetensors": Promise(("convert test.csv test.safetensors", "evaluate test.safetensors")),
    "remote": Promise(code=_IN_MEMORY, commands=("evaluate file://{folder}/test.csv",)),
    "array": Promise(
        code=_STRICT,
        commands=("apply calibrator.json test.csv -o after.csv",),
        beside=("array-api-strict",),
    ),
    "predict": Promise(
        commands=("predict model.onnx zero.png", "predict model.onnx zero.png --json"),
        elsewhere=_DIGIT + _EXPORTED,
    ),
    "export": Promise(
        code=_DIGIT,
        commands=(
            *_TRAINED,
            "export runs/lenet5-digits/seed-0 -o model.onnx",
            "export runs/lenet5-digits/seed-0 -o model.pt2",
        ),
        check=_ONNX,
    ),
    "scale": Promise(
        commands=(
            "convert val.csv parts --rows-per-part 100",
            "fit parts -o one.json --in-parts",
            "fit parts -o many.json --engine dask --workers 2",
        ),
        check=_SAME_TEMPERATURE,
    ),
}
