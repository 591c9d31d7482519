"""What a report says, as typed data: numbers and names, no markup. Views draw it, builders fill it.

A model is frozen, knows its JSON form and computes nothing.
"""

from calibrant.report.model.base import Interval, Model
from calibrant.report.model.comparison import ComparisonReport
from calibrant.report.model.decisions import Deferral, PositiveDecisions
from calibrant.report.model.diagram import Bin, Diagram, Panel
from calibrant.report.model.document import SCHEMA, AnyReport, from_json, to_json
from calibrant.report.model.measured import Expected, Metric, Side
from calibrant.report.model.methods import MethodRow, Methods, Refused
from calibrant.report.model.parts_of_rows import ClassRow, GroupRow, Groups
from calibrant.report.model.predictions import PredictionsReport
from calibrant.report.model.provenance import FileFacts, Finding, Provenance
from calibrant.report.model.run import Epoch, Example, Layer, Listing, RunFacts
from calibrant.report.model.slider import Mark, Slider
from calibrant.report.model.study import StudyFigure, StudyReport, StudyRow
from calibrant.report.model.testing import CalibrationTest, Detectable
from calibrant.report.model.verdict import Advice, Verdict

__all__ = [
    "SCHEMA",
    "Advice",
    "AnyReport",
    "Bin",
    "CalibrationTest",
    "ClassRow",
    "ComparisonReport",
    "Deferral",
    "Detectable",
    "Diagram",
    "Epoch",
    "Example",
    "Expected",
    "FileFacts",
    "Finding",
    "GroupRow",
    "Groups",
    "Interval",
    "Layer",
    "Listing",
    "Mark",
    "MethodRow",
    "Methods",
    "Metric",
    "Model",
    "Panel",
    "PositiveDecisions",
    "PredictionsReport",
    "Provenance",
    "Refused",
    "RunFacts",
    "Side",
    "Slider",
    "StudyFigure",
    "StudyReport",
    "StudyRow",
    "Verdict",
    "from_json",
    "to_json",
]
