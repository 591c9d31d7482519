"""JSON, TOML and archives of others: what they must not hold is one `ValueError`."""

from __future__ import annotations

import io
import zipfile

import pytest

from calibrant.foreign import MOST_LEVELS, is_stored, json_value, toml_table


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 500, 100_000])
def test_nesting_without_end(levels: int) -> None:
    with pytest.raises(ValueError, match="nested more than 64 levels deep"):
        json_value("[" * levels + "]" * levels)
    with pytest.raises(ValueError, match="nested more than 64 levels deep"):
        toml_table(f"a = {'[' * levels}{']' * levels}")
    with pytest.raises(ValueError, match="nested more than 64 levels deep"):
        toml_table(f"{'.'.join('a' * levels)} = 1")


def test_nesting_of_a_few_levels() -> None:
    levels = MOST_LEVELS - 2
    assert json_value("[" * levels + "]" * levels) is not None


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity"])
def test_numbers_that_are_not_finite(number: str) -> None:
    with pytest.raises(ValueError, match="not finite"):
        json_value(f'{{"a": [1, {{"b": {number}}}]}}')
    assert json_value(f"[{number}]", numbers="any") is not None
    with pytest.raises(ValueError, match="not finite"):
        toml_table("a = { b = [inf] }")


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": 1}\0',
        b'{"a": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'"\\udfff"',
        b"9" * 5000,
        b"",
    ],
)
def test_text_that_is_none(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        json_value(text)


def test_very_much_toml() -> None:
    with pytest.raises(ValueError, match="1,048,576 are the most that are read"):
        toml_table("a = 1\n" * 200_000)


def test_dots_in_text_are_no_levels() -> None:
    text = "One sentence. Another one, e.g. this. " * 100 + "and so on ..." * 100
    assert toml_table(f'a = "{text}"') == {"a": text}


def test_a_whole_number_that_is_too_long() -> None:
    with pytest.raises(ValueError, match="Exceeds the limit"):
        toml_table(f"a = {'9' * 5000}")


def archive(method: int) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as opened:
        opened.writestr("data/0", bytes(1000))
    return content


def test_archives_are_stored_or_refused() -> None:
    assert is_stored(archive(zipfile.ZIP_STORED))
    assert not is_stored(io.BytesIO(b"no archive"))
    with pytest.raises(ValueError, match="it is compressed, which PyTorch never does"):
        is_stored(archive(zipfile.ZIP_DEFLATED))
    spoilt = archive(zipfile.ZIP_STORED).getvalue().replace(b"PK\1\2", b"PK\1\3")
    with pytest.raises(ValueError, match="a damaged archive"):
        is_stored(io.BytesIO(spoilt))
