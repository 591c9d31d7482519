"""Text of others in a terminal: nothing of it acts, and it lines up."""

from __future__ import annotations

import json

import pytest

from calibrant.analysis.table import plain_table
from calibrant.printable import listed, printable, readable_json, shortened, shown, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cat", "cat"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\nb\r\tc\x00", r"a\nb\r\tc\x00"),
        ("\u202eevil\u2066\x85", r"\u202eevil\u2066\x85"),
        ("\ud800", r"\ud800"),
        ("猫 שלום é", "猫 שלום é"),
    ],
)
def test_what_is_not_seen_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(text).isprintable()


def test_what_is_kept_stays() -> None:
    assert printable("a\n\tb", kept="\n") == "a\n\\tb"


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("cat", 3), ("猫犬", 4), ("e\u0301", 1), ("☂\ufe0f", 1), ("ｱ", 1), ("Ａ", 2)],
)
def test_wide_characters_take_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize("text", ["L" * 100_000, "猫" * 500, "e" + "\u0301" * 100_000, "ab" + "猫" * 9])
def test_long_text_is_cut_to_the_columns_it_may_take(text: str) -> None:
    cut = shortened(text, 10)
    assert cut.endswith("…")
    assert width(cut) <= 10
    assert len(cut) <= 21


def test_short_text_stays() -> None:
    assert shortened("tabby", 5) == "tabby"
    assert shortened("猫犬", 4) == "猫犬"


def test_tables_of_hostile_names_line_up() -> None:
    table = plain_table(["name", "n"], [["猫犬", "1"], ["a\nb\x1b[2J", "22"], ["L" * 100_000, "333"]])
    lines = table.split("\n")
    assert len(lines) == 4
    assert len({width(line) for line in lines}) == 1
    assert len(table) < 1000
    assert table.replace("\n", "").isprintable()


def test_a_name_is_one_line_of_bounded_width() -> None:
    assert shown("cat\nred\x1b[31m") == r"cat\nred\x1b[31m"
    assert shown("[bold]") == "[bold]"
    for name in ("L" * 100_000, "\x1b" * 100_000, "猫" * 61, "e" + "\u0301" * 200):
        assert width(shown(name)) <= 60
        assert shown(name).endswith("…")


def test_a_list_of_names_ends_where_it_would_be_long() -> None:
    assert listed([]) == ""
    assert listed(["a\n", "b"]) == r"a\n, b"
    assert listed([str(index) for index in range(11)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"
    assert len(listed(["L" * 100_000] * 100)) < 1000


@pytest.mark.parametrize("only_ascii", [False, True])
def test_json_keeps_its_meaning(only_ascii: bool) -> None:
    value = {"猫 é ±": ["\x1b\x85\u202e\u2028\xa0", "\U000e0001🐈", '"\\', "…"]}
    document = json.dumps(value, ensure_ascii=False, indent=1)
    written = readable_json(document, only_ascii=only_ascii)
    assert json.loads(written) == value
    assert written.replace("\n", "").isprintable()
    assert written.isascii() == only_ascii
    assert written.count("\n") == document.count("\n")
