"""Zip files for tests, also such as no program makes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from webapp.desk.files.unpacking import Sent


def zipped(files: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", kind) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo("placeholder")
            entry.filename = name  # as it is, where ZipInfo itself would tidy it
            entry.compress_type = kind
            archive.writestr(entry, content)
    return target.getvalue()


def sent(content: bytes, name: str = "all.zip") -> list[Sent]:
    return [Sent(name, io.BytesIO(content))]
