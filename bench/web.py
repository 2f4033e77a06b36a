"""A busy board on a slow phone: `python -m bench.web [--cards 500] [--rate 50] [--throttle 6] [--seconds 20]`.

A real server process with a plenary of so many proposals, Debian's Chromium with a participant's page that shows every
one of them, its main thread slowed by DevTools (`Emulation.setCPUThrottlingRate`). Two moderators and a hall change the
board over real sockets, each card in turn, one move to six or seven new titles. The clock of an update starts when the
page's socket hands the message over, before the page's own code sees it, and stops after the first frame that was laid
out and painted with that card's new words in the document: a task posted from requestAnimationFrame, which runs once
the frame is done. What a message waits for while the page is busy is not in that; it is in `wire_to_frame`, whose clock
starts when another participant, in this process, has the same message. Prints exactly one JSON object:

    cards, rate, throttle, seconds   cards in the document; updates a second; times the main thread is slowed; how long
    updates, unseen       updates shown by the page; those it never showed
    messages              frames of the protocol that carried them (the server sends at most ten a second)
    message_to_frame_ms_p50, _p95, _max   from the socket's message to the painted frame
    wire_to_frame_ms_p50, _p95            from the other participant's receipt
    command_to_frame_ms_p50, _p95         from the command's sending: deciding, fsync, waiting for the next message
    cpu_ms_per_message    CPU time of the page's main thread for one of them, its slowing included: what a frame takes
                          on a machine that does nothing else
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import CDPSession, Page, async_playwright

from bench.scene import Scene, written
from bench.sockets import Client, Crowd, http_json, quantile
from bench.votes import SESSION, Place, Server

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WRITERS = ("chair", "vice", "hall-aula-0")  # each may send twenty events a second
STATUSES = {"DISCUSSED": "Dibahas", "RESERVE": "Cadangan"}
TITLE = "Usulan {} kali {}: perbaikan saluran dan jalan lingkungan di RW 07, sepanjang 120 m"
WARM_UP_S = 3.0
SETTLE_S = 3.0  # after the last command; a slow phone shows the rest meanwhile

# Clocks are milliseconds of the machine's wall clock, which this process shares.
WATCH = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const cards = new Map();
  const words = STATUSES;
  let waiting = [];
  const watch = (window.watch = { on: false, shown: [], messages: 0, cards });
  const after = new MessageChannel();
  const look = () => requestAnimationFrame(() => after.port2.postMessage(0));
  after.port1.onmessage = () => {
    const at = now();
    waiting = waiting.filter(({ heard, text }, place, all) => {
      const changes = (all[place].changes ??= JSON.parse(text.slice(2))[1].changes.filter((one) => cards.has(one.id)));
      all[place].changes = changes.filter(({ id, fields }) => {
        const card = cards.get(id);
        const word = words[fields.status] ?? '';
        const shown = card.title.textContent === fields.title && card.whole.textContent.includes(word);
        if (shown) watch.shown.push({ id, title: fields.title, status: fields.status, heard, at });
        return !shown;
      });
      return all[place].changes.length > 0;
    });
    if (waiting.length > 0) look();
  };
  window.WebSocket = class extends WebSocket {
    constructor(...of) {
      super(...of);
      this.addEventListener('message', ({ data }) => {
        if (!watch.on || typeof data !== 'string' || !data.startsWith('42["frame"')) return;
        watch.messages += 1;
        waiting.push({ heard: now(), text: data });
        if (waiting.length === 1) look();
      });
    }
  };
})();
"""
FIND = """(ids) => {
  for (const title of document.querySelectorAll('.bcard__open')) {
    const id = ids[title.textContent];
    if (id) window.watch.cards.set(id, { title, whole: title.closest('.bcard') });
  }
  return window.watch.cards.size;
}"""


@dataclass
class Change:
    """One update: what a card must show, and when it was sent and heard elsewhere, in ms of the wall clock."""

    title: str
    status: str
    sent: float
    heard: float = 0.0


@dataclass
class Board:
    """The proposals as the writers know them, and every change that was made. free: whose last change is answered."""

    proposals: dict[str, dict[str, Any]]
    free: deque[str]
    changes: dict[tuple[str, str, str], Change] = field(default_factory=dict)
    refused: int = 0

    def heard(self, client: Client, data: bytes, start: int, end: int) -> None:
        if client.mark != "seat-1" or not data.startswith(b'42["frame"', start):
            return
        at = time.time() * 1e3
        for one in json.loads(data[start + 2 : end])[1]["changes"]:
            fields = one["fields"]
            if one["kind"] == "proposal" and fields is not None:
                change = self.changes.get((one["id"], fields["title"], fields["status"]))
                if change is not None and not change.heard:
                    change.heard = at

    def write(self, writer: Client, number: int) -> None:
        """The number-th update of the run, each card in turn; every fifth a move, but for the hall, which may not."""
        proposal = self.free.popleft()
        known = self.proposals[proposal]
        data: dict[str, Any] = {"proposal": proposal, "base": known["version"]}
        if number % 5 == 0 and writer.mark != "hall-aula-0":
            known["status"] = "RESERVE" if known["status"] == "DISCUSSED" else "DISCUSSED"
            name = "proposal.move"
            data |= {"status": known["status"], "before": None, "reason": "menunggu lahan"}
        else:
            known["title"] = TITLE.format(proposal, number)
            name = "proposal.edit"
            data |= {"fields": {"title": known["title"]}}
        change = Change(known["title"], known["status"], time.time() * 1e3)
        self.changes[proposal, change.title, change.status] = change

        def answered(answer: bytes) -> None:
            told = json.loads(answer)[0]
            self.refused += not told["ok"]
            self.free.append(proposal)
            if told["ok"]:
                known["version"] = told["result"]["version"]

        command = {"key": f"bench-web-{number:08}", "name": name, "data": data}
        writer.ask(10 + number, "command", command, answered)


async def board_of(host: str, credential: str) -> tuple[Board, int]:
    """What is there before the first update, and the seq it is of."""
    headers = {"Authorization": f"Bearer {credential}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.get(f"http://{host}/api/sessions/{SESSION}/snapshot") as answer,
    ):
        told = await answer.json()
    cards = {one["id"]: dict(one["fields"]) for one in told["changes"] if one["kind"] == "proposal"}
    return Board(cards, deque(cards)), int(told["upto"])


async def show_all(page: Page, cards: int) -> None:
    """The reader has gone through the whole list: every card is in the document."""
    await page.locator(".bcard").first.wait_for()
    await page.wait_for_function(
        """(cards) => {
            window.scrollTo(0, document.documentElement.scrollHeight);
            return document.querySelectorAll('.bcard').length >= cards;
        }""",
        arg=cards,
        timeout=120_000,
    )
    await page.evaluate("window.scrollTo(0, 0)")


async def spent_s(devtools: CDPSession) -> float:
    """CPU seconds of the page's main thread so far."""
    told = await devtools.send("Performance.getMetrics")
    return float(next(one["value"] for one in told["metrics"] if one["name"] == "TaskDuration"))


async def update(board: Board, writers: list[Client], rate: float, first: int, seconds: float) -> int:
    """Updates at an even pace, by turns; returns the number of the next one."""
    begun, number = time.perf_counter(), first
    while (spent := time.perf_counter() - begun) < seconds:
        while number - first <= spent * rate and board.free:
            board.write(writers[number % len(writers)], number)
            number += 1
        await asyncio.sleep(1 / rate / 2)
    return number


async def measure(host: str, scene: Scene, page: Page, options: argparse.Namespace) -> dict[str, Any]:
    board, upto = await board_of(host, scene.credentials["chair"])
    crowd = Crowd(host, on_event=board.heard)
    await crowd.join([(name, {"credential": scene.credentials[name]}) for name in (*WRITERS, "seat-1")])
    assert all(one["ok"] for one in await crowd.ask_all("sync", lambda client: {"after": upto}, 0, 30))
    await page.add_init_script(WATCH.replace("STATUSES", json.dumps(STATUSES)))
    await page.goto(f"http://{host}/participant#{scene.tokens['seat-0']}")
    await show_all(page, options.cards)
    found = await page.evaluate(FIND, {fields["title"]: proposal for proposal, fields in board.proposals.items()})
    assert found == options.cards, f"{found} of {options.cards} cards are on the page"
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": options.throttle})
    number = await update(board, crowd.clients[: len(WRITERS)], options.rate, 0, WARM_UP_S)
    board.changes.clear()
    await page.evaluate("window.watch.on = true")
    cpu = await spent_s(devtools)
    await update(board, crowd.clients[: len(WRITERS)], options.rate, number, options.seconds)
    await asyncio.sleep(SETTLE_S)
    cpu = await spent_s(devtools) - cpu
    told = await page.evaluate("({ shown: window.watch.shown, messages: window.watch.messages })")
    crowd.close()
    if board.refused:
        raise SystemExit(f"{board.refused} updates were refused")
    return report(options, board, told) | {"cpu_ms_per_message": round(cpu * 1e3 / told["messages"], 1)}


def report(options: argparse.Namespace, board: Board, told: dict[str, Any]) -> dict[str, Any]:
    message, wire, command = [], [], []
    for shown in told["shown"]:
        change = board.changes.pop((shown["id"], shown["title"], shown["status"]), None)
        if change is not None:
            message.append(shown["at"] - shown["heard"])
            wire.append(shown["at"] - change.heard)
            command.append(shown["at"] - change.sent)
    return {
        "cards": options.cards,
        "rate": options.rate,
        "throttle": options.throttle,
        "seconds": options.seconds,
        "updates": len(message),
        "unseen": len(board.changes),
        "messages": told["messages"],
        "message_to_frame_ms_p50": round(quantile(message, 0.5), 1),
        "message_to_frame_ms_p95": round(quantile(message, 0.95), 1),
        "message_to_frame_ms_max": round(max(message), 1),
        "wire_to_frame_ms_p50": round(quantile(wire, 0.5), 1),
        "wire_to_frame_ms_p95": round(quantile(wire, 0.95), 1),
        "command_to_frame_ms_p50": round(quantile(command, 0.5), 1),
        "command_to_frame_ms_p95": round(quantile(command, 0.95), 1),
    }


async def run(options: argparse.Namespace) -> dict[str, Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("this needs Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory(prefix="pleno-web-") as folder:
        place = Place(Path(folder), None)
        scene = await written(f"sqlite:///{place.file}", 2, options.cards)
        server = Server(place)
        try:
            host = await server.start()
            assert (await http_json(host, "/healthz"))["status"] == "ok"
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
                context = await browser.new_context(
                    viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True, locale="id-ID"
                )
                found = await measure(host, scene, await context.new_page(), options)
                await browser.close()
                return found
        finally:
            server.kill()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__.splitlines()[0])
    parser.add_argument("--cards", type=int, default=500)
    parser.add_argument("--rate", type=float, default=50, help="updates a second")
    parser.add_argument("--throttle", type=float, default=6, help="times the page's main thread is slowed")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    print(json.dumps(asyncio.run(run(options))))


if __name__ == "__main__":
    main()
