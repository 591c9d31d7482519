"""Files are written whole or not at all, and nothing half-written stays behind."""

import os
import stat
from pathlib import Path

import pytest

from calibrant import atomic
from calibrant.atomic import make_folder, replacing, write_bytes, write_text
from calibrant.errors import UnreadableFile, UnwritableFile


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def refuse(*arguments: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


def test_text_is_utf8_with_unix_line_ends(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "Vögel\nKatzen\n")
    assert (tmp_path / "a.txt").read_bytes() == "Vögel\nKatzen\n".encode()
    assert names_in(tmp_path) == ["a.txt"]


def test_an_existing_file_is_replaced(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"old and long")
    write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_the_temporary_file_keeps_the_suffix(tmp_path: Path) -> None:
    with replacing(tmp_path / "figure.png") as temporary:
        assert temporary.suffix == ".png"
        assert temporary.parent == tmp_path


@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt()])
def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: BaseException
) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(type(error)), replacing(target) as temporary:  # noqa: PT012
        temporary.write_bytes(b"half of the n")
        raise error
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("step", ["os.replace", "os.fsync", "tempfile.mkstemp", "os.chmod"])
def test_a_full_or_read_only_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    module, function = step.split(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(atomic, module), function, refuse)
        with pytest.raises(UnwritableFile, match=r"cannot write .*a\.bin: the disk is full"):
            write_bytes(target, b"new")
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.bin"]


def test_an_error_of_ours_inside_the_writer_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cut off"), replacing(tmp_path / "a"):
        raise UnreadableFile("the input is cut off")
    assert names_in(tmp_path) == []


def test_an_input_missing_inside_the_writer_is_not_blamed_on_the_folder(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile) as caught, replacing(tmp_path / "a"):
        (tmp_path / "missing").read_bytes()
    assert "no folder" not in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match=r"no folder .*runs\. Make it first"):
        write_text(tmp_path / "runs" / "a.txt", "x")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="it is a folder"):
        write_text(tmp_path, "x")


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "x")
    with pytest.raises(UnwritableFile, match="Not a directory"):
        write_text(tmp_path / "a" / "b", "x")
    with pytest.raises(UnwritableFile, match="cannot make the folder"):
        make_folder(tmp_path / "a" / "b")


def test_a_device_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UnwritableFile, match="a device or a pipe"):
        write_text(pipe, "x")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_permissions_follow_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_text(tmp_path / "a", "x")
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode
        assert os.umask(umask) == umask
    finally:
        os.umask(before)


def test_folders_are_made_with_their_parents_and_may_exist(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "runs" / "seed-0")
    assert folder.is_dir()
    assert make_folder(folder) == folder


def test_the_file_behind_a_link_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    behind, link = tmp_path / "shared" / "a.txt", tmp_path / "a.txt"
    behind.write_text("old")
    behind.chmod(0o640)
    link.symlink_to(behind)
    write_text(link, "new")
    assert link.is_symlink()
    assert (behind.read_text(), behind.stat().st_mode & 0o777) == ("new", 0o640)
    assert [path.name for path in (tmp_path / "shared").iterdir()] == ["a.txt"]


def test_links_that_go_round_in_a_circle_are_replaced(tmp_path: Path) -> None:
    link = tmp_path / "a.txt"
    link.symlink_to(link)
    write_text(link, "new")
    assert link.read_text() == "new"


def test_a_link_to_nothing_gets_its_file(tmp_path: Path) -> None:
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "b.txt")
    write_text(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "b.txt").read_text() == "new"
