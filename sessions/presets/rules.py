"""Rules as real musrenbang had them, each as changes to the defaults; the key in `source` is DOMAIN.md's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RulesPreset:
    """title: Indonesian and English. changes: section → field → value, as `rules.set` takes them."""

    title: tuple[str, str]
    source: str
    changes: Mapping[str, Mapping[str, Any]]


PRESETS: Mapping[str, RulesPreset] = {
    "musdes": RulesPreset(
        (
            "Musyawarah desa: mufakat lebih dulu, kuorum dua pertiga",
            "Village rules: consensus first, quorum two thirds",
        ),
        "P13, P14, P15",
        {},
    ),
}
