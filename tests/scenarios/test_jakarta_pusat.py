"""Jakarta Pusat 2024 in four parts: one opening in eight kecamatan, 44 group sessions, eight kecamatan, their closings.

1,451 proposals of the neighbourhoods go in; five of each kelurahan are chosen, three of those go on, and the city's
word on each comes back down.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.interchange.sipd import drafts
from sessions.ids import BallotId, ProposalId
from sessions.presets.agenda import TEMPLATES
from tests.scenarios.city import City, Sitting, city, refused

START = 1_708_909_200_000  # 26 February 2024, 08.00 WIB
TABLE = Path(__file__).parents[1] / "fixtures" / "usulan-jakpus.csv"
# What the city reported of 386 RW (S1 of docs/sources.md).
REPORTED = {
    "Sawah Besar": 195,
    "Cempaka Putih": 113,
    "Gambir": 137,
    "Johar Baru": 164,
    "Kemayoran": 303,
    "Menteng": 133,
    "Senen": 183,
    "Tanah Abang": 223,
}
OPENING, KOTA = "jakpus-pembuka", "jakpus-kota"
IN_DETAIL = ("kramat", "cikini", "galur", "cideng")  # these deliberate one by one, the others by acclamation
OFFICES = ("Ketua RW 01", "Ketua RW 02", "Ketua LMK", "Ketua TP PKK", "Ketua Karang Taruna", "Wakil difabel")
LEFT_OVER = {"reason_code": "OVER_CEILING", "reason": "Di luar lima prioritas dan pagu kelurahan"}


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def kecamatan(name: str) -> str:
    return f"kec-{slug(name)}"


def closing(name: str) -> str:
    return f"penutup-{slug(name)}"


def group(hall: str) -> str:
    return f"kelompok-{hall}"


def imports() -> dict[str, list[dict[str, Any]]]:
    """What each kecamatan brings, by its name."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        every = list(drafts(file, lambda row: slug(row["kelurahan"]), 2025))
    return {name: [draft for draft in every if draft["kecamatan"] == name] for name in REPORTED}


def kelurahan() -> dict[str, dict[str, str]]:
    """Of each kecamatan: hall → name of the kelurahan."""
    found: dict[str, dict[str, str]] = {name: {} for name in REPORTED}
    with TABLE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["kecamatan"]][slug(row["kelurahan"])] = row["kelurahan"]
    return found


HALLS = kelurahan()


async def created(town: City, session: str, title: str, halls: Mapping[str, str], **told: Any) -> Sitting:
    sitting = await town.sitting(session)
    where = {"place": "Jakarta Pusat", "date": "2024-02-26", "year": 2025}
    await sitting.secretary("session.create", title=title, kind="plenary", **where, **told)
    for hall, name in halls.items():
        await sitting.secretary("hall.add", hall=hall, name=name)
    return sitting


async def prepare(town: City) -> None:
    """One opening, the city, and of each kecamatan its plenary and its closing plenary."""
    aulas = {kecamatan(name): f"Aula Kecamatan {name}" for name in REPORTED}
    opening = await created(town, OPENING, "Sidang pleno pembuka", aulas, level="CITY", form="PLENARY_OPEN")
    await opening.secretary("agenda.template", template="jakarta-pusat-pembuka")
    kota = await created(town, KOTA, "Musrenbang kota", aulas, level="CITY")
    await kota.secretary("agenda.plan", items=[{"title": "Penetapan", "kind": "PROPOSAL_REVIEW", "minutes": 60}])
    for name, proposals in imports().items():
        where = {"level": "KECAMATAN", "territory": {"code": kecamatan(name), "name": name}}
        last = await created(
            town, closing(name), f"Penutupan {name}", HALLS[name], **where, form="PLENARY_CLOSE", feeds=KOTA
        )
        await last.secretary("rules.set", preset="jakarta-pusat-2024")
        await last.secretary("agenda.template", template="jakarta-pusat-penutup")
        sitting = await created(town, kecamatan(name), f"Musrenbang {name}", HALLS[name], **where, feeds=closing(name))
        await sitting.secretary("session.link", feeds=closing(name), previous=None, reaches=[KOTA])
        await sitting.secretary("rules.set", preset="jakarta-pusat-2024")
        await sitting.secretary("agenda.template", template="jakarta-pusat-kecamatan")
        await sitting.secretary("seats.import", seats=[seat for hall in HALLS[name] for seat in seats_of(hall)])
        await sitting.secretary("proposals.import", proposals=proposals)


def seats_of(hall: str) -> list[dict[str, Any]]:
    groups = ("RW", "RW", "LMK", "WOMEN", "YOUTH", "DISABILITY")
    told = zip(OFFICES, groups, strict=True)
    return [
        {"seat": f"{hall}-{place}", "hall": hall, "office": office, "constituency": found}
        for place, (office, found) in enumerate(told, 1)
    ]


async def through(sitting: Sitting, *, until: str = "") -> None:
    """On through the agenda, to the next item of this kind or to the last."""
    while True:
        await sitting.chair("agenda.next")
        at = [item.state for item in sitting.state.agenda].index("now")
        if sitting.state.agenda[at].kind == until or (not until and at == len(sitting.state.agenda) - 1):
            return


async def open_together(town: City) -> None:
    """Part 1: what the opening shows is shown in all eight; none of them can be shown elsewhere meanwhile."""
    opening = await town.sitting(OPENING)
    places = [kecamatan(name) for name in REPORTED]
    await opening.chair("session.lobby")
    stranger = await refused("not_linked", opening.chair("cast.start", sessions=places))
    assert stranger["session"] == places[0], "no chair reaches what the secretariat has not linked"
    await opening.secretary("session.link", feeds=None, previous=None, reaches=places)
    await opening.chair("cast.start", sessions=places)
    for place in places:
        await (await town.sitting(place)).chair("session.lobby")
    await town.carry()
    senen = await town.sitting(kecamatan("Senen"))
    await refused("cast_busy", senen.chair("cast.start", sessions=[KOTA]))
    await opening.chair("session.open")
    await through(opening, until="OPENING")
    request = (await opening.hall("kec-senen", "floor.request", note="Wali kota membuka"))["request"]
    await opening.chair("floor.grant", request=request, minutes=15)
    await town.carry()
    for place in places:
        shown = (await town.sitting(place)).state.casting.shown
        assert (shown.item, shown.speaker) == ("Pembukaan oleh wali kota", "Aula Kecamatan Senen")
    await town.pass_time(15)
    await through(opening)
    await opening.chair("session.close")
    await town.carry()
    assert {(await town.sitting(place)).state.casting.source for place in places} == {None}
    await opening.seal()


async def split(town: City, name: str) -> None:
    """Part 2 begins: each kelurahan takes its hall, its people and its cards along."""
    sitting = await town.sitting(kecamatan(name))
    await sitting.chair("session.open")
    await sitting.check_in([seat.id for seat in sitting.state.seats.values()])
    found = await sitting.chair("quorum.declare")
    assert (found["reached"], found["present"]) == (True, 6 * len(HALLS[name]))
    agenda = [
        {"title": one.title, "kind": one.kind, "minutes": one.minutes, "speaker": one.speaker}
        for one in TEMPLATES["jakarta-pusat-kelompok"].items
    ]
    groups = [
        {"title": f"Sidang kelompok {kelurahan}", "halls": [hall], "session": group(hall), "agenda": agenda}
        for hall, kelurahan in HALLS[name].items()
    ]
    await sitting.secretary("groups.split", groups=groups)
    await refused("in_another_group", sitting.secretary("groups.split", groups=[{**groups[0], "session": "lain"}]))
    await refused("already_exists", sitting.chair("groups.split", groups=groups[:1]))
    await refused("groups_are_out", sitting.chair("session.close"))
    taken = sitting.cards("SUBMITTED")[0]
    moved = {"proposal": taken, "base": sitting.base(taken), "status": "DISCUSSED", "before": None}
    assert (await refused("with_group", sitting.chair("proposal.move", **moved)))["proposal"] == taken


async def deliberate(town: City, hall: str) -> None:
    """One kelurahan's group session, from draft to closed: five go on, two wait, the others hear why not."""
    sitting = await town.sitting(group(hall))
    assert sitting.state.session.phase == "draft"
    await refused("wrong_phase", sitting.chair("groups.split", groups=[{"title": "Lebih kecil", "halls": [hall]}]))
    await sitting.chair("rules.set", preset="jakarta-pusat-2024-kelompok")
    await sitting.chair("session.lobby")
    await sitting.check_in(sitting.seats_of(hall)[:5])
    assert (await sitting.chair("quorum.declare"))["reached"]
    await sitting.chair("session.open")
    await through(sitting, until="AGENCY_RESPONSE")
    if hall in IN_DETAIL:
        await look_closely(sitting, hall)
    await through(sitting, until="VOTE")
    five, two = await choose(sitting) if hall in IN_DETAIL else agreed(sitting)
    if hall not in IN_DETAIL:
        subject = {"subject": "Lima prioritas", "proposals": five, "outcome": "agreed"}
        await sitting.chair("consensus.declare", **subject)
    await sitting.chair("proposals.move", items=sitting.based(*five), status="PRIORITISED")
    await sitting.chair("proposals.move", items=sitting.based(*two), status="RESERVE")
    rest = sitting.cards("SUBMITTED", "SURVEYED", "DISCUSSED")
    if hall in IN_DETAIL:
        sixth = {"items": sitting.based(rest[0]), "status": "PRIORITISED"}
        assert (await refused("over_quota", sitting.chair("proposals.move", **sixth)))["limit"] == 5
    await sitting.chair("proposals.decide", items=sitting.based(*rest), decision="REJECTED", **LEFT_OVER)
    await through(sitting, until="READ_DRAFT")
    await sitting.read_out()
    await through(sitting)
    await sitting.chair("session.close")
    await refused("wrong_phase", sitting.chair("agenda.next"))


def agreed(sitting: Sitting) -> tuple[list[str], list[str]]:
    """The dearest to most households, as the forum said without a vote."""
    cards = sitting.state.board.proposals
    order = sorted(sitting.cards("SUBMITTED"), key=lambda one: (-(cards[ProposalId(one)].content.households or 0), one))
    return order[:5], order[5:7]


async def look_closely(sitting: Sitting, hall: str) -> None:
    """Surveys, a merge of two that ask for the same, and one that its own hall takes back."""
    first, second, third, fourth = sitting.cards("SUBMITTED")[:4]
    survey = {"survey_status": "SUDAH", "survey_date": "2024-02-27", "verdict": "FEASIBLE"}
    await sitting.agency("proposal.answer", proposal=first, base=sitting.base(first), **survey)
    into = {"into": second, "base": sitting.base(second)}
    await sitting.chair("proposal.merge", **into, proposals=sitting.based(third))
    taken_back = {"proposal": fourth, "base": sitting.base(fourth)}
    await refused("reason_required", sitting.hall(hall, "proposal.withdraw", **taken_back, reason=""))
    await sitting.hall(hall, "proposal.withdraw", **taken_back, reason="Sudah dikerjakan swadaya")


async def choose(sitting: Sitting) -> tuple[list[str], list[str]]:
    """Consensus fails, so the five and the two next are what a secret ballot of those present says."""
    candidates = sitting.cards("SURVEYED", "SUBMITTED")[:8]
    question: dict[str, Any] = {
        "title": "Lima prioritas",
        "secrecy": "secret",
        "proposals": candidates,
        "choose_max": 5,
        "electorate": {"kind": "present"},
    }
    await refused("consensus_first", sitting.chair("ballot.open", **question))
    subject = {"subject": "Lima prioritas", "proposals": candidates, "outcome": "not_agreed"}
    await sitting.chair("consensus.declare", **subject)
    ballot = (await sitting.chair("ballot.open", **question))["ballot"]
    voters = [seat for seat in sitting.state.seats if seat in sitting.state.attendance.arrivals]
    await refused("not_in_electorate", sitting.vote(ballot, {list(sitting.state.seats)[5]: candidates[:1]}))
    await sitting.vote(
        ballot, {seat: candidates[:5] if place else candidates[1:5] for place, seat in enumerate(voters)}
    )
    await sitting.chair("ballot.close", ballot=ballot)
    result = sitting.state.ballots[BallotId(ballot)].result
    assert result is not None
    assert (result.cast, set(result.elected)) == (5, set(candidates[:5]))
    return list(result.elected), candidates[5:7]


async def deliberate_in_kecamatan(town: City, name: str) -> None:
    """Part 3: the groups are back; three of each five go on to the closing plenary, the others wait in reserve."""
    sitting = await town.sitting(kecamatan(name))
    detailed = sum(hall in IN_DETAIL for hall in HALLS[name])
    halls, all_of_them = len(HALLS[name]), REPORTED[name]
    expected = {"PRIORITISED": 5 * halls, "RESERVE": 2 * halls, "MERGED": detailed, "WITHDRAWN": detailed}
    rest = all_of_them - 7 * halls - 2 * detailed
    assert sitting.statuses() == +Counter({**expected, "NOT_AGREED": rest})
    await through(sitting, until="VOTE")
    five = {hall: sitting.cards("PRIORITISED", hall=hall) for hall in HALLS[name]}
    three = [card for cards in five.values() for card in cards[:3]]
    over = await refused(
        "over_quota", sitting.chair("proposals.send_up", proposals=[*three, next(iter(five.values()))[3]])
    )
    assert (over["what"], over["limit"], over["actual"]) == ("next_level", 3, 4)
    assert await sitting.chair("proposals.send_up", proposals=three) == {"to": closing(name), "proposals": 3 * halls}
    others = [card for cards in five.values() for card in cards[3:]]
    await sitting.chair("proposals.move", items=sitting.based(*others), status="RESERVE")
    await sitting.chair("delegates.choose", seats=[f"{hall}-4" for hall in HALLS[name]], by="acclamation")
    await sitting.chair("delegates.send_up", to=KOTA)
    await refused("delegates_sent", sitting.chair("delegates.choose", seats=["kramat-1"], by="acclamation"))
    await through(sitting, until="READ_DRAFT")
    await sitting.read_out()
    await through(sitting)
    await sitting.chair("session.close")
    await sitting.seal()


async def close_kecamatan(town: City, name: str) -> None:
    """Part 4: the closing plenary confirms what came and sends it on to the city."""
    sitting = await town.sitting(closing(name))
    assert sitting.statuses() == {"SUBMITTED": 3 * len(HALLS[name])}
    await sitting.chair("session.lobby")
    await sitting.chair("session.open")
    await sitting.chair("proposals.decide", items=sitting.based(*sitting.cards("SUBMITTED")), decision="ACCEPTED")
    await sitting.chair("proposals.move", items=sitting.based(*sitting.cards("AGREED")), status="PRIORITISED")
    await through(sitting, until="READ_DRAFT")
    await sitting.read_out()
    await through(sitting)
    assert (await sitting.chair("proposals.send_up"))["to"] == KOTA
    await sitting.chair("session.close")
    await sitting.seal()


async def decide_in_the_city(town: City) -> list[str]:
    """All 132 arrived with the 44 delegates; twelve are not taken up. Returns these twelve."""
    kota = await town.sitting(KOTA)
    assert kota.statuses() == {"SUBMITTED": 132}
    assert len(kota.state.seats) == 44
    assert Counter(seat.hall for seat in kota.state.seats.values()) == {kecamatan(n): len(HALLS[n]) for n in REPORTED}
    await kota.chair("session.open")
    await kota.check_in(list(kota.state.seats))
    assert (await kota.chair("quorum.declare"))["present"] == 44
    question = {"title": "Menerima hasil", "secrecy": "secret", "method": "yes_no", "majority": "two_thirds"}
    ballot = (await kota.chair("ballot.open", **question))["ballot"]
    await kota.vote(ballot, {seat: ["yes"] if place < 30 else ["no"] for place, seat in enumerate(kota.state.seats)})
    await kota.chair("ballot.close", ballot=ballot)
    result = kota.state.ballots[BallotId(ballot)].result
    assert result is not None
    assert (result.cast, result.elected) == (44, ("yes",))
    await kota.chair("agenda.next")
    every = kota.cards("SUBMITTED")
    await kota.chair("proposals.move", items=kota.based(*every[12:]), status="PRIORITISED")
    refusal = {"reason_code": "NOT_IN_AUTHORITY", "reason": "Kewenangan provinsi"}
    await kota.chair("proposals.decide", items=kota.based(*every[:12]), decision="REJECTED", **refusal)
    await kota.chair("session.close")
    await kota.chair("session.seal", reason="naskah dibacakan pada sidang berikutnya")
    return every[:12]


async def follow_every_proposal(town: City, turned_down: list[str]) -> None:
    """Each of the 1,451 has a fate that its neighbourhood can be told, and says who decided it."""
    kota = await town.sitting(KOTA)
    types: Counter[str | None] = Counter()
    fates: Counter[str] = Counter()
    for name, number in REPORTED.items():
        sitting = await town.sitting(kecamatan(name))
        cards = sitting.state.board.proposals
        assert len(cards) == number
        types.update(card.content.type for card in cards.values())
        for card in cards.values():
            trail = sitting.state.lineage.trails[card.id]
            assert (trail.group, trail.decided_by) == (None, group(card.hall))
            assert card.status in ("SENT_UP", "RESERVE", "NOT_AGREED", "MERGED", "WITHDRAWN")
            assert card.status != "NOT_AGREED" or (card.reason_code, bool(card.reason)) == ("OVER_CEILING", True)
            assert (card.status == "SENT_UP") == (trail.sent_to == closing(name))
            if card.status == "SENT_UP":
                assert [fate.session for fate in trail.fates] == [closing(name), KOTA]
                fates[trail.fates[-1].status] += 1
            else:
                fates[card.status] += 1
    assert (types["FISIK"], types["PENGADAAN_BARANG"], types.total()) == (1072, 379, 1451)
    assert fates == {"PRIORITISED": 120, "NOT_AGREED": 12 + 1135, "RESERVE": 176, "MERGED": 4, "WITHDRAWN": 4}
    for proposal in kota.state.board.proposals:
        ancestors = kota.state.lineage.trails[proposal].ancestors
        assert [one.session.split("-")[0] for one in ancestors] == ["kec", "penutup"]
    reasons = {kota.state.board.proposals[ProposalId(proposal)].reason for proposal in turned_down}
    assert reasons == {"Kewenangan provinsi"}


async def check_a_record(town: City) -> None:
    sitting = await town.sitting(kecamatan("Senen"))
    minutes = (await sitting.record())["minutes"]
    lists = [len(minutes[name]) for name in ("priorities", "reserves", "not_agreed", "undecided", "gone")]
    assert lists == [18, 24, 183 - 44, 0, 2]
    told = [entry["text"] for entry in minutes["proceedings"] if entry["kind"] == "group"]
    assert [sum(text.startswith(start) for text in told) for start in ("Sidang kelompok dibentuk", "Hasil")] == [6, 6]
    assert (minutes["status"], len(minutes["delegates"])) == ("final", 6)


async def test_four_parts_from_draft_to_sealed() -> None:
    async with city(START) as town:
        await prepare(town)
        await open_together(town)
        for name in REPORTED:
            await split(town, name)
        await town.carry()
        for name in REPORTED:
            for hall in HALLS[name]:
                await deliberate(town, hall)
        await town.carry()
        for name in REPORTED:
            await deliberate_in_kecamatan(town, name)
            for hall in HALLS[name]:
                await (await town.sitting(group(hall))).seal()
        await town.carry()
        for name in REPORTED:
            await close_kecamatan(town, name)
        await town.carry()
        turned_down = await decide_in_the_city(town)
        await town.carry()
        await follow_every_proposal(town, turned_down)
        await check_a_record(town)
        assert Counter(desk.state.session.phase for desk in town.desks.loaded.values()) == {
            "sealed": 1 + 8 + 44 + 8 + 1
        }
        assert not any(desk.state.parcels.waiting for desk in town.desks.loaded.values())
        await town.restarted()
