"""The scores of a fitted scikit-learn classifier as an ONNX graph, made by skl2onnx."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from calibrant.errors import ExportFailed, MissingExtra
from calibrant.sklearn.logits import has_raw_scores

if TYPE_CHECKING:
    import onnx

# Of two classes or more the scores as a plain tensor; which options there are differs between classifiers.
_RAW = ({"zipmap": False, "raw_scores": True}, {"raw_scores": True})
_PROBS: tuple[dict[str, bool], ...] = ({"zipmap": False}, {})
# Otherwise it multiplies by reciprocals, whose rounding is enough to cross the threshold of a tree.
_EXACT = {"div": "div"}


def check_skl2onnx() -> None:
    """Raise `MissingExtra` unless scikit-learn's classifiers can be converted here."""
    if find_spec("skl2onnx") is None:
        raise MissingExtra("Exporting a scikit-learn classifier", "export", "skl2onnx")


def graph_of_scores(classifier: Any, features: int, *, takes: str, opset: int) -> onnx.ModelProto:
    """Return a graph from features, float32 (n, features), to labels and scores.

    Parameters
    ----------
    classifier : fitted classifier or pipeline
        Its decision function where it has one, as in `classifier_logits`, otherwise its probabilities.
    features : int
        Their number.
    takes : str
        Name of the input.
    opset : int
        Version of the ONNX operators to use.

    Raises
    ------
    ExportFailed
        skl2onnx does not convert it.
    """
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType

    last = classifier.steps[-1][1] if isinstance(classifier, Pipeline) else classifier
    if has_raw_scores(classifier) and getattr(last, "probability", False):
        raise ExportFailed(
            f"{name_of(classifier)} cannot be exported: it was calibrated by its decision function, and of "
            "one with probability=True skl2onnx gives other probabilities. Fit it with probability=False; "
            "what is calibrated is the same. Nothing was written."
        )
    for options in _RAW if has_raw_scores(classifier) else _PROBS:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                graph: onnx.ModelProto = convert_sklearn(
                    classifier,
                    initial_types=[(takes, FloatTensorType([None, features]))],
                    options={id(last): options, StandardScaler: _EXACT},
                    target_opset={"": opset, "ai.onnx.ml": 3},
                )
        except NameError:  # it has no such option
            continue
        except Exception as error:  # skl2onnx has an error for each thing that it cannot do, and others' too
            said = next(iter(str(error).strip().splitlines()), "")
            raise ExportFailed(
                f"{name_of(classifier)} cannot be exported: skl2onnx does not convert it "
                f"({type(error).__name__}: {said[:120]}). Nothing was written."
            ) from error
        return _in_one_opset(graph, opset)
    raise ExportFailed(
        f"{name_of(classifier)} cannot be exported: it was calibrated by its decision function, and skl2onnx "
        "gives its probabilities alone. Nothing was written."
    )


def name_of(classifier: Any) -> str:
    """Return the type of a classifier, of a pipeline with those of its steps."""
    name = type(classifier).__name__
    if not isinstance(classifier, Pipeline):
        return name
    return f"{name} ({', '.join(type(step).__name__ for _, step in classifier.steps)})"


def _in_one_opset(graph: onnx.ModelProto, opset: int) -> onnx.ModelProto:
    # It names the lowest version that has the operators as it wrote them, for the one asked for, and may do
    # so twice.
    domains = {each.domain: each.version for each in graph.opset_import} | {"": opset}
    del graph.opset_import[:]
    for domain, version in domains.items():
        graph.opset_import.add(domain=domain, version=version)
    return graph
