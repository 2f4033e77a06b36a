"""The fixtures `rig` and `which`: each test that asks for one runs over the native core and over its Python twin.

Import both functions to have them: pytest finds fixtures by the names given here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest

from signaling.sfu.core import why_not_native
from tests.fixtures.prerequisites import require
from tests.sfu.core_endpoint import Rig, rig_of

Which = Literal["native", "python"]


def need_native() -> None:
    """Skips the test, saying why, where the native core does not load."""
    reason = why_not_native()
    if reason is not None:
        require("the native core", reason)


@pytest.fixture(name="which", params=["native", "python"])
def which_fixture(request: pytest.FixtureRequest) -> Which:
    if request.param == "native":
        need_native()
    chosen: Which = request.param
    return chosen


@pytest.fixture(name="rig")
def rig_fixture(which: Which) -> Iterator[Rig]:
    with rig_of(which) as made:
        yield made
