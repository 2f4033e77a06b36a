"""The head of a session: put right in part, and told in the record once people have read it."""

from __future__ import annotations

from typing import Any

from sessions.heading import SessionEdited
from sessions.minutes import minutes
from tests.sessions.given import ADMIN, DRAFT, OPENED, SESSION, given, more, when
from tests.sessions.test_minutes import journal


def test_what_is_not_named_stays_and_what_is_so_already_is_not_recorded() -> None:
    state = given(*DRAFT)
    (edited,) = when(state, "session.edit", {"place": " Aula Nusantara ", "year": 2020}, ADMIN)
    assert edited == SessionEdited("Musrenbang RKPD 2019", "Aula Nusantara", "2018-01-23", year=2020)
    session = more(state, [edited]).session
    assert (session.title, session.place, session.year, session.tz) == (
        "Musrenbang RKPD 2019",
        "Aula Nusantara",
        2020,
        "WIB",
    )
    assert when(more(state, [edited]), "session.edit", {"place": "Aula Nusantara"}, ADMIN) == []


def test_a_territory_is_named_whole() -> None:
    state = given(*DRAFT)
    found = when(state, "session.edit", {"territory": {"code": "32.75", "name": "Kota Bekasi"}}, ADMIN)
    session = more(state, found).session
    assert (session.territory_code, session.territory_name) == ("32.75", "Kota Bekasi")


def test_the_record_tells_a_change_after_the_opening_alone() -> None:
    def lines(*events: Any) -> list[str]:
        return [one.text for one in minutes(SESSION, journal(*events)).proceedings if one.kind == "override"]

    data = {"place": "Aula Nusantara", "date": "2018-01-24"}
    before = when(given(*DRAFT), "session.edit", data, ADMIN)
    assert lines(*DRAFT, *before, *OPENED[len(DRAFT) :]) == []
    after = when(given(*OPENED), "session.edit", {**data, "reason": "gedung banjir"}, ADMIN)
    (told,) = lines(*OPENED, *after)
    assert told.startswith("Keterangan sidang diubah (tempat, tanggal).") and "gedung banjir" in told
    both = {"title": "Musrenbang", "territory": {"code": "32.75", "name": "Kota Bekasi"}, "reason": "salah wilayah"}
    (told,) = lines(*OPENED, *when(given(*OPENED), "session.edit", both, ADMIN))
    assert told.startswith("Keterangan sidang diubah (judul, wilayah).")
