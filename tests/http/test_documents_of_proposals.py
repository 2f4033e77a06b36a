"""Documents of proposals over HTTP: PDFs alone, for those who decide, and never opened by a browser by itself."""

from __future__ import annotations

import aiohttp
import pytest

from server.app import Running
from sessions import document
from sessions.ids import ProposalId
from tests.http.conftest import bearer
from tests.http.test_decks import locked, pdf
from tests.http.test_photos import PROPOSAL, SESSION, code_of, photos_of, picture, proposals

pytestmark = pytest.mark.asyncio(loop_scope="module")


def files_of(proposal: str) -> str:
    return f"/api/sessions/{SESSION}/proposals/{proposal}/files"


async def test_a_letter_is_handed_in_and_fetched_by_those_who_decide(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    hall, key, body = await bearer(looking, shared, "hall"), {"Idempotency-Key": "letter-key-1"}, pdf(3)
    async with looking.post(files_of(PROPOSAL), params={"kind": "cover_letter"}, data=body, headers=hall | key) as one:
        assert one.status == 201
        result = (await one.json())["result"]
    async with looking.post(files_of(PROPOSAL), params={"kind": "cover_letter"}, data=body, headers=hall | key) as two:
        assert (await two.json())["result"] == result, "the same key is the same document"
    desk = await shared.services.desks.desk(SESSION)
    (found,) = desk.state.board.proposals[ProposalId(PROPOSAL)].documents
    assert (found.file, found.kind, found.pages, found.size) == (result["file"], "cover_letter", 3, len(body))
    path = f"/api/files/{found.file}"
    for role in ("moderator", "admin", "agency", "hall"):
        async with looking.get(path, headers=await bearer(looking, shared, role)) as answer:
            assert (answer.status, await answer.read()) == (200, body), role
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{found.file[:8]}.pdf"'
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer.headers["Cache-Control"] == "private, no-store"
    for role in ("delegate", "screen", "public"):
        async with looking.get(path, headers=await bearer(looking, shared, role)) as answer:
            assert await code_of(answer) == (403, "forbidden"), role
    async with looking.get(path) as answer:
        assert await code_of(answer) == (401, "credential_unknown")


async def test_what_is_no_pdf_or_nobodys_to_hand_in_is_refused(
    shared: Running, looking: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, agency = await bearer(looking, shared, "hall"), await bearer(looking, shared, "agency")
    own = [card for card in await proposals(shared) if card.hall == "pejuang"][1].id
    other = next(card for card in await proposals(shared) if card.hall != "pejuang").id
    for who, proposal, kind, body, refusal in (
        (hall, own, "cost_sheet", b"GIF89a", (415, "not_a_pdf")),
        (hall, own, "cost_sheet", b"<script>%PDF-1.7", (415, "not_a_pdf")),
        (hall, own, "cost_sheet", locked(), (415, "not_a_pdf")),
        (hall, own, "photo", pdf(1), (400, "bad_input")),
        (hall, other, "proposal", pdf(1), (403, "forbidden")),
        (agency, own, "proposal", pdf(1), (403, "forbidden")),
        (hall, "NONE", "proposal", pdf(1), (404, "unknown_proposal")),
    ):
        async with looking.post(files_of(proposal), params={"kind": kind}, data=body, headers=who) as answer:
            assert await code_of(answer) == refusal
    async with looking.post(files_of(own), params={"knid": "proposal"}, data=pdf(1), headers=hall) as answer:
        assert await code_of(answer) == (400, "bad_input")
    monkeypatch.setattr(document, "BYTES_MOST", 100)
    async with looking.post(files_of(own), params={"kind": "proposal"}, data=pdf(1), headers=hall) as answer:
        assert await code_of(answer) == (413, "too_large")


async def test_an_agency_hands_in_photos_of_its_survey(shared: Running, looking: aiohttp.ClientSession) -> None:
    agency, small = await bearer(looking, shared, "agency"), picture((40, 40))
    survey = {"kind": "survey", "caption": "Saluran ambles"}
    async with looking.post(photos_of(PROPOSAL), params=survey, data=small, headers=agency) as answer:
        assert answer.status == 201
    desk = await shared.services.desks.desk(SESSION)
    found = desk.state.board.proposals[ProposalId(PROPOSAL)].photos[-1]
    assert (found.kind, found.caption) == ("survey", "Saluran ambles")
    other = next(card for card in await proposals(shared) if card.content.agency == "Dinas Sosial").id
    async with looking.post(photos_of(other), params=survey, data=small, headers=agency) as answer:
        assert await code_of(answer) == (403, "other_agency")
    async with looking.post(photos_of(PROPOSAL), data=small, headers=agency) as answer:
        assert await code_of(answer) == (403, "forbidden")
