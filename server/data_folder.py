"""The folder that holds everything a server keeps: private, held by one server at a time, never on a network disk."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.errors import StartupError

MOUNTS = Path("/proc/self/mounts")
# File locks and write-ahead logs cannot be trusted on these.
NETWORK_TYPES = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse.davfs",
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.ceph-fuse",
    }
    | {
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
    }
    | {"pvfs2", "smb2", "smb3", "smbfs"}
)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A folder this process holds."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "pleno.sqlite"

    @property
    def passes(self) -> Path:
        return self.path / "passes.json"

    @property
    def seal(self) -> Path:
        return self.path / "seal.key"

    @property
    def address(self) -> Path:
        return self.path / "server.json"


def unescaped(field: str) -> str:
    """Mount tables write space, tab, newline and backslash in octal (fstab(5))."""
    for octal, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(octal, character)
    return field


def on_network_disk(path: Path, mounts: str) -> str:
    """The network file system a path lies on, "" when it is on a local one. mounts: the text of /proc/self/mounts."""
    best, kind = Path("/"), ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mounted = Path(unescaped(fields[1]))
        # a later mount on the same place covers the earlier one
        if path.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, fields[2]
    if kind == "9p" and best == Path("/"):
        return ""  # how some sandboxes present their own disk; elsewhere 9p is a share (WSL's /mnt/c)
    return kind if kind in NETWORK_TYPES else ""


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step; only its owner may read it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def hold(path: Path, mounts: str | None = None) -> Iterator[DataFolder]:
    """Make the folder if it is missing and keep others out until the block ends (or the process dies, however it dies).

    Raises StartupError: data_folder_unwritable, data_folder_on_network_disk, data_folder_in_use.
    """
    path = prepare(path)
    refuse_network_disk(path, MOUNTS.read_text() if mounts is None else mounts)
    try:
        descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        lock(descriptor, path)
        yield DataFolder(path)
    finally:
        os.close(descriptor)


def prepare(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = path.resolve(strict=True)
        probe = path / f".writable.{os.getpid()}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def unwritable(path: Path, error: OSError) -> StartupError:
    why = os.strerror(error.errno or 0)
    return StartupError(
        "data_folder_unwritable",
        f"Folder data {path} tidak dapat ditulisi ({why}). Pilih folder lain dengan --data (make run DATA=…) "
        "atau perbaiki izinnya.",
        f"The data folder {path} cannot be written to ({why}). Choose another with --data (make run DATA=…) "
        "or correct its permissions.",
    )


def refuse_network_disk(path: Path, mounts: str) -> None:
    if kind := on_network_disk(path, mounts):
        raise StartupError(
            "data_folder_on_network_disk",
            f"Folder data {path} berada di disk jaringan ({kind}); suara bisa hilang di sana. Pakai folder di "
            "disk mesin ini (--data), juga bila basis datanya PostgreSQL.",
            f"The data folder {path} is on a network disk ({kind}), where votes could be lost. Use a folder on a "
            "disk of this machine (--data), also when the database is PostgreSQL.",
        )


def lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise unwritable(path, error) from error
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "?"
        raise StartupError(
            "data_folder_in_use",
            f"Folder data {path} sedang dipakai server lain (proses {holder}). Hentikan server itu, atau pilih folder "
            "lain dengan --data.",
            f"The data folder {path} is in use by another server (process {holder}). Stop that one, or choose another "
            "folder with --data.",
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
