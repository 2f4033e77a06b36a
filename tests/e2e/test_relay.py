"""A hall whose firewall lets no UDP out: picture and sound go through the relay, by TCP or inside TLS."""

from __future__ import annotations

import json
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from server.demo.welcome import link
from tests.deploy.relay import NAME, SECRET, Relay, own_address, relaying
from tests.e2e.conftest import open_page, shoot
from tests.e2e.pictures import write_mjpeg
from tests.e2e.product import Product
from tools.cluster.topology import Cluster, Plan, free_base

# What a firewall does to such a page: no path but those through relays remains.
RELAY_ONLY = """
const Direct = RTCPeerConnection;
window.connections = [];
window.RTCPeerConnection = class extends Direct {
  constructor(configuration) {
    super({ ...configuration, iceTransportPolicy: 'relay' });
    window.connections.push(this);
  }
};
"""
# … and none but inside TLS, as where nothing but HTTPS is let out.
TLS_ONLY = """
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  setConfiguration(configuration) {
    const iceServers = configuration.iceServers.map((relay) => ({
      ...relay,
      urls: [relay.urls].flat().filter((url) => url.startsWith('turns:')),
    }));
    super.setConfiguration({ ...configuration, iceServers });
  }
};
"""
PATHS = """async () => {
  const paths = [];
  for (const connection of window.connections) {
    const rows = [...(await connection.getStats()).values()];
    const chosen = rows.find((row) => row.type === 'transport')?.selectedCandidatePairId;
    const used = rows.find((row) => row.id === chosen) ?? rows.find((row) => row.selected); // so in Firefox
    const local = rows.find((row) => row.id === used?.localCandidateId);
    if (local) paths.push(`${local.candidateType} ${local.relayProtocol}`);
  }
  return paths;
}"""


@pytest.fixture
def relay() -> Iterator[Relay]:
    address = own_address()
    with relaying(address, host=address) as running:
        yield running


def eventually(what: str, check: Callable[[], Any], timeout_s: float = 60) -> Any:
    deadline = time.monotonic() + timeout_s
    while not (answer := check()):
        assert time.monotonic() < deadline, f"not within {timeout_s} s: {what}"
        time.sleep(0.1)
    return answer


def frames(screen: Page) -> int:
    return int(screen.evaluate("window.pleno ? window.pleno.stats().then(s => s.pejuang?.framesDecoded ?? 0) : 0"))


@contextmanager
def behind(relay: Relay, way: str, folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Product]:
    """A product that names this relay to its pages. way: tcp or tls."""
    environment.setenv("PLENO_TURN_SECRET", SECRET)
    url = f"turns:{NAME}:{relay.tls_port}" if way == "tls" else f"turn:{relay.host}:{relay.port}"
    reached = ("--media-host", relay.host, "--announce", relay.host, "--turn", f"{url}?transport=tcp")
    product = Product(folder / "data", folder / "server.log", extra=reached)
    product.start()
    try:
        yield product
    finally:
        product.stop()


@contextmanager
def pictured(name: str) -> Iterator[dict[str, Page]]:
    """Pages by a word of their own; where it fails, each leaves a picture."""
    pages: dict[str, Page] = {}
    try:
        yield pages
    except BaseException:
        for face, page in pages.items():
            shoot(page, f"failed-relay-{name}-{face}")
        raise


def flow(product: Product, browser: Browser, name: str, way: str) -> None:
    """A hall's picture reaches a screen, both of this browser, and neither has a path but the relay."""
    with pictured(name) as pages:
        hall = pages["hall"] = open_page(
            browser, product.link("hall", hall="pejuang"), width=1366, height=768, first=RELAY_ONLY
        )
        told = f"lewat server perantara ({way.upper()})"  # before it goes in, and before anybody sends a picture
        expect(hall.get_by_text(told)).to_be_visible()
        shoot(hall, f"hall-preflight-relay-{name}")
        hall.get_by_role("button", name="Masuk ke sidang").click()
        eventually("the hall sends", lambda: hall.evaluate("window.pleno?.sending") == "live")
        begun = time.monotonic()
        screen = pages["screen"] = open_page(browser, product.link("screen"), width=1280, height=720, first=RELAY_ONLY)
        first = eventually("a first picture", lambda: frames(screen))
        print(f"join to first picture through TURN/{name}: {time.monotonic() - begun:.2f} s")
        eventually("pictures go on", lambda: frames(screen) > first + 10)
        for page in pages.values():
            assert set(page.evaluate(PATHS)) == {f"relay {way}"}


@pytest.mark.cluster
@pytest.mark.parametrize("way", ["tcp", "tls"])
def test_pictures_flow_through_the_relay_alone(
    way: str, relay: Relay, launch: Callable[..., Browser], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = tmp_path / "camera.mjpeg"
    write_mjpeg(camera, "Pejuang", (140, 30, 30))
    # The certificate is the test's own: what browsers demand of real ones is not what is tried here.
    flags = ("--ignore-certificate-errors", f"--host-resolver-rules=MAP {NAME} {relay.host}")
    with behind(relay, way, tmp_path, monkeypatch) as product:
        flow(product, launch(camera=camera, flags=flags), way, way)


@pytest.mark.cluster
def test_pictures_of_firefox_flow_through_the_relay_alone(
    relay: Relay, firefox: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind(relay, "tcp", tmp_path, monkeypatch) as product:
        flow(product, firefox, "firefox", "tcp")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Everything of `make cluster`, with the demonstration; front and relay on an address that relays may reach."""
    with tempfile.TemporaryDirectory(prefix="pleno-relayed-") as folder:  # pytest's own are closed to other users
        reached = {"listen": "0.0.0.0", "announce": own_address()}
        plan = Plan(Path(folder), free_base(), demo=True, fsync=False, options=("--core", "python"), **reached)
        with Cluster(plan) as running:
            running.start()
            yield running


def people(cluster: Cluster) -> list[int]:
    """How many are connected to each node."""
    found = []
    for node in cluster.nodes:
        with urllib.request.urlopen(f"{cluster.node_url(node)}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        found.append(next(int(float(line.split()[1])) for line in lines if line.startswith("pleno_gateway_people ")))
    return found


@pytest.mark.cluster
@pytest.mark.timeout(400)
def test_pages_of_two_nodes_see_each_other_through_the_clusters_relay_alone(
    cluster: Cluster, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    cards = json.loads(cluster.passes.read_text())["passes"]
    hall_card = next(card for card in cards if card["face"] == "hall" and card["hall"] == "pejuang")
    screen_card = next(card for card in cards if card["face"] == "screen")
    camera = tmp_path / "camera.mjpeg"
    write_mjpeg(camera, "Pejuang", (140, 30, 30))
    flags = ("--ignore-certificate-errors", f"--host-resolver-rules=MAP {cluster.plan.relay_name} {own_address()}")
    browser = launch(camera=camera, flags=flags)
    first = RELAY_ONLY + TLS_ONLY
    with pictured("cluster") as pages:
        hall = pages["hall"] = open_page(browser, link(cluster.url, hall_card), width=1366, height=768, first=first)
        hall.get_by_role("button", name="Masuk ke sidang").click()
        eventually("the hall sends", lambda: hall.evaluate("window.pleno?.sending") == "live")
        eventually("a node counts it", lambda: sum(people(cluster)) == 1)
        for _ in range(20):  # the front leads each newcomer where it likes
            screen = pages["screen"] = open_page(
                browser, link(cluster.url, screen_card), width=1280, height=720, first=first
            )
            eventually("the nodes count both", lambda: sum(people(cluster)) == 2)
            if people(cluster) == [1, 1]:
                break
            screen.context.close()
            eventually("it is gone", lambda: sum(people(cluster)) == 1)
        assert people(cluster) == [1, 1]
        begun = eventually("a first picture", lambda: frames(screen))
        eventually("pictures go on", lambda: frames(screen) > begun + 10)
        for page in pages.values():
            assert set(page.evaluate(PATHS)) == {"relay tls"}
