"""Text tables line up."""

from calibrant.analysis.table import plain_table


def test_the_first_column_stands_left_and_the_others_right() -> None:
    assert plain_table(["name", "n"], [["a", "1"], ["longer", "1,000"], ["b", ""]]) == (
        "name        n\na           1\nlonger  1,000\nb"
    )
