"""Photos over HTTP: made small, upright and anonymous, three of a proposal, and refused when they are not."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest
from PIL import Image

from server import pictures
from server.app import Running
from server.store.files import NewFile, SqlFiles
from sessions.errors import Refused
from sessions.ids import ProposalId, SessionId
from tests.http.conftest import bearer

SESSION = SessionId("bekasi-2018")
PROPOSAL = "BKS00001"
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def photos_of(proposal: str) -> str:
    return f"/api/sessions/{SESSION}/proposals/{proposal}/photos"


def picture(size: tuple[int, int] = (640, 480), form: str = "JPEG", noisy: bool = False, **saved: Any) -> bytes:
    """Red on the left, blue on the right; noise does not compress."""
    image = Image.effect_noise(size, 120).convert("RGB") if noisy else Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **saved)
    return out.getvalue()


def exif() -> Image.Exif:
    told = Image.Exif()
    told[ORIENTATION] = 6  # turned by a quarter: what is left in the file belongs on top
    told[MAKER] = "Kamera milik Siti"
    told.get_ifd(GPS)[1] = "S"
    return told


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def test_a_kept_picture_is_upright_and_says_nothing_of_its_camera() -> None:
    kept = pictures.kept(picture(exif=exif()))
    image = opened(kept.body)
    assert (kept.width, kept.height) == image.size == (480, 640)
    red, _, blue = image.convert("RGB").getpixel((240, 20))  # type: ignore[misc]
    assert red > 200 and blue < 60
    assert not image.getexif() and b"Siti" not in kept.body and "exif" not in image.info


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_any_usual_format_becomes_a_small_jpeg(form: str) -> None:
    kept = pictures.kept(picture((3000, 2000), form))
    assert kept.media_type == "image/jpeg" and opened(kept.body).format == "JPEG"
    assert (kept.width, kept.height) == (1600, 1067)


def test_even_noise_is_made_to_fit() -> None:
    kept = pictures.kept(picture((2400, 2400), noisy=True))
    assert len(kept.body) <= 300_000


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(out, "PNG")
    assert min(opened(pictures.kept(out.getvalue()).body).getpixel((20, 20))) > 240  # type: ignore[type-var,arg-type]


@pytest.mark.parametrize(
    "body", [b"", b"hello", picture()[:200], b"\xff\xd8\xff" + b"\0" * 99, picture(form="GIF"), picture(form="BMP")]
)
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        pictures.kept(body)
    assert caught.value.code == "not_an_image"


def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_decoded() -> None:
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 20_000
    with pytest.raises(Refused) as caught:
        pictures.kept(bomb.getvalue())
    assert caught.value.code == "too_large"


def test_what_can_only_be_decoded_whole_may_have_fewer_pixels() -> None:
    """A file of 0.9 MB would take a gigabyte of memory; a phone's large JPEG is decoded at a fraction of its size."""
    whole = io.BytesIO()
    Image.new("RGBA", (4100, 4100)).save(whole, "PNG", compress_level=1)
    with pytest.raises(Refused) as caught:
        pictures.kept(whole.getvalue())
    assert (caught.value.code, caught.value.data) == ("too_large", {"pixels": pictures.DECODED_MOST})
    assert pictures.kept(picture((4100, 4100))).width == 1600


async def code_of(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    return answer.status, (await answer.json())["code"]


async def test_a_photo_is_handed_in_seen_by_everybody_and_taken_off(
    server: Running, http: aiohttp.ClientSession
) -> None:
    hall = await bearer(http, server, "hall")
    key = {"Idempotency-Key": "photo-key-1"}
    async with http.post(photos_of(PROPOSAL), params={"caption": "Saluran"}, data=picture(), headers=hall | key) as one:
        assert one.status == 201
        result = (await one.json())["result"]
    async with http.post(photos_of(PROPOSAL), data=picture(), headers=hall | key) as again:
        assert (await again.json())["result"] == result, "the same key is the same photo"
    desk = await server.services.desks.desk(SESSION)
    (photo,) = desk.state.board.proposals[ProposalId(PROPOSAL)].photos
    assert (photo.file, photo.width, photo.height, photo.caption) == (result["photo"], 640, 480, "Saluran")
    async with http.get(f"/api/files/{photo.file}") as public:
        assert (public.status, public.headers["Content-Type"]) == (200, "image/jpeg")
        assert public.headers["Cache-Control"].startswith("public")
        tag, body = public.headers["ETag"], await public.read()
    assert opened(body).size == (640, 480)
    async with http.get(f"/api/files/{photo.file}", headers={"If-None-Match": tag}) as known:
        assert known.status == 304
    remover = (await server.services.desks.desk(SESSION)).submit
    from server.desks import system
    from sessions.permissions import Actor, Role

    moderator = Actor(SESSION, Role.MODERATOR, system(SESSION).pass_id)
    await remover("photo.remove", {"proposal": PROPOSAL, "photo": photo.file}, moderator, "remove-it")
    async with http.get(f"/api/files/{photo.file}") as gone:
        assert gone.status == 404


async def test_who_may_not_and_what_does_not_fit_is_refused(server: Running, http: aiohttp.ClientSession) -> None:
    hall, delegate = await bearer(http, server, "hall"), await bearer(http, server, "delegate")
    own = next(card for card in await proposals(server) if card.hall == "pejuang").id
    other = next(card for card in await proposals(server) if card.hall != "pejuang").id
    small = picture((40, 40))
    for who, proposal, body, refusal in (
        (hall, other, small, (403, "forbidden")),
        (delegate, own, small, (403, "forbidden")),
        (await bearer(http, server, "public"), own, small, (403, "forbidden")),
        ({}, own, small, (401, "credential_unknown")),
        (hall, "NONE", small, (404, "unknown_proposal")),
        (hall, own, b"not a picture", (415, "not_an_image")),
        (hall, own, b"\xff\xd8" + bytes(8_000_001), (413, "too_large")),
        (hall | {"Idempotency-Key": "no spaces"}, own, small, (400, "bad_input")),
    ):
        async with http.post(photos_of(proposal), data=io.BytesIO(body), headers=who) as answer:
            assert await code_of(answer) == refusal
    for _ in range(3):
        async with http.post(photos_of(own), data=small, headers=hall) as answer:
            assert answer.status == 201
    async with http.post(photos_of(own), data=small, headers=hall) as answer:
        assert await code_of(answer) == (409, "too_many_photos")


async def proposals(server: Running) -> list[Any]:
    return list((await server.services.desks.desk(SESSION)).state.board.proposals.values())


async def test_files_of_another_kind_are_for_their_session_alone(
    server: Running, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.services.store.files.add(NewFile("deck1", SESSION, "deck", "application/pdf", b"%PDF"))
    async with http.get("/api/files/deck1") as answer:
        assert await code_of(answer) == (401, "credential_unknown")
    async with http.get("/api/files/deck1", headers=await bearer(http, server, "screen")) as answer:
        assert (answer.status, await answer.read()) == (200, b"%PDF")
        assert answer.headers["Cache-Control"].startswith("private")
    with monkeypatch.context() as patch:
        patch.setattr(SqlFiles, "get", None)  # PostgreSQL, asked for a NUL, ends in an incident
        async with http.get("/api/files/%00") as answer:
            assert answer.status == 404
    async with http.get("/api/files/none") as answer:
        assert await code_of(answer) == (404, "not_found")


async def test_a_stored_photo_that_no_proposal_shows_is_not_found(server: Running, http: aiohttp.ClientSession) -> None:
    await server.services.store.files.add(NewFile("lost", SESSION, "photo", "image/jpeg", picture()))
    async with http.get("/api/files/lost") as answer:
        assert await code_of(answer) == (404, "not_found")


async def test_similar_proposals_over_http(server: Running, http: aiohttp.ClientSession) -> None:
    desk = await server.services.desks.desk(SESSION)
    first = desk.state.board.proposals[ProposalId(PROPOSAL)]
    hall = await bearer(http, server, "hall")
    moderator = await bearer(http, server, "moderator")
    from server.desks import system

    twin = {"title": first.content.title, "hall": first.hall, "rw": first.content.rw, "proposal": "TWIN"}
    await desk.submit("proposals.import", {"proposals": [twin]}, system(SESSION), "import-the-twin")
    path = f"/api/sessions/{SESSION}/proposals/{PROPOSAL}/similar"
    async with http.get(path, headers=hall) as answer:
        (found,) = (await answer.json())["similar"]
    assert found["proposal"] == "TWIN" and found["score"] > 0.9 and found["metres"] is None
    assert {"same_words", "same_rw", "same_street"} <= set(found["reasons"])
    async with http.get(f"/api/sessions/{SESSION}/similar", headers=moderator) as answer:
        pairs = (await answer.json())["pairs"]
    assert (PROPOSAL, "TWIN") in {(pair["proposal"], pair["similar"]["proposal"]) for pair in pairs}
    async with http.get(path, headers=await bearer(http, server, "delegate")) as answer:
        assert await code_of(answer) == (403, "forbidden")
    async with http.get(path.replace(PROPOSAL, "NONE"), headers=hall) as answer:
        assert await code_of(answer) == (404, "unknown_proposal")
