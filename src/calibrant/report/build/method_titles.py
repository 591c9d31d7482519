"""What the calibrators are called in sentences and tables, by their names in the registry."""

from __future__ import annotations

METHOD_TITLES = {
    "identity": "the scores as they are",
    "temperature": "temperature scaling",
    "bbq": "Bayesian binning into quantiles",
    "histogram": "histogram binning",
    "isotonic": "isotonic regression",
    "scaling_binning": "scaling-binning",
    "spline": "spline calibration",
    "top_label_histogram": "top-label histogram binning",
    "venn_abers": "Venn-Abers calibration",
    "beta": "beta calibration",
    "dirichlet": "Dirichlet calibration",
    "ensemble_temperature": "ensemble temperature scaling",
    "matrix": "matrix scaling",
    "one_vs_rest": "one against the rest",
    "platt": "Platt scaling",
    "quadratic": "quadratic scaling",
    "vector": "vector scaling",
    "structured_vector": "structured vector scaling",
    "structured_matrix": "structured matrix scaling",
    "basis": "basis scaling",
    "auto": "the automatic choice",
}


def method_title(method: str) -> str:
    """Return the method's name as the start of a sentence.

    Examples
    --------
    >>> method_title("structured_matrix")
    'Structured matrix scaling'
    """
    title = METHOD_TITLES.get(method, method)
    return title[:1].upper() + title[1:]
