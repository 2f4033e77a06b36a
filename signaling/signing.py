"""Ed25519 signatures of many texts in one call of the native library: meanwhile other threads run Python."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any

from signaling.sfu.core import LIBRARY

PRIVATE, SIGNATURE = 32, 64  # bytes


@cache
def native_sign() -> Any | None:
    """The library's function; None where it was not built, or from sources that had none."""
    try:
        function = ctypes.CDLL(str(LIBRARY)).core_sign
    except (OSError, AttributeError):
        return None
    function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    function.restype = ctypes.c_int
    return function


def sign_together(private: bytes, bodies: Sequence[bytes]) -> list[bytes] | None:
    """One signature for each body, in order; None when there is no native library or it cannot.

    private: 32 raw bytes, else ValueError.
    """
    if len(private) != PRIVATE:
        raise ValueError("an Ed25519 private key has 32 bytes")
    function = native_sign()
    if function is None:
        return None
    sizes = (ctypes.c_uint32 * len(bodies))(*map(len, bodies))
    signatures = ctypes.create_string_buffer(SIGNATURE * len(bodies))
    if function(private, b"".join(bodies), sizes, len(bodies), signatures) != 0:
        return None
    found = signatures.raw
    return [found[start : start + SIGNATURE] for start in range(0, len(found), SIGNATURE)]
