"""Pages for anybody: what they say without scripts and without a pass, and no more than the public view does."""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.app import Running, running
from server.config import Settings, Tiles
from server.config import read as read_settings
from server.errors import StartupError
from server.http.headers import content_security_policy
from server.http.pages import Made
from server.pages import shared_words, words
from server.pages.words import Words, spoken
from sessions.ids import HallId, PassId, SessionId
from sessions.permissions import Actor, Role
from tests.e2e.product import ROOT
from tests.http.test_transcripts import MODERATOR, voted

SESSION = SessionId("bekasi-2018")
SITE = f"/public/{SESSION}"
HALL = Actor(SESSION, Role.HALL, PassId("pejuang"), hall=HallId("pejuang"))


@pytest.fixture(autouse=True)
def always_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change is on the pages at once."""
    monkeypatch.setattr("server.http.pages.FRESH_S", 0.0)


async def read(http: aiohttp.ClientSession, path: str, **headers: str) -> str:
    async with http.get(path, headers=headers) as answer:
        assert answer.status == 200, path
        assert answer.content_type == "text/html"
        return await text_of(answer)


async def text_of(answer: aiohttp.ClientResponse) -> str:
    body = await answer.read()
    return (gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body).decode()


def said(page: str) -> str:
    """The words of a page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def decide(server: Running, proposal: str, decision: str, **more: Any) -> None:
    desk = await server.services.desks.desk(SESSION)
    card = desk.state.board.proposals[proposal]  # type: ignore[index]
    data = {"proposal": proposal, "base": card.version, "decision": decision, **more}
    await desk.submit("proposal.decide", data, MODERATOR, f"decide-{proposal}")


async def first_of(server: Running, hall: str) -> str:
    desk = await server.services.desks.desk(SESSION)
    return next(str(card.id) for card in desk.state.board.proposals.values() if card.hall == hall)


async def test_each_page_is_read_without_a_script_and_kept_by_who_has_it(
    server: Running, http: aiohttp.ClientSession
) -> None:
    one = await first_of(server, "pejuang")
    for path in ("hasil", "usulan", f"usulan/{one}", "periksa"):
        async with http.get(f"{SITE}/{path}", headers={"Accept-Encoding": "gzip"}) as answer:
            body = gzip.decompress(await answer.read()).decode()
            etag, headers = answer.headers["ETag"], answer.headers
        assert headers["Cache-Control"] == "public, no-cache"
        assert headers["Vary"] == "Accept-Encoding, Accept-Language"
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "<script" not in body and " style=" not in body and 'lang="id"' in body
        async with http.get(f"{SITE}/{path}", headers={"If-None-Match": etag}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")


async def test_whoever_has_no_scripts_is_led_from_the_live_page_to_the_results(
    settings: Settings, static: Path
) -> None:
    (static / "index.html").write_text("<!doctype html><html><head></head></html>")
    async with (
        running(settings, static=static) as server,
        aiohttp.ClientSession(server.url, auto_decompress=False) as http,
    ):
        page, english = await read(http, SITE), await read(http, f"{SITE}?lang=en")
    led = f'<noscript><meta http-equiv="refresh" content="0; url={SITE}/hasil"></noscript></head>'
    assert led in page and led.replace("hasil", "hasil?lang=en") in english


async def test_a_proposal_that_was_turned_down_says_why_on_each_page(
    server: Running, http: aiohttp.ClientSession
) -> None:
    desk = await server.services.desks.desk(SESSION)
    await desk.submit("session.open", {}, MODERATOR, "open-0001")
    one = await first_of(server, "pejuang")
    await decide(server, one, "REJECTED", reason_code="LAND_DISPUTE", reason="Batas RW 03 belum jelas.")
    for path in ("hasil", "usulan?fate=not", f"usulan/{one}"):
        assert "Alasan: Lahan sengketa: Batas RW 03 belum jelas." in said(await read(http, f"{SITE}/{path}")), path
    assert "1 dari 114 usulan" in said(await read(http, f"{SITE}/usulan?fate=not"))
    assert "Reason: Land in dispute" in said(await read(http, f"{SITE}/hasil?lang=en"))


async def test_a_result_is_told_once_the_ballot_is_closed_and_a_receipt_found_in_its_list(
    server: Running, http: aiohttp.ClientSession
) -> None:
    desk = await server.services.desks.desk(SESSION)
    ballot = await voted(desk, "secret", votes=8)
    code = f"{5:032x}"
    going = said(await read(http, f"{SITE}/hasil"))
    assert "Sedang dipilih: “Prioritas”. Hasilnya" in going and "Belum ada pemungutan suara yang selesai." in going

    async def check(typed: str) -> str:
        async with http.post(f"{SITE}/periksa", data={"kode": typed}) as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
            return said(await text_of(answer))

    early = await check(code)  # an open ballot publishes no list
    assert "Pemungutan “Prioritas” masih berjalan: daftar kodenya terbit setelah ditutup." in early
    assert "Kode ini belum ada di daftar" in early
    await desk.submit("ballot.close", {"ballot": ballot}, MODERATOR, "close-001")
    done = said(await read(http, f"{SITE}/hasil"))
    assert "A 4 suara" in done and "8 suara dari 240 pemilih, 2 kosong" in done
    assert "Suara itu ikut dihitung." in await check(code.upper())
    assert "Suara itu ikut dihitung." in await check("0000 0000-0000 0000 0000 0000 0000 0005")
    assert "Kode ini tidak ada di daftar suara" in await check("f" * 32)
    assert "Masukkan 12 sampai 32" in await check("halo")
    assert "mungkin angka 0 atau 1" in await check("OOOO IIII 0005")
    assert "Masukkan 12 sampai 32" in await check("")


async def test_of_a_void_ballot_a_receipt_is_found_but_not_called_counted(
    server: Running, http: aiohttp.ClientSession
) -> None:
    desk = await server.services.desks.desk(SESSION)
    ballot = await voted(desk, "secret", votes=5)
    await desk.submit("ballot.void", {"ballot": ballot, "reason": "salah daftar"}, MODERATOR, "void-0001")
    async with http.post(f"{SITE}/periksa", data={"kode": f"{3:032x}"}) as answer:
        text = said(await text_of(answer))
    assert "tetapi pemungutan itu dibatalkan" in text and "ikut dihitung" not in text.split("Kode dari ponsel")[0]


def test_a_number_is_followed_by_one_or_many() -> None:
    said_by = Words("en")
    assert said_by("ballots.cast", cast=1, of="1,451", blank=0).startswith("1 vote of 1,451 voters")
    assert said_by("ballots.cast", cast=0, of=3, blank=0).startswith("0 votes of 3 voters")
    with pytest.raises(KeyError):
        said_by("ballots.cast", cast=1)


async def test_more_fields_than_a_form_has_are_refused_in_words(server: Running, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{SITE}/periksa", data={f"f{nth}": "x" for nth in range(5)}) as answer:
        assert answer.status == 400
        assert "keliru" in said(await text_of(answer))


async def test_searches_of_one_address_are_counted_and_the_list_stays_open(
    server: Running, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def spent(_allowance: Any, name: str) -> float:
        seen.append(name)
        return 0.0 if len(seen) < 2 else 0.2

    monkeypatch.setattr("signaling.gateway.rates.Allowance.wait_s", spent)
    await read(http, f"{SITE}/usulan?q=jalan")
    async with http.get(f"{SITE}/usulan?q=pos") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        assert "Terlalu banyak pencarian" in said(await text_of(answer))
    await read(http, f"{SITE}/usulan?hall=pejuang")
    assert len(seen) == 2, "who only turns pages searches nothing"


async def test_what_is_private_is_on_no_page(server: Running, http: aiohttp.ClientSession) -> None:
    desk = await server.services.desks.desk(SESSION)
    hidden = {
        "address": "Gang Buntu nomor sembilan",
        "proposer": "Ibu Rahasia",
        "street": "Jalan Tersembunyi",
        "location_note": "pintu belakang",
        "map_link": "https://peta.example/rumah",
        "lat": -6.123456,
        "lon": 107.654321,
    }
    told = {"title": "Rumah tidak layak huni <b>RT 01</b>", "hall": "pejuang", **hidden}
    one = (await desk.submit("proposal.add", told, HALL, "add-00001")).result["proposal"]
    await desk.submit("draft.add", {"hall": "pejuang", "title": "Masih ditulis"}, HALL, "draft-001")
    seen = [await read(http, f"{SITE}/{path}") for path in ("hasil", "usulan?page=semua", f"usulan/{one}")]
    async with http.get(f"/api/public/{SESSION}/places") as answer:
        seen.append(await text_of(answer))
    listed = {place["proposal"]: place for place in json.loads(seen[-1])["places"]}
    assert listed[one] == {"proposal": one, "lat": -6.12, "lon": 107.65}
    assert len(listed) == 115
    for page in seen:
        for value in (*map(str, hidden.values()), "Masih ditulis", "<b>RT 01</b>"):
            assert value not in page
    assert "&lt;b&gt;RT 01&lt;/b&gt;" in seen[2]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/public/nowhere/hasil", 404, "Sidang ini tidak ditemukan."),
        (f"{SITE}/usulan/nothing", 404, "Usulan ini tidak ada di papan."),
        (f"{SITE}/usulan?hall=nowhere", 400, "Alamat halaman ini keliru."),
        (f"{SITE}/usulan?fate=lucky", 400, "Alamat halaman ini keliru."),
        (f"{SITE}/usulna", 404, "Halaman ini tidak ada. Hasil sidang dan semua usulan"),
        (f"{SITE}/hasil/", 404, "Halaman ini tidak ada."),
        (f"{SITE}/usulan?page=0", 400, "Alamat halaman ini keliru."),
        (f"{SITE}/usulan?page=%C2%B2", 400, "Alamat halaman ini keliru."),
    ],
)
async def test_a_slip_is_answered_by_a_page_that_says_what_to_do(
    shared: Running, looking: aiohttp.ClientSession, path: str, status: int, words: str
) -> None:
    async with looking.get(path) as answer:
        assert (answer.status, answer.content_type) == (status, "text/html")
        assert words in said(await text_of(answer))


async def test_the_list_is_searched_and_comes_in_pages(server: Running, http: aiohttp.ClientSession) -> None:
    first, all_of_it = await read(http, f"{SITE}/usulan"), await read(http, f"{SITE}/usulan?page=semua")
    assert (first.count("fatecard"), all_of_it.count("fatecard")) == (50, 114)
    assert "Halaman 1 dari 3" in said(first)
    found = await read(http, f"{SITE}/usulan?q=drainase&hall=pejuang")
    titles = re.findall(r"<h3>.*?>([^<]+)</a>", found)
    assert titles and all("drainase" in title.lower() for title in titles)
    assert "Tidak ada usulan yang cocok." in said(await read(http, f"{SITE}/usulan?q=tidakada"))
    assert "<script" not in await read(http, f"{SITE}/usulan?q=%3Cscript%3E")


async def test_the_language_is_that_of_the_address_or_else_of_the_browser(
    server: Running, http: aiohttp.ClientSession
) -> None:
    english = await read(http, f"{SITE}/hasil", **{"Accept-Language": "en-GB,en;q=0.9,id;q=0.2"})
    assert 'lang="en"' in english and "Results of ballots" in english
    named = await read(http, f"{SITE}/hasil?lang=id", **{"Accept-Language": "en"})
    assert "Hasil pemungutan suara" in named and f'href="{SITE}/usulan?lang=id"' in named
    assert [spoken(None, accepted) for accepted in ("", "fr", "en;q=0", "id;q=0.3, en;q=x", "de, en;q=0.1")] == [
        *("id", "id", "id", "id"),
        "en",
    ]


async def test_the_code_on_a_page_leads_to_that_page(server: Running, http: aiohttp.ClientSession) -> None:
    one = await first_of(server, "pejuang")
    async with http.get(f"{SITE}/usulan/{one}/qr.svg") as answer:
        assert (answer.status, answer.content_type) == (200, "image/svg+xml")
    async with http.get(f"{SITE}/usulan/{one}/qr.svg", headers={"Host": "jahat.example/<svg>"}) as answer:
        assert answer.status == 400


async def test_a_crowd_that_asks_for_the_same_has_it_made_once_and_not_at_each_change() -> None:
    views, sent = Made(2, fresh_s=60), Made(2)
    for made in (views, sent):
        told = await asyncio.gather(*(made.of(("a",), (1,), lambda: "before") for _ in range(50)))
        assert (told, made.built) == (["before"] * 50, 1)
    assert await views.of(("a",), (2,), lambda: "after") == "before"
    assert await sent.of(("a",), (2,), lambda: "after") == "after"
    with pytest.raises(ZeroDivisionError):
        await sent.of(("b",), (2,), lambda: 1 // 0)
    assert await sent.of(("b",), (2,), lambda: "again") == "again"


def shared_with(name: str) -> dict[str, str]:
    """The texts of a module of the client's."""
    text = (ROOT / "client_web" / "src" / "text" / name).read_text(encoding="utf-8")
    return {
        key: value.replace("\\'", "'")
        for key, value in re.findall(r"^  '([\w.]+)':\s*'((?:[^'\\]|\\.)*)',", text, re.M)
    }


@pytest.mark.parametrize(("language", "own"), [("id", shared_words.ID), ("en", shared_words.EN)])
def test_the_pages_say_what_the_client_says(language: str, own: dict[str, str]) -> None:
    client = {**shared_with(f"{language}.ts"), **shared_with(f"reasons.{language}.ts")}
    client |= {f"ballot.{key}": value for key, value in shared_with(f"ballot.{language}.ts").items()}
    assert {key: client.get(key) for key in own} == dict(own)


def test_both_languages_say_everything_with_the_same_gaps() -> None:
    indonesian, english = words.TEXTS["id"], words.TEXTS["en"]
    assert indonesian.keys() == english.keys()
    for key, text in indonesian.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[key])), key


def test_figures_are_written_as_people_here_write_them() -> None:
    here, there = Words("id"), Words("en")
    assert (here.rupiah(1_250_000_000), there.count(1451)) == ("Rp1.250.000.000", "1,451")
    assert (here.decimal(1234.5), there.decimal(1234.5), here.decimal(3.0)) == ("1.234,5", "1,234.5", "3")
    assert (here.date("2018-01-23"), there.date("2018-01-23"), here.date("")) == (
        "Selasa, 23 Januari 2018",
        "Tuesday, 23 January 2018",
        "",
    )
    assert Words("id", "WIT").day(1_516_636_800_000) == "23 Januari 2018"


def test_map_pictures_come_from_the_one_place_an_office_names() -> None:
    told = read_settings({"map_tiles": "https://peta.example/osm/{z}/{x}/{y}.png © OpenStreetMap"}, {}).map_tiles
    assert told == Tiles("https://peta.example/osm/{z}/{x}/{y}.png", "© OpenStreetMap")
    assert "img-src 'self' https://peta.example data: blob:;" in content_security_policy(told)
    assert "peta.example" not in content_security_policy(None)
    for slip in (
        "peta.example/{z}/{x}/{y}",
        "https://peta.example/{z}/{x}.png",
        "https://a.example;script-src/{z}{x}{y}",
    ):
        with pytest.raises(StartupError):
            read_settings({"map_tiles": slip}, {})


def test_icons_are_the_clients() -> None:
    outlines = (ROOT / "client_web" / "src" / "icons" / "outlines.ts").read_text(encoding="utf-8")
    own = (ROOT / "server" / "pages" / "templates" / "icon.html.j2").read_text(encoding="utf-8")
    found = re.findall(r'"([a-z-]+)": "([^"]+)",', own)
    assert len(found) > 10
    for name, outline in found:
        assert f"'{outline}'" in outlines, name
