"""The file of a backup: a zip of parts with a manifest that says what each of them must be."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST = 1 << 20
CHUNK = 1 << 20


class BadArchive(Exception):
    """This is no backup of ours, or not all of one. Its text says what is wrong, in English."""


@dataclass(slots=True)
class Writer:
    """Writes a new file that nobody else may read; it is there under its name only once it is complete."""

    path: Path
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _zip: zipfile.ZipFile | None = None

    @property
    def _beside(self) -> Path:
        return self.path.with_name(f".{self.path.name}.{os.getpid()}")

    def __enter__(self) -> Writer:
        if self.path.exists():
            raise FileExistsError(17, os.strerror(17), str(self.path))
        descriptor = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        file = os.fdopen(descriptor, "wb")
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        return self

    async def add(self, name: str, lines: AsyncIterator[str]) -> None:
        """A part of one line after the other."""
        assert self._zip is not None
        digest, size, count = hashlib.sha256(), 0, 0
        with self._zip.open(name, "w", force_zip64=True) as part:
            async for line in lines:
                data = line.encode("utf-8") + b"\n"
                digest.update(data)
                part.write(data)
                size, count = size + len(data), count + 1
        self.parts[name] = {"sha256": digest.hexdigest(), "bytes": size, "lines": count}

    def add_file(self, name: str, content: bytes) -> None:
        assert self._zip is not None
        self._zip.writestr(name, content)
        self.parts[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}

    def finish(self, **told: Any) -> None:
        """Write the manifest, and let the file appear under its name."""
        assert self._zip is not None
        manifest = {"format": FORMAT, **told, "parts": self.parts}
        self._zip.writestr(MANIFEST, json.dumps(manifest, indent=1).encode())
        file = self._zip.fp
        self._zip.close()
        assert file is not None
        file.flush()
        os.fsync(file.fileno())
        file.close()
        self._zip = None
        self._beside.replace(self.path)

    def __exit__(self, *_raised: object) -> None:
        if self._zip is not None:
            file, self._zip.fp = self._zip.fp, None
            if file is not None:
                file.close()
            self._zip = None
        self._beside.unlink(missing_ok=True)


class Reader:
    """A backup whose every byte was checked against its manifest before anything is taken from it."""

    def __init__(self, path: Path) -> None:
        """Raises BadArchive, OSError."""
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = self._manifest()
            self.parts: dict[str, dict[str, Any]] = self.manifest["parts"]
            self._check()
        except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, AttributeError) as error:
            raise BadArchive(str(error) or type(error).__name__) from error

    def _manifest(self) -> dict[str, Any]:
        if MANIFEST not in self._zip.namelist():
            raise BadArchive("it holds no manifest")
        if self._zip.getinfo(MANIFEST).file_size > MOST_MANIFEST:
            raise BadArchive("its manifest is too large")
        found: dict[str, Any] = json.loads(self._zip.read(MANIFEST))
        if found["format"] != FORMAT:
            raise BadArchive(f"its format is {found['format']!r}; this version reads {FORMAT}")
        return found

    def _check(self) -> None:
        names = sorted(self._zip.namelist())
        if names != sorted([MANIFEST, *self.parts]):
            raise BadArchive("its parts are not those of its manifest")
        for name, wanted in self.parts.items():
            digest, size = hashlib.sha256(), 0
            with self._zip.open(name) as part:
                while chunk := part.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
            if (digest.hexdigest(), size) != (wanted["sha256"], wanted["bytes"]):
                raise BadArchive(f"{name} is not what was backed up")

    def lines(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as part:
            yield from part

    def content(self, name: str) -> bytes:
        return self._zip.read(name)

    def close(self) -> None:
        self._zip.close()
