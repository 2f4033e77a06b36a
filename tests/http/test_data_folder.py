"""The data folder: private, one server at a time, never on a network disk."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.data_folder import NETWORK_TYPES, hold, on_network_disk, write_private
from server.errors import StartupError
from tests.fixtures.prerequisites import require

LOCAL = "/dev/sda1 / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n"


def test_a_new_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    with hold(tmp_path / "a" / "data", LOCAL) as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
        assert list(folder.path.iterdir()) == [folder.path / "lock"]


def test_a_folder_in_use_is_refused_and_free_again_afterwards(tmp_path: Path) -> None:
    with hold(tmp_path, LOCAL):
        with pytest.raises(StartupError) as refused, hold(tmp_path, LOCAL):
            pass
        assert refused.value.code == "data_folder_in_use"
        assert str(os.getpid()) in refused.value.english
        assert "--data" in refused.value.indonesian
    with hold(tmp_path, LOCAL):
        pass


HOLDER = """
import sys, time
from pathlib import Path
from server.data_folder import hold
with hold(Path(sys.argv[1]), "/dev/sda1 / ext4 rw 0 0"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_holder_that_was_killed_leaves_the_folder_free(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StartupError, match="data_folder_in_use"), hold(tmp_path, LOCAL):
            pass
        holder.kill()
    with hold(tmp_path, LOCAL):
        pass


@pytest.mark.parametrize("kind", sorted(NETWORK_TYPES))
def test_a_network_disk_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = f"{LOCAL}server:/export {tmp_path} {kind} rw 0 0\n"
    with pytest.raises(StartupError) as refused, hold(tmp_path / "data", mounts):
        pass
    assert refused.value.code == "data_folder_on_network_disk"
    assert kind in refused.value.indonesian
    assert not (tmp_path / "data" / "lock").exists()


@pytest.mark.parametrize(
    ("path", "mounts", "found"),
    [
        ("/srv/data", "h:/x /srv nfs4 rw 0 0\n/dev/sdb /srv/data ext4 rw 0 0\n", ""),
        ("/srv/data", "/dev/sdb /srv ext4 rw 0 0\nh:/x /srv/data nfs4 rw 0 0\n", "nfs4"),
        ("/srv/data2", "/dev/sdb / ext4 rw 0 0\nh:/x /srv/data nfs4 rw 0 0\n", ""),
        ("/srv", "/dev/sdb /srv ext4 rw 0 0\n//h/x /srv cifs rw 0 0\n", "cifs"),
        ("/srv", "//h/x /srv cifs rw 0 0\n/dev/sdb /srv ext4 rw 0 0\n", ""),
        ("/my disk/data", "h:/x /my\\040disk nfs rw 0 0\n", "nfs"),
        ("/data", "none / 9p rw 0 0\n", ""),
        ("/mnt/c/data", "none / ext4 rw 0 0\nC: /mnt/c 9p rw 0 0\n", "9p"),
        ("/data", "nonsense\n\n", ""),
    ],
)
def test_the_nearest_and_latest_mount_counts(path: str, mounts: str, found: str) -> None:
    assert on_network_disk(Path(path), mounts) == found


def test_a_symbolic_link_to_a_network_disk_is_a_network_disk(tmp_path: Path) -> None:
    (tmp_path / "remote").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "remote")
    mounts = f"{LOCAL}h:/x {tmp_path / 'remote'} nfs rw 0 0\n"
    with pytest.raises(StartupError, match="data_folder_on_network_disk"), hold(tmp_path / "here", mounts):
        pass


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StartupError, match="data_folder_unwritable"), hold(tmp_path / "data", LOCAL):
        pass


def hold_as(user: int, path: Path, told: multiprocessing.SimpleQueue[str]) -> None:
    os.setgid(user)
    os.setuid(user)
    try:
        with hold(path, LOCAL):
            told.put("held")
    except StartupError as error:
        told.put(error.code)


def test_a_folder_one_may_not_write_to_is_told(tmp_path: Path) -> None:
    """As root nothing is unwritable, so root becomes nobody for this."""
    (tmp_path / "data").mkdir(mode=0o500)
    if os.geteuid() != 0:
        with pytest.raises(StartupError, match="data_folder_unwritable"), hold(tmp_path / "data", LOCAL):
            pass
        return
    try:
        nobody = pwd.getpwnam("nobody").pw_uid
    except KeyError:
        require("user nobody", "root cannot try what may not be written")
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o711)
    spawn = multiprocessing.get_context("fork")
    told: multiprocessing.SimpleQueue[str] = spawn.SimpleQueue()
    child = spawn.Process(target=hold_as, args=(nobody, tmp_path / "data", told))
    child.start()
    child.join(20)
    assert told.get() == "data_folder_unwritable"


def test_a_private_file_is_replaced_in_one_step_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "passes.json"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
