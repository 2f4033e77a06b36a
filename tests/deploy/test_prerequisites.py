"""What `make test` installs must not start serving on the machine of whoever runs it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import prerequisites


def test_nothing_is_started_while_packages_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(prerequisites, "POLICY", str(policy))
    with pytest.raises(KeyboardInterrupt), prerequisites.nothing_started():
        assert subprocess.run([policy, "redis-server", "start"], check=False).returncode == 101  # invoke-rc.d(8)
        raise KeyboardInterrupt
    assert not policy.exists()


def test_a_policy_that_is_there_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("mine")
    monkeypatch.setattr(prerequisites, "POLICY", str(policy))
    with prerequisites.nothing_started():
        assert policy.read_text() == "mine"
    assert policy.read_text() == "mine"


def test_each_service_that_would_be_left_off_is_one_we_install() -> None:
    assert prerequisites.SERVICES <= {package for _, packages, _ in prerequisites.NEEDS for package in packages}
