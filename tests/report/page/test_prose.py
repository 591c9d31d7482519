"""Sentences of a report in the page: nothing becomes markup, numbers stay with their units."""

from __future__ import annotations

from markupsafe import Markup

from calibrant.report.page.prose import command, finalised, lines, prose


def test_numbers_stay_with_their_units_and_ranges_whole() -> None:
    found = prose("over-confident by 4.4 points (95 % interval −0.8 to 2.9); it costs 1 − t.")
    expected = "over-confident by 4.4_points (95_% interval −0.8_to_2.9); it costs 1_−_t."
    assert found == expected.replace("_", "\N{NO-BREAK SPACE}")


def test_words_between_backticks_are_code_and_markup_is_text() -> None:
    assert prose("use `fit <b>` now") == "use <code>fit &lt;b&gt;</code> now"
    assert prose("one ` alone <i>") == "one ` alone &lt;i&gt;"
    assert prose("`\x1b`") == r"<code>\x1b</code>"


def test_a_command_is_its_words() -> None:
    found = command("calibrant fit <b> --method auto")
    assert found.striptags() == "calibrant fit <b> --method auto"
    assert found.count('<span class="word">') == 5


def test_values_of_templates_are_shown_whole() -> None:
    assert finalised("cat\u202e") == r"cat\u202e"
    assert finalised(Markup("<b>")) == "<b>"
    assert finalised(3) == 3
    assert lines("a\n<b>") == "a\n&lt;b&gt;"
