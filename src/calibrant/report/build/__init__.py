"""How a report is filled: from predictions, with what `analysis`, `metrics` and `calibrators` measure.

Nothing is drawn here, and nothing written.
"""

from calibrant.report.build.comparison import comparison_report
from calibrant.report.build.in_parts import table_report
from calibrant.report.build.origin import Origin
from calibrant.report.build.predictions import predictions_report

__all__ = ["Origin", "comparison_report", "predictions_report", "table_report"]
