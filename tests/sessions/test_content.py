"""The fields of a proposal: one flat list on the wire, groups in the value, and old journals mean what they meant."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from sessions.board import Imported
from sessions.card import PRIVATE, proposal_details
from sessions.content import DETAILS, GROUPS, TITLE, changed, flat, written
from sessions.ids import ProposalId
from sessions.kind import VIEWS
from sessions.model.board import Decision
from sessions.model.content import Content
from sessions.proposal import ProposalAdded
from sessions.wire import decode, encode
from tests.sessions.given import (
    ADMIN,
    HALL_PEJUANG,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    THREE,
    bad_field,
    code,
    given,
    more,
    when,
)

FULL = {
    "title": "Drainase",
    "source": "COUNCIL",
    "external_id": "JKP00001",
    "continues": "JKP2023-7",
    "year": 2025,
    "proposed_on": "2024-01-19",
    "rt": "07, 08",
    "lat": -6.2,
    "lon": 106.8,
    "map_link": "https://peta.example/1",
    "goal": "Bebas genangan",
    "field": "INFRASTRUKTUR",
    "from_catalogue": False,
    "rpjmd_aligned": True,
    "execution_year": 2025,
    "coefficient": "10 x 100",
    "unit_price": 540_000,
    "expenditure_kind": "MODAL",
}


def test_every_field_is_checked_and_belongs_to_one_group() -> None:
    grouped = [field.name for cls in GROUPS.values() for field in fields(cls)]
    plain = [field.name for field in fields(Content) if field.name not in GROUPS]
    assert sorted([*grouped, *plain]) == sorted({**TITLE, **DETAILS}), "no name twice, none unchecked"
    assert flat(Content("x")).keys() == {*TITLE, *DETAILS}


def test_fields_of_all_groups_are_added_edited_and_read_back() -> None:
    state = given(*OPENED)
    (event,) = when(state, "proposal.add", {**FULL, "hall": "pejuang", "owner": RW07}, fresh="d")
    assert decode(ProposalAdded, json.loads(json.dumps(encode(event)))) == event
    assert encode(event)["content"]["origin"]["source"] == "COUNCIL" and "aims" in encode(event)["content"]
    state = more(state, [event], at=NOW + 3)
    card = state.board.proposals[ProposalId("d")]
    assert (card.owner, card.added_at) == (RW07, NOW + 3)
    assert {name: flat(card.content)[name] for name in FULL} == FULL
    edit = {"proposal": "d", "base": 1, "fields": {"goal": "", "lat": None, "title": "Selokan"}}
    state = more(state, when(state, "proposal.edit", edit))
    told = flat(state.board.proposals[ProposalId("d")].content)
    assert (told["goal"], told["lat"], told["title"], told["lon"]) == ("", None, "Selokan", 106.8)


def test_an_event_of_the_first_version_means_what_it_meant() -> None:
    old = {"proposal": "a", "hall": "pejuang", "rank": 1, "content": {"title": "Sumur", "amount": 5, "rw": "07"}}
    event = decode(ProposalAdded, old)
    assert event.content == Content("Sumur", amount=5, rw="07") and event.owner is None
    assert encode(event) == old


def test_an_owner_sits_in_the_hall_it_comes_from() -> None:
    add = {"title": "Sumur", "hall": "jatiasih", "owner": RW07}
    for owner in (RW07, "nobody"):
        assert code(given(*OPENED), "proposal.add", {**add, "owner": owner}) == "bad_input"
    rows = {"proposals": [add]}
    assert code(given(*OPENED), "proposals.import", rows, ADMIN) == "bad_input"


def test_an_import_brings_agencies_and_recommendations_along() -> None:
    row = {
        "proposal": "d",
        "title": "Sumur",
        "hall": "pejuang",
        "agency": "Dinas A",
        "agency_final": "Dinas B",
        "recommendations": [{"level": "KELURAHAN", "note": "Layak"}, {"level": "CITY", "decision": "REJECTED"}],
    }
    state = given(*OPENED)
    (event,) = when(
        state, "proposals.import", {"proposals": [row, {**row, "proposal": "e", "agency_final": "Dinas A"}]}, ADMIN
    )
    assert decode(type(event), json.loads(json.dumps(encode(event)))) == event
    state = more(state, [event], at=NOW + 3)
    card = state.board.proposals[ProposalId("d")]
    assert (card.content.agency, card.desk.final, card.added_at) == ("Dinas A", "Dinas B", NOW + 3)
    assert card.decisions == (
        Decision("KELURAHAN", "NOTED", NOW + 3, note="Layak"),
        Decision("CITY", "REJECTED", NOW + 3),
    )
    assert state.board.proposals[ProposalId("e")].desk.final == "", "the one asked for is in charge anyway"
    assert Imported(ProposalId("d"), PEJUANG, Content("x")).decisions == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "MARS"),
        ("year", 12),
        ("proposed_on", "19/01/2024"),
        ("lat", 91),
        ("lon", -181),
        ("lat", float("nan")),
        ("map_link", "javascript:alert(1)"),
        ("field", "OLAHRAGA"),
        ("from_catalogue", "ya"),
        ("expenditure_kind", "UTANG"),
        ("unit_price", -1),
        ("goal", "x" * 1001),
        ("phone", "0812"),
        ("nip", "1980"),
        ("owner", "a b"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name_and_personal_numbers_have_no_place(field: str, value: object) -> None:
    assert bad_field("proposal.add", {"title": "Sumur", "hall": "pejuang", field: value}) == field


@pytest.mark.parametrize("view", VIEWS)
def test_details_hold_everything_but_what_is_private(view: str) -> None:
    state = given(*OPENED, *THREE)
    told = {name: value for name, value in FULL.items() if name != "title"}
    edited = more(state, when(state, "proposal.edit", {"proposal": "a", "base": 1, "fields": told}, HALL_PEJUANG))
    details = proposal_details(edited, ProposalId("a"), view)
    assert details is not None
    private = () if view in ("moderator", "hall") else PRIVATE
    assert {*TITLE, *DETAILS} - set(details) == set(private)
    assert details["goal"] == "Bebas genangan" and details["owners"][0]["hall"] == "pejuang"
    json.dumps(details, allow_nan=False)


def test_changing_nothing_changes_nothing() -> None:
    content = written(FULL)
    assert changed(content, {}) == content and changed(Content("x"), FULL) == content
