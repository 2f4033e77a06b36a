"""Slides over HTTP: a PDF becomes pages that everybody can be shown, and what is no PDF becomes nothing."""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path

import aiohttp
import pikepdf
import pytest
from PIL import Image

from server import slides
from server.app import Running
from server.http import decks
from server.http.uploads import MB, Uploads
from server.store.files import NewFile
from sessions.errors import Refused
from sessions.ids import PassId, SessionId
from sessions.permissions import Actor, Role
from tests.http.conftest import bearer

SESSION = SessionId("bekasi-2018")
DECKS = f"/api/sessions/{SESSION}/decks"
pytestmark = pytest.mark.asyncio(loop_scope="module")


def pdf(pages: int = 2, size: tuple[int, int] = (400, 300)) -> bytes:
    written = io.BytesIO()
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
    document.save(written)
    return written.getvalue()


def locked() -> bytes:
    written = io.BytesIO()
    document = pikepdf.open(io.BytesIO(pdf()))
    document.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    return written.getvalue()


async def send(
    http: aiohttp.ClientSession, server: Running, body: bytes, role: str = "moderator", query: str = "title=Paparan"
) -> tuple[int, dict[str, object]]:
    async with http.post(f"{DECKS}?{query}", data=body, headers=await bearer(http, server, role)) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_deck_is_rendered_kept_and_shown_page_by_page(shared: Running, looking: aiohttp.ClientSession) -> None:
    status, answer = await send(looking, shared, pdf(3))
    assert (status, answer["pages"]) == (201, 3)
    desk = await shared.services.desks.desk(SESSION)
    deck = desk.state.decks.decks[answer["deck"]]  # type: ignore[index]
    assert (deck.title, deck.pages, deck.hall) == ("Paparan", 3, None)
    async with looking.get(f"{DECKS}/{deck.id}/3") as page:
        assert page.status == 200 and page.content_type == "image/webp"
        assert "immutable" in page.headers["Cache-Control"]
        image = Image.open(io.BytesIO(await page.read()))
    assert image.format == "WEBP" and image.size == (1600, 1200)
    for missing in (f"{DECKS}/{deck.id}/4", f"{DECKS}/{'0' * 32}/1", f"/api/sessions/elsewhere/decks/{deck.id}/1"):
        async with looking.get(missing) as page:
            assert (page.status, (await page.json(content_type=None))["code"]) == (404, "unknown_deck")


async def test_a_hall_sends_its_own_deck(shared: Running, looking: aiohttp.ClientSession) -> None:
    _, answer = await send(looking, shared, pdf(1), "hall")
    desk = await shared.services.desks.desk(SESSION)
    assert desk.state.decks.decks[answer["deck"]].hall is not None  # type: ignore[index]


@pytest.mark.parametrize("role", ["delegate", "screen", "public"])
async def test_others_may_not_send_slides(shared: Running, looking: aiohttp.ClientSession, role: str) -> None:
    status, answer = await send(looking, shared, pdf(1), role)
    assert (status, answer["code"]) == (403, "forbidden")


async def test_what_is_no_readable_pdf_is_refused(shared: Running, looking: aiohttp.ClientSession) -> None:
    for body in (b"", b"GIF89a", pdf()[:200], locked()):
        status, answer = await send(looking, shared, body)
        assert (status, answer["code"]) == (415, "not_a_pdf")


async def test_too_many_pages_and_too_many_bytes_are_refused(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, answer = await send(looking, shared, pdf(201, (10, 10)))
    assert (status, answer["code"], answer["most"]) == (413, "too_many_pages", 200)
    monkeypatch.setattr(decks, "MOST_BYTES", 100)
    status, answer = await send(looking, shared, pdf(1))
    assert (status, answer["code"]) == (413, "too_large")


async def test_a_refused_deck_leaves_no_pages_behind(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decks.secrets, "token_hex", lambda _: "f" * 32)
    status, answer = await send(looking, shared, pdf(1), query="title=Paparan&hall=nowhere")
    assert (status, answer["code"]) == (404, "unknown_hall")
    async with looking.get(f"{DECKS}/{'f' * 32}/1") as page:
        assert page.status == 404
    for query in ("", "title=%20"):
        status, answer = await send(looking, shared, pdf(1), query=query)
        assert (status, answer["field"]) == (400, "title")


async def test_pages_a_dead_server_left_behind_go_with_the_next_upload(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, kept = await send(looking, shared, pdf(2))
    orphan = "e" * 32
    await shared.services.store.files.add(NewFile(f"{orphan}-1", SESSION, "slide", "image/webp", b"RIFF"))
    monkeypatch.setattr(decks, "UNUSED_MS", -60_000)
    await send(looking, shared, pdf(1))
    files = shared.services.store.files
    assert await files.get(f"{orphan}-1") is None and await files.get(f"{kept['deck']}-1") is not None


async def test_pages_of_a_removed_deck_are_not_found_and_go_with_the_next_upload(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, gone = await send(looking, shared, pdf(1))
    desk = await shared.services.desks.desk(SESSION)
    moderator = Actor(SESSION, Role.MODERATOR, PassId("the-moderator"))
    await desk.submit("deck.remove", {"deck": gone["deck"]}, moderator, "remove-a-deck")
    async with looking.get(f"{DECKS}/{gone['deck']}/1") as page:
        assert (page.status, (await page.json(content_type=None))["code"]) == (404, "unknown_deck")
    monkeypatch.setattr(decks, "UNUSED_MS", -60_000)
    await send(looking, shared, pdf(1))
    assert await shared.services.store.files.get(f"{gone['deck']}-1") is None


async def test_a_deck_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(Refused) as caught:
        await slides.render(pdf(1), time_s=0.0)
    assert caught.value.code == "slides_too_heavy"


@pytest.mark.parametrize(
    ("greed", "complaint"),
    [
        ("bytearray(2 << 30)", b"MemoryError"),
        ("print('x', file=open(sys.argv[1], 'w'), flush=True)", b"File too large"),
    ],
)
async def test_the_child_can_neither_take_much_memory_nor_write_a_file(
    greed: str, complaint: bytes, tmp_path: Path
) -> None:
    code = f"import sys, server.slides_worker as worker; worker.limited(); {greed}"
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, str(tmp_path / "file")), cwd=slides.HERE, stderr=asyncio.subprocess.PIPE
    )
    _, said = await child.communicate()
    assert child.returncode != 0 and complaint in said


async def test_a_page_of_any_size_fits_the_picture() -> None:
    (tall,) = await slides.render(pdf(1, (30, 3000)))
    assert (tall.height, 1 <= tall.width <= 12) == (1200, True)
    (huge,) = await slides.render(pdf(1, (14_000, 14_000)))
    assert (huge.width, huge.height) == (1200, 1200)


async def test_what_the_session_would_refuse_is_refused_before_it_is_rendered(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def render(body: bytes) -> list[slides.Page]:
        raise AssertionError("rendered for nothing")

    monkeypatch.setattr(decks, "render", render)
    status, answer = await send(looking, shared, pdf(), query="title=Paparan&hall=nowhere")
    assert (status, answer["code"]) == (404, "unknown_hall")


async def test_pages_stay_when_nobody_knows_whether_their_deck_was_recorded(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await shared.services.desks.desk(SESSION)
    submit, added = desk.submit, list[str]()

    async def recorded_but_held(name: str, data: dict[str, str], *more: object) -> object:
        await submit(name, data, *more)  # type: ignore[arg-type]
        added.append(data["deck"])
        raise Refused("held")

    monkeypatch.setattr(desk, "submit", recorded_but_held)
    status, _ = await send(looking, shared, pdf())
    assert status == 503 and added[0] in desk.state.decks.decks
    async with looking.get(f"{DECKS}/{added[0]}/1") as page:
        assert page.status == 200


async def test_removing_makes_room_only_once_the_pages_have_gone(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = shared.services
    desk = await services.desks.desk(SESSION)
    page = slides.Page(8, 8, b"RIFF" + bytes(400_000))

    async def render(body: bytes) -> list[slides.Page]:
        return [page]

    monkeypatch.setattr(decks, "render", render)
    monkeypatch.setattr(services.uploads, "slides_mb", (await decks.kept(services, desk)) // MB + 1)
    moderator = Actor(SESSION, Role.MODERATOR, PassId("the-moderator"))
    for turn in range(4):
        before = await services.store.files.bytes_of(SESSION, "slide")
        status, answer = await send(looking, shared, pdf())
        if status != 201:
            break
        assert await services.store.files.bytes_of(SESSION, "slide") == before + len(page.image)
        await desk.submit("deck.remove", {"deck": answer["deck"]}, moderator, f"in-turns-{turn}")
    assert (status, answer["code"], answer["most"]) == (507, "slides_full", services.uploads.slides_mb)
    assert await services.store.files.bytes_of(SESSION, "slide") == before <= services.uploads.slides_mb * MB
    monkeypatch.setattr(decks, "UNUSED_MS", -60_000)
    assert (await send(looking, shared, pdf()))[0] == 201, "swept"
    monkeypatch.setattr(services.uploads, "slides_mb", 0)
    monkeypatch.setattr(decks, "render", lambda _: pytest.fail("rendered for nothing"))
    assert (await send(looking, shared, pdf()))[0] == 507


async def test_one_pass_adds_a_quarter_of_the_room_in_an_hour(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def render(body: bytes) -> list[slides.Page]:
        return [slides.Page(8, 8, b"RIFF" + bytes(600_000))]

    monkeypatch.setattr(decks, "render", render)
    monkeypatch.setattr(shared.services.uploads, "_slides", Uploads(4)._slides)
    stored = shared.services.store.files.bytes_of
    assert (await send(looking, shared, pdf()))[0] == 201
    before = await stored(SESSION, "slide")
    status, answer = await send(looking, shared, pdf())
    assert (status, answer["code"]) == (507, "slides_full") and await stored(SESSION, "slide") == before
    assert (await send(looking, shared, pdf(), "hall"))[0] == 201, "another card has its own"
