"""One way to write a JSON value as bytes, for hashes and signatures: sorted keys, no spaces, UTF-8."""

from __future__ import annotations

import json
from typing import Any

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: Any) -> bytes:
    return _encode(value).encode()
