"""Says at once what breaks when aiortc is upgraded: every private name dtls.py relies on, and how it is used."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
from pathlib import Path

import pytest
from aiortc import rtcdtlstransport as upstream

from signaling.sfu import dtls
from signaling.sfu.core_api import Profile

SIGNALING = Path(dtls.__file__).parents[1]


def test_aiortc_is_the_version_dtls_was_written_for() -> None:
    assert importlib.metadata.version("aiortc") == "1.16.0"


@pytest.mark.parametrize("name", dtls.PRIVATE_TRANSPORT_NAMES)
async def test_a_private_name_of_the_transport_is_still_there(name: str) -> None:
    link = dtls._Link(lambda data: None)
    transport = upstream.RTCDtlsTransport(link, [dtls.Certificate().upstream])  # type: ignore[arg-type]
    assert hasattr(transport, name)


@pytest.mark.parametrize("name", dtls.PRIVATE_ICE_NAMES)
def test_the_transport_still_uses_a_private_name_of_its_ice_transport(name: str) -> None:
    source = inspect.getsource(upstream.RTCDtlsTransport)
    assert f"self.transport.{name}(" in source
    assert hasattr(dtls._Link, name)


def test_srtp_is_still_set_up_after_the_identity_was_checked() -> None:
    source = inspect.getsource(upstream.RTCDtlsTransport.start)
    assert source.index("_validate_peer_identity") < source.index("self._setup_srtp()")


def test_profiles_are_those_the_core_knows() -> None:
    assert {each.openssl_profile for each in upstream.SRTP_PROFILES} == set(dtls._PROFILES)
    assert list(dtls._PROFILES.values())[-1] is Profile.AES128_CM_SHA1_80


def test_only_dtls_py_touches_private_names_of_aiortc() -> None:
    """Private attributes read off anything but self, in modules that import aiortc."""
    for path in SIGNALING.rglob("*.py"):
        tree = ast.parse(path.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
        names = {alias.name for node in imports for alias in node.names}
        names |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
        if any(name.split(".")[0] == "aiortc" for name in names):
            assert path.name == "dtls.py", f"{path} imports aiortc"
