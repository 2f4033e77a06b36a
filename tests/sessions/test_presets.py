"""Agenda templates: their minutes are those of the sources (DOMAIN §3)."""

from __future__ import annotations

import pytest

from sessions.agenda import ITEMS_MOST, KINDS
from sessions.presets.agenda import TEMPLATES
from sessions.session import FORMS, LEVELS
from tests.sessions.given import ADMIN, DRAFT, given, when


def minutes(template: str) -> list[int]:
    return [item.minutes for item in TEMPLATES[template].items]


def kinds(template: str) -> list[str]:
    return [item.kind for item in TEMPLATES[template].items]


def test_the_neighbourhood_meeting_of_semarang_takes_135_minutes() -> None:
    assert minutes("rembug-warga") == [5, 10, 30, 45, 30, 10, 5]
    assert sum(minutes("rembug-warga")) == 135


def test_the_kelurahan_musrenbang_of_semarang_takes_95_minutes() -> None:
    assert minutes("semarang-kelurahan") == [5, 5, 5, 10, 20, 10, 10, 10, 10, 5, 5]
    assert sum(minutes("semarang-kelurahan")) == 95


def test_the_kecamatan_template_takes_ten_minutes_a_group_and_235_for_all_else() -> None:
    items = TEMPLATES["kecamatan"].items
    assert [item.minutes for item in items if item.each_hall] == [10]
    assert sum(item.minutes for item in items if not item.each_hall) == 235
    assert [item.minutes for item in items] == [30, 10, 10, 10, 15, 10, 5, 60, 10, 30, 20, 10, 10, 10, 5]


def test_the_council_speaks_in_gresik_75_minutes_after_a_quarter_to_ten() -> None:
    assert sum(minutes("gresik")[: kinds("gresik").index("COUNCIL_IDEAS")]) == 75


def test_jakarta_pusat_has_its_four_parts_in_order() -> None:
    parts = ["jakarta-pusat-pembuka", "jakarta-pusat-kelompok", "jakarta-pusat-kecamatan", "jakarta-pusat-penutup"]
    assert [TEMPLATES[part].form for part in parts] == ["PLENARY_OPEN", "GROUP", "PLENARY", "PLENARY_CLOSE"]
    opening = kinds("jakarta-pusat-pembuka")
    assert opening.index("REPORT") < opening.index("OPENING") < opening.index("ADDRESS")


def test_jambi_has_its_talk_show_after_the_province_and_ends_with_signatures() -> None:
    order = kinds("jambi")
    assert order.index("REPORT") < order.index("PRESENTATION") < order.index("TALKSHOW") < order.index("SIGNING")


def test_every_kelurahan_of_bekasi_reports_before_the_agencies_answer() -> None:
    order = kinds("bekasi")
    assert order.index("OPENING") < order.index("GROUP_REPORT") < order.index("AGENCY_RESPONSE")
    assert [item.each_hall for item in TEMPLATES["bekasi"].items if item.kind == "GROUP_REPORT"] == [True]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_can_be_taken_and_planned_again(template: str) -> None:
    found = TEMPLATES[template]
    assert found.level in LEVELS
    assert found.form in FORMS
    assert all(found.title)
    assert len(found.items) <= ITEMS_MOST
    assert {item.kind for item in found.items} <= set(KINDS)
    (event,) = when(given(*DRAFT), "agenda.template", {"template": template}, ADMIN)
    fields = ("title", "kind", "minutes", "speaker", "hall", "note")
    items = [{name: getattr(item, name) for name in fields} for item in event.items]
    (planned,) = when(given(*DRAFT), "agenda.plan", {"items": items}, ADMIN)
    assert planned.items == event.items
