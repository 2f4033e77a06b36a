"""How Lighthouse rates the participant's page on a phone: `python -m bench.lighthouse [--runs 1] [--slowdown 4]`.

A server with the demonstration plenary and 1,451 proposals; Debian's Chromium; Lighthouse as client_web/lighthouse has
it locked, with its own throttling of network and processor for a mid-range phone on slow 4G. Each run is a first visit
with a card of its own. Prints exactly one JSON object:

    performance, accessibility, best_practices, seo    0–100, the median run by performance
    first_contentful_paint_ms, largest_contentful_paint_ms, total_blocking_time_ms, speed_index_ms
    cumulative_layout_shift
    benchmark_index    how fast Lighthouse finds this machine. Its default slowdown of 4 is meant for 1,500 to 2,000; a
                       machine of half that stands for the same telephone with --slowdown 2
    failing    what was found wanting in the last three categories
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.full_board import fill
from tests.e2e.line import Beside
from tests.e2e.product import ROOT, Product
from tools.build_client import environment, find_node

HOME = ROOT / "client_web" / "lighthouse"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")


def install() -> None:
    """npm ci, when the lock is newer than what is installed."""
    done = HOME / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= (HOME / "package-lock.json").stat().st_mtime:
        return
    node = find_node()
    words = (*node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run(words, cwd=HOME, env=environment(node), check=True)


def rate(url: str, slowdown: float) -> dict[str, Any]:
    """Lighthouse's own report."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("chromium is missing: apt-get install chromium")
    command = ["node", str(HOME / "node_modules" / "lighthouse" / "cli" / "index.js"), url, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}"]
    command.append(f"--throttling.cpuSlowdownMultiplier={slowdown}")
    node = find_node()
    said = subprocess.run(
        command, env=environment(node) | {"CHROME_PATH": chromium}, capture_output=True, text=True, timeout=300
    )
    if said.returncode:
        sys.exit(said.stderr)
    report: dict[str, Any] = json.loads(said.stdout)
    return report


def told(report: dict[str, Any]) -> dict[str, Any]:
    categories, audits = report["categories"], report["audits"]
    scores = {name.replace("-", "_"): round(categories[name]["score"] * 100) for name in CATEGORIES}
    figures = {f"{name.replace('-', '_')}_ms": round(audits[name]["numericValue"]) for name in METRICS}
    wanting = [
        f"{name}: {audits[ref['id']]['title']}"
        for name in CATEGORIES[1:]
        for ref in categories[name]["auditRefs"]
        if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 1 and audits[ref["id"]]["scoreDisplayMode"] == "binary"
    ]
    shift = round(audits["cumulative-layout-shift"]["numericValue"], 3)
    index = round(report["environment"]["benchmarkIndex"])
    return {**scores, **figures, "cumulative_layout_shift": shift, "benchmark_index": index, "failing": wanting}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--runs", type=int, default=1)
    arguments.add_argument(
        "--slowdown", type=float, default=4.0, help="of the processor; Lighthouse's own default is 4"
    )
    arguments.add_argument("--keep", type=Path, help="where to put Lighthouse's own report of the last run")
    options = arguments.parse_args()
    install()
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder) / "data", Path(folder) / "server.log")
        product.start()
        beside = Beside()
        try:
            beside.run(fill(product, beside.join(product, role="admin")))
            reports = [
                rate(product.link("participant", number=number), options.slowdown) for number in range(options.runs)
            ]
        finally:
            beside.close()
            product.stop()
    if options.keep:
        options.keep.write_text(json.dumps(reports[-1]))
    ranked = sorted((told(report) for report in reports), key=lambda one: one["performance"])
    print(json.dumps(ranked[len(ranked) // 2], ensure_ascii=False))


if __name__ == "__main__":
    main()
