"""Several files as one input: a zip archive, whose members a target unpacks into a folder."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

_MOST_BYTES = 1 << 22
_DATE = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive of the files; the same files give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), member, method)
    return content.getvalue()


def unpacked(content: bytes) -> dict[str, bytes] | None:
    """Return the members, or None where the bytes are no archive of few and small ones."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _MOST_BYTES:
                return None
            return {member.filename: archive.read(member) for member in members}
    except Exception:  # whatever zipfile says: these bytes are not what a reader is given
        return None


def spread(content: bytes, folder: Path) -> bool:
    """Write the members into a folder, those with plain names; return whether there are any."""
    files = unpacked(content) or {}
    plain = {name: member for name, member in files.items() if _is_plain(name)}
    for name, member in plain.items():
        (folder / name).write_bytes(member)
    return bool(plain)


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[\w.-]{1,100}", name, re.ASCII) is not None and name.strip(".") != ""
