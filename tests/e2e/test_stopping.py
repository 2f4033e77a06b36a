"""How the product ends when its whole process group is told to, as `make run` and a closed terminal do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.product import ROOT, Product


def test_a_group_that_is_told_to_stop_right_after_the_start_stops(tmp_path: Path) -> None:
    """Its media worker and the spare that is still loading get the signal too; that must not start new ones."""
    product = Product(tmp_path / "data", tmp_path / "server.log")
    command = [sys.executable, "-m", "server", "serve", "--demo", "--port", str(product.port)]
    with product.log.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--data", str(product.data)],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        for _ in range(600):
            try:
                product.get("/healthz")
                break
            except OSError:
                time.sleep(0.05)
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0, product.log.read_text()[-2000:]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
