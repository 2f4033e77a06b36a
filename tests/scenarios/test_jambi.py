"""Jambi, 19 March 2019: 2,500 seats, a talk-show with the mayor, two votes, and a record that three parties sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sessions.ids import BallotId
from sessions.model.ballot import Result
from tests.scenarios.city import City, Sitting, city, refused

START = 1_552_960_800_000  # 19 March 2019, 09.00 WIB
SESSION = "jambi-2019"
HALLS = {"balairung": 1900, "telanaipura": 150, "jambi-selatan": 150, "kota-baru": 150, "pelayangan": 150}
CONSTITUENCIES = ("RT", "RT", "RT", "WOMEN", "YOUTH", "DISABILITY", "AGENCY", "GOVERNMENT", "COUNCIL", "RELIGIOUS")
PANEL = ["balairung-0007", "balairung-0006", "balairung-0008", "balairung-0009"]
THEMES = ("banjir", "jalan", "sampah", "sekolah", "puskesmas")
RULES: dict[str, Any] = {"attendance": {"quorum_base": "voters", "quorum_needed_for_ballots": True}}


def seats() -> Iterator[dict[str, Any]]:
    """One of ten of each hall votes and has no voice."""
    for hall, size in HALLS.items():
        for number in range(size):
            group = CONSTITUENCIES[number % 10]
            told = {
                "seat": f"{hall}-{number:04}",
                "hall": hall,
                "office": f"Wakil {group} {number}",
                "constituency": group,
            }
            yield {**told, "vote": True, "voice": group != "RELIGIOUS"}


def those_who_come() -> list[str]:
    """2,400: four of every hundred stay away."""
    return [seat["seat"] for seat in seats() if int(seat["seat"][-4:]) % 25]


async def prepare(sitting: Sitting) -> None:
    created = {"title": "Musrenbang RKPD Kota Jambi", "kind": "plenary", "place": "Jambi, Ratu Convention Center"}
    await sitting.secretary("session.create", **created, date="2019-03-19", level="CITY", year=2020)
    for place, hall in enumerate(HALLS, 1):
        await sitting.secretary("hall.add", hall=hall, name=hall.replace("-", " ").title(), order=place)
    half = list(seats())
    assert await sitting.secretary("seats.import", seats=half) == {"seats": 2500}
    await refused("already_exists", sitting.secretary("seats.import", seats=half[-3:]))
    await sitting.secretary("rules.set", preset="kota-jambi-2019", changes=RULES)
    await sitting.secretary("agenda.template", template="jambi")
    await sitting.name({"seat": seat, "name": f"Narasumber {seat[-4:]}", "nip": "19700101"} for seat in PANEL)
    drafts = [
        {"proposal": f"usulan-{theme}", "title": f"Penanganan {theme} kota", "hall": "balairung", "type": "FISIK"}
        for theme in THEMES
    ]
    await sitting.secretary("proposals.import", proposals=drafts)


async def gather(sitting: Sitting) -> None:
    """The first ballot is asked for too early: nobody has been counted yet."""
    await sitting.chair("session.lobby")
    await sitting.chair("session.open")
    for hall in HALLS:
        await sitting.server("hall.back", hall=hall)
    question = {"title": "Terlalu dini", "secrecy": "open", "method": "yes_no"}
    await refused("no_quorum", sitting.chair("ballot.open", **question))
    short = await sitting.chair("quorum.declare")
    assert short == {"reached": False, "present": 0, "base": 2500, "needed": 1667}
    await refused("no_quorum", sitting.chair("ballot.open", **question))
    await sitting.check_in(those_who_come())
    assert sitting.state.attendance.total.present == 2400
    assert await sitting.chair("quorum.declare") == {"reached": True, "present": 2400, "base": 2500, "needed": 1667}


async def go_to(sitting: Sitting, kind: str) -> None:
    """On to the next item of this kind, item by item."""
    await sitting.chair("agenda.next")
    while now(sitting) != kind:
        await sitting.chair("agenda.next")


def now(sitting: Sitting) -> str:
    return next(item.kind for item in sitting.state.agenda if item.state == "now")


async def talk(town: City, sitting: Sitting) -> None:
    """A panel of four; one of the audience asks first in the fair order, a silent seat may not."""
    await go_to(sitting, "TALKSHOW")
    members = [{"seat": seat} for seat in PANEL]
    await refused("no_voice", sitting.chair("panel.set", members=members))
    members[3] = {"seat": "balairung-0001"}
    await refused("unknown_seat", sitting.chair("panel.set", members=[*members[:3], {"seat": "jakarta-0001"}]))
    await sitting.chair("panel.set", members=members)
    assert [one.seat for one in sitting.state.floor.panel] == [one["seat"] for one in members]
    await town.pass_time(45)
    await sitting.chair("panel.end")
    await refused("no_panel", sitting.chair("panel.end"))


async def ask(town: City, sitting: Sitting) -> None:
    """Whoever was not heard yet comes first; the chair goes past him with a reason only."""
    await go_to(sitting, "QA")
    await refused("no_voice", sitting.seat("pelayangan-0009", "floor.request"))
    first = (await sitting.seat("balairung-0001", "floor.request", note="Banjir"))["request"]
    await sitting.chair("floor.grant", request=first)
    await town.pass_time(2)
    await sitting.seat("balairung-0001", "floor.yield")
    again = (await sitting.seat("balairung-0002", "floor.request"))["request"]
    unheard = (await sitting.seat("pelayangan-0005", "floor.request"))["request"]
    assert (await refused("reason_required", sitting.chair("floor.grant", request=again)))["expected"] == unheard
    await sitting.chair("floor.grant", request=again, reason="Menjawab pertanyaan yang sama")
    await town.pass_time(3)
    await sitting.chair("floor.grant", request=unheard)
    await refused("not_holder", sitting.seat("balairung-0002", "floor.yield"))
    await sitting.seat("pelayangan-0005", "floor.yield")


async def elect(sitting: Sitting) -> None:
    """One secret ballot: 2,400 votes reach the box and no more; each is in the tally once."""
    options = [{"id": theme, "label": theme} for theme in THEMES]
    question: dict[str, Any] = {"title": "Tiga sasaran utama", "secrecy": "secret", "options": options, "choose_max": 3}
    ballot = (await sitting.chair("ballot.open", **question))["ballot"]
    voters = those_who_come()
    shifts = {seat: [THEMES[place % 5], THEMES[(place + 1) % 5]] for place, seat in enumerate(voters)}
    shifts = {seat: [*chosen, "banjir"] if "banjir" not in chosen else chosen for seat, chosen in shifts.items()}
    casts = await sitting.vote(ballot, shifts)
    assert len({cast.tracker for cast in casts}) == 2400
    await refused("already_voted", sitting.vote(ballot, {voters[0]: ["jalan"]}))
    await sitting.chair("ballot.close", ballot=ballot)
    await refused("ballot_closed", sitting.vote(ballot, {"balairung-0000": ["jalan"]}))
    found = result(sitting, ballot)
    assert (found.cast, found.electorate, found.blank) == (2400, 2500, 0)
    assert {one.option: one.votes for one in found.counts} == {"banjir": 2400, **dict.fromkeys(THEMES[1:], 960)}
    assert (found.elected, set(found.tied)) == (("banjir",), set(THEMES[1:]))


def result(sitting: Sitting, ballot: str) -> Result:
    found = sitting.state.ballots[BallotId(ballot)].result
    assert found is not None
    return found


async def agree(sitting: Sitting) -> None:
    """Two thirds of the 2,400 present are 1,600: one vote less is not enough, that many are."""
    question: dict[str, Any] = {
        "title": "Menyetujui rancangan kesepakatan",
        "secrecy": "open",
        "method": "yes_no",
        "majority": "two_thirds",
        "base": "present",
        "electorate": {"kind": "present"},
        "rounds": 2,
    }
    ballot = (await sitting.chair("ballot.open", **question))["ballot"]
    voters = those_who_come()
    await refused("not_in_electorate", sitting.vote(ballot, {"balairung-0000": ["yes"]}))
    await sitting.vote(ballot, {seat: ["yes"] if place < 1599 else ["no"] for place, seat in enumerate(voters[:2000])})
    await sitting.chair("ballot.close", ballot=ballot)
    assert (result(sitting, ballot).invalid, result(sitting, ballot).elected) == ("no_majority", ())
    ballot = (await sitting.chair("ballot.next", ballot=ballot))["ballot"]
    await sitting.vote(ballot, {seat: ["yes"] if place < 1600 else ["abstain"] for place, seat in enumerate(voters)})
    await sitting.chair("ballot.close", ballot=ballot)
    found = result(sitting, ballot)
    assert found.verdict is not None
    assert (found.verdict.size, found.verdict.needed, found.verdict.reached) == ("2400", "1600", ("yes",))
    assert (found.cast, found.invalid, found.elected) == (2400, "", ("yes",))
    await refused("no_next_round", sitting.chair("ballot.next", ballot=ballot))


async def sign_and_seal(sitting: Sitting) -> None:
    await go_to(sitting, "SIGNING")
    parties = [
        {"role": "agency", "office": "Wakil kepala OPD", "seat": "balairung-0006"},
        {"role": "community", "office": "Wakil kelompok masyarakat", "seat": "balairung-0001"},
        {"role": "official", "office": "Wali Kota Jambi", "seat": "balairung-0007"},
    ]
    await sitting.chair("record.set", number="050/19/III/2019", signatories=parties)
    await sitting.chair("proposals.move", items=sitting.based(*sitting.cards("SUBMITTED")), status="PRIORITISED")
    await sitting.read_out()
    await go_to(sitting, "CLOSING")
    await sitting.chair("session.close")
    await refused("wrong_phase", sitting.chair("quorum.declare"))
    await sitting.seal()
    await refused("session_sealed", sitting.chair("record.set", number="2"))


async def check_the_record(sitting: Sitting) -> None:
    told = await sitting.record()
    minutes = told["minutes"]
    assert told["status"] == "final"
    assert len(minutes["attendance"]) == 2500
    assert sum(one["arrived_at"] is not None for one in minutes["attendance"]) == 2400
    assert [(hall["invited"], hall["present"]) for hall in minutes["halls"]] == [(1900, 1824), *[(150, 144)] * 4]
    assert [one["role"] for one in minutes["signers"]] == ["agency", "community", "official"]
    assert [(one["electorate"], one["cast"]) for one in minutes["votes"]] == [(2500, 2400), (2400, 2000), (2400, 2400)]
    assert len(minutes["priorities"]) == 5
    told_of = [entry["text"] for entry in minutes["proceedings"]]
    assert [text for text in told_of if text.startswith("Kuorum")] == [
        "Kuorum dinyatakan belum tercapai: hadir 0 dari 2.500, diperlukan 1.667.",
        "Kuorum dinyatakan tercapai: hadir 2.400 dari 2.500, diperlukan 1.667.",
    ]
    assert [entry["kind"] for entry in minutes["proceedings"]].count("override") == 1
    assert "Narasumber 0007" in str(told["document"])


async def test_two_and_a_half_thousand_from_draft_to_sealed() -> None:
    async with city(START) as town:
        sitting = await town.sitting(SESSION)
        await prepare(sitting)
        await gather(sitting)
        await talk(town, sitting)
        await ask(town, sitting)
        await elect(sitting)
        await agree(sitting)
        await sign_and_seal(sitting)
        await check_the_record(sitting)
        await town.restarted()
