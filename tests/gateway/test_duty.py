"""What a node does again and again goes on after a failure, and the failure is told."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from signaling.gateway.duty import again


async def test_a_duty_goes_on_after_a_failure_and_ends_when_it_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    done = asyncio.Event()
    rounds = 0

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise ValueError("once")
        done.set()

    duty = asyncio.create_task(again(0.001, "the work", work))
    async with asyncio.timeout(30):
        await done.wait()
    duty.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await duty
    assert duty.cancelled()
    assert "the work failed" in caplog.text
