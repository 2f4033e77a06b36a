"""Bekasi, 23 January 2018: twelve halls by video, their proposals on one board, priorities by vote."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Any

import pytest

from server.demo import bekasi
from sessions.ids import BallotId, HallId, ProposalId
from sessions.model.ballot import Result
from tests.scenarios.city import City, Sitting, city, refused

START = 1_516_672_800_000  # 23 January 2018, 09.00 WIB
HALLS = [hall.id for hall in bekasi.halls()]
DEAF, CUT, BY_HAND = "jatiranggon", "kaliabang-tengah", "jatiasih"
ABSENT = ("rw-11", "rw-12", "rw-13", "rw-14")
AGENCY = "Dinas Bina Marga dan Sumber Daya Air"
RULES = {
    "attendance": {"quorum_needed_for_ballots": True},
    "funnel": {"main_per_hall": 2, "reserve_per_hall": 1},
    "voting": {"consensus_first": True, "witness_confirms": True},
    "delegates": {"per_hall": 1, "total": 12, "women": {"part": 3, "of": 10}},
}


def those_who_come(halls: list[str] = HALLS) -> list[str]:
    """Sixteen of each hall's twenty."""
    wanted = (seat for seat in bekasi.seats() if seat.hall in halls)
    return [seat.id for seat in wanted if not seat.id.endswith(ABSENT)]


def first_of(plenary: Sitting, place: int) -> list[str]:
    """One proposal of each hall: the one that stood in this place, from 0, when they were imported."""
    return [imported(hall)[place] for hall in HALLS]


def imported(hall: str) -> list[str]:
    return [draft["proposal"] for draft in bekasi.proposals() if draft["hall"] == hall]


async def prepare(plenary: Sitting) -> None:
    await refused("unknown_session", plenary.chair("session.open"))
    await plenary.secretary("session.create", **bekasi.CREATED, level="KELURAHAN", year=bekasi.PLAN_YEAR)
    for hall in bekasi.halls():
        await plenary.secretary("hall.add", hall=hall.id, name=hall.name, kecamatan=hall.kecamatan)
    seats = [
        {"seat": s.id, "hall": s.hall, "office": s.office, "constituency": s.constituency, "rw": s.rw}
        for s in bekasi.seats()
    ]
    assert (await plenary.secretary("seats.import", seats=seats))["seats"] == 240
    number = count(1)
    await plenary.name({"seat": s.id, "name": f"Warga {next(number):03}", "sex": "L"} for s in bekasi.seats())
    await plenary.secretary("rules.set", preset="bekasi-2018", changes=RULES)
    await plenary.secretary("agenda.template", template="bekasi")
    await plenary.secretary("proposals.import", proposals=list(bekasi.proposals()))
    expires_at = START + 86_400_000
    await plenary.secretary("pass.issue", **{"pass": "p-agency"}, role="agency", agency=AGENCY, expires_at=expires_at)
    await refused("wrong_phase", plenary.chair("agenda.next"))
    await refused("wrong_phase", plenary.hall("pejuang", "floor.request"))
    await refused("forbidden", plenary.hall("pejuang", "session.open"))


async def gather(town: City, plenary: Sitting) -> None:
    """The lobby: halls are switched on, people come late, the chair waits for them."""
    await plenary.chair("session.lobby")
    for hall in HALLS:
        await plenary.server("hall.back", hall=hall)
    await refused("quorum_not_declared", plenary.chair("quorum.wait", minutes=10))
    await plenary.check_in(those_who_come(HALLS[:5]))
    wrong = await refused("wrong_hall", plenary.hall("pejuang", "attendance.check_in", seat="jatiasih-lpm"))
    assert wrong["hall"] == "jatiasih"
    short = await plenary.chair("quorum.declare")
    assert short == {"reached": False, "present": 80, "base": 240, "needed": 160}
    await refused("quorum_wait_first", plenary.chair("quorum.postpone", date="2018-01-24"))
    await refused("quorum_wait_too_long", plenary.chair("quorum.wait", minutes=181))
    await plenary.chair("quorum.wait", minutes=20)
    await town.pass_time(20)
    assert plenary.state.attendance.quorum.state == "waited"
    await plenary.check_in(those_who_come(HALLS[5:]), channel="name")
    for hall in HALLS:
        await plenary.hall(hall, "hall.witness", hall=hall, seat=f"{hall}-lpm")
    await plenary.hall("pejuang", "attendance.check_in", guests=7)
    assert await plenary.chair("quorum.declare") == {"reached": True, "present": 192, "base": 240, "needed": 160}


async def call_the_roll(town: City, plenary: Sitting) -> None:
    """One hall hears nothing; it is called again once its loudspeaker is mended."""
    await plenary.chair("rollcall.start", question="Apakah suara kami terdengar?")
    await refused("rollcall_runs", plenary.chair("rollcall.start"))
    await refused("forbidden", plenary.hall("pejuang", "rollcall.answer", hall=DEAF, heard="yes"))
    for hall in HALLS:
        heard = {"heard": "no", "note": "Pengeras suara mati"} if hall == DEAF else {"heard": "yes"}
        await plenary.hall(hall, "rollcall.answer", hall=hall, **heard)
    await plenary.chair("rollcall.end")
    await town.pass_time(5)
    await plenary.chair("rollcall.start", question="Terdengar sekarang?")
    for hall in HALLS:
        await plenary.hall(hall, "rollcall.answer", hall=hall, heard="yes")
    await plenary.chair("rollcall.end")
    await refused("no_rollcall", plenary.chair("rollcall.end"))


async def present_needs(town: City, plenary: Sitting) -> None:
    """Every hall has five minutes; one is cut off for 90 s in its turn while the next one waits."""
    for place, hall in enumerate(HALLS):
        item = plenary.state.agenda[plenary_item(plenary)]
        assert (item.kind, item.hall) == ("GROUP_REPORT", hall)
        request = (await plenary.hall(hall, "floor.request", note="Paparan kebutuhan"))["request"]
        await refused("already_queued", plenary.hall(hall, "floor.request"))
        await plenary.chair("floor.grant", request=request)
        if hall == CUT:
            await lose_for_90_s(town, plenary, waiting=HALLS[place + 1])
        await town.pass_time(4)
        await plenary.hall(hall, "floor.yield")
        await plenary.chair("agenda.next")


def plenary_item(plenary: Sitting) -> int:
    """The place of the item that is now."""
    return next(place for place, item in enumerate(plenary.state.agenda) if item.state == "now")


async def lose_for_90_s(town: City, plenary: Sitting, waiting: str) -> None:
    queued = (await plenary.hall(waiting, "floor.request", note="Menunggu"))["request"]
    await town.pass_time(1)
    await plenary.server("hall.lost", hall=CUT, cause="page")
    holder = plenary.state.floor.holder
    assert holder is not None
    left = holder.remaining
    assert left is not None
    assert holder.paused == "outage"
    town.clock.at += 88_000 - 2  # each command that follows takes a second, each look at the clock a millisecond
    await refused("not_holder", plenary.hall(waiting, "floor.yield"))
    await plenary.server("hall.back", hall=CUT)
    holder = plenary.state.floor.holder
    assert holder is not None
    assert (holder.hall, holder.paused) == (CUT, "")
    assert holder.running_since is not None
    assert holder.until == holder.running_since + left
    assert [one.request for one in plenary.state.floor.queue] == [queued]
    await plenary.hall(waiting, "floor.withdraw", request=queued)


async def answer(plenary: Sitting) -> None:
    """The agency tells what its survey found; what lies with another agency is not its to answer."""
    board = plenary.state.board.proposals
    mine = [card.id for card in board.values() if card.content.agency == AGENCY]
    other = next(card.id for card in board.values() if card.content.agency != AGENCY)
    told: dict[str, Any] = {"survey_status": "SUDAH", "survey_date": "2018-01-20", "verdict": "FEASIBLE"}
    for card in mine[:3]:
        await plenary.agency("proposal.answer", proposal=card, base=plenary.base(card), **told)
    told["verdict"] = "NOT_FEASIBLE"
    last = {"proposal": mine[3], "base": plenary.base(mine[3]), **told}
    assert (await refused("reason_required", plenary.agency("proposal.answer", **last)))["missing"]
    await plenary.agency("proposal.answer", **last, reason_code="LAND_DISPUTE", note="Lahan masih sengketa")
    await refused("other_agency", plenary.agency("proposal.answer", proposal=other, base=1, survey_status="SUDAH"))
    assert plenary.statuses()["SURVEYED"] == 4


async def triage(plenary: Sitting) -> str:
    """Returns the duplicate. What is not on the short list or in reserve goes, each with a reason."""
    original = imported("bintara-jaya")[0]
    title = plenary.state.board.proposals[ProposalId(original)].content.title
    await refused("forbidden", plenary.hall("pejuang", "proposal.add", title=title, hall="bintara-jaya"))
    double = (await plenary.hall("bintara-jaya", "proposal.add", title=title, hall="bintara-jaya"))["proposal"]
    await refused("stale", plenary.chair("proposal.merge", into=original, base=9, proposals=plenary.based(double)))
    merging = {"into": original, "base": plenary.base(original), "proposals": plenary.based(double)}
    await plenary.chair("proposal.merge", **merging)
    kept = {card for place in range(4) for card in first_of(plenary, place)}
    gone = [draft["proposal"] for draft in bekasi.proposals() if draft["proposal"] not in kept]
    items = {"items": plenary.based(*gone), "decision": "REJECTED"}
    assert len(gone) == 66
    await refused("reason_required", plenary.chair("proposals.decide", **items))
    await plenary.chair("proposals.decide", **items, reason_code="OVER_CEILING", reason="Melebihi pagu indikatif 2019")
    short_list = [card for place in range(3) for card in first_of(plenary, place)]
    await plenary.chair("proposals.move", items=plenary.based(*short_list), status="DISCUSSED")
    await plenary.chair("proposals.move", items=plenary.based(*first_of(plenary, 3)), status="RESERVE")
    return str(double)


async def fill_the_funnel(plenary: Sitting) -> None:
    """Two of each hall; one hall gets a third, for a reason."""
    for place in (0, 1):
        items = plenary.based(*first_of(plenary, place))
        await plenary.chair("proposals.move", items=items, status="PRIORITISED")
    third = imported("pejuang")[2]
    one_more = {"proposal": third, "base": plenary.base(third), "status": "PRIORITISED", "before": None}
    over = await refused("over_quota", plenary.chair("proposal.move", **one_more))
    assert (over["hall"], over["what"], over["limit"], over["actual"]) == ("pejuang", "main", 2, 3)
    await plenary.chair("proposal.move", **one_more, override="Tanggul retak, tidak dapat menunggu")
    another = plenary.based(imported("pejuang")[4])
    rescued = {"items": another, "status": "RESERVE"}
    assert (await refused("over_quota", plenary.chair("proposals.move", **rescued)))["what"] == "reserve"


async def score(plenary: Sitting) -> None:
    """Three heads of LPM score the first proposal of each hall, but not of their own."""
    finalists = first_of(plenary, 0)
    scorers = ["pejuang-lpm", "bintara-jaya-lpm", "jatiasih-lpm"]
    scoring = (await plenary.chair("scoring.open", scorers=scorers, proposals=finalists))["scoring"]
    await refused("scoring_is_open", plenary.chair("session.close"))
    keys = [one.key for one in plenary.state.scoring.rounds[scoring].criteria.criteria]
    stranger = {"proposal": finalists[0], "scores": dict.fromkeys(keys, 5)}
    await refused("not_a_scorer", plenary.seat("aren-jaya-lpm", "score.give", **stranger))
    await refused("own_area", plenary.seat("pejuang-lpm", "score.give", **stranger))
    for seat in scorers:
        for place, card in enumerate(finalists):
            if plenary.state.board.proposals[ProposalId(card)].hall != plenary.delegate(seat).hall:
                scores = {key: 5 - (place + at) % 5 for at, key in enumerate(keys)}
                await plenary.seat(seat, "score.give", proposal=card, scores=scores)
    await plenary.chair("scoring.close", scoring=scoring)
    outcomes = plenary.state.scoring.rounds[scoring].outcomes
    assert Counter(one.scorers for one in outcomes) == {3: 9, 2: 3}
    await refused("scoring_closed", plenary.seat("pejuang-lpm", "score.give", **stranger))


async def vote_in_secret(plenary: Sitting) -> tuple[str, str]:
    """Three of twelve by phone; a hall is cut off meanwhile. Returns the two that tie for the third place."""
    finalists = first_of(plenary, 0)
    question = {
        "title": "Tiga prioritas lintas kelurahan",
        "secrecy": "secret",
        "proposals": finalists,
        "choose_max": 3,
        "electorate": {"kind": "present"},
    }
    missing = await refused("consensus_first", plenary.chair("ballot.open", **question))
    assert missing["proposals"] == finalists
    declared = {"subject": "Tiga prioritas lintas kelurahan", "proposals": finalists}
    await plenary.chair("consensus.declare", **declared, outcome="not_agreed", note="Dua pendapat tetap berbeda")
    ballot = (await plenary.chair("ballot.open", **question))["ballot"]
    await refused("ballot_is_open", plenary.chair("ballot.open", **question))
    await refused("ballot_is_open", plenary.chair("session.close"))
    *voters, late, later = those_who_come()
    choices = {seat: [finalists[0], finalists[1 + 2 * (place % 2)], finalists[2]] for place, seat in enumerate(voters)}
    await plenary.vote(ballot, dict(list(choices.items())[:100]))
    await plenary.server("hall.lost", hall=CUT, cause="page")
    await refused("already_voted", plenary.vote(ballot, {voters[0]: [finalists[5]]}))
    await refused("not_in_electorate", plenary.vote(ballot, {"pejuang-rw-14": [finalists[5]]}))
    await refused("too_many_choices", plenary.vote(ballot, {late: finalists[:4]}))
    await plenary.vote(ballot, dict(list(choices.items())[100:]))
    await plenary.server("hall.back", hall=CUT)
    await plenary.chair("ballot.close", ballot=ballot)
    await refused("ballot_closed", plenary.vote(ballot, {later: [finalists[0]]}))
    found = result(plenary, ballot)
    assert (found.cast, found.electorate, sum(one.votes for one in found.counts)) == (190, 192, 3 * 190)
    assert set(found.elected) == {finalists[0], finalists[2]}
    assert set(found.tied) == {finalists[1], finalists[3]}
    return finalists[1], finalists[3]


def result(plenary: Sitting, ballot: str) -> Result:
    found = plenary.state.ballots[BallotId(ballot)].result
    assert found is not None
    return found


async def break_the_tie(plenary: Sitting, one: str, other: str) -> None:
    """Each hall weighs the same, six are for either; one hall's hands are counted before a witness."""
    await plenary.chair("channel.set", channel="hand", hall=BY_HAND)
    question = {
        "title": "Prioritas ketiga",
        "secrecy": "open",
        "method": "single",
        "proposals": [one, other],
        "electorate": {"kind": "present"},
        "tie": "chair",
    }
    ballot = (await plenary.chair("ballot.open", **question))["ballot"]
    await refused("wrong_channel", plenary.vote(ballot, {f"{BY_HAND}-lpm": [one]}))
    by_phone = [hall for hall in HALLS if hall != BY_HAND]
    choices = {
        seat: [one if by_phone.index(seat_hall(plenary, seat)) < 6 else other] for seat in those_who_come(by_phone)
    }
    await plenary.vote(ballot, choices)
    hands: dict[str, Any] = {"ballot": ballot, "hall": BY_HAND, "witness": f"{BY_HAND}-lpm"}
    all_of_them = {"cast": 16, "counts": [{"option": other, "votes": 16}]}
    too_many = {"cast": 17, "counts": [{"option": other, "votes": 17}]}
    await refused("wrong_hall", plenary.hall("pejuang", "ballot.hand_count", **hands, **all_of_them))
    assert (await refused("too_many_hands", plenary.hall(BY_HAND, "ballot.hand_count", **hands, **too_many)))[
        "seats"
    ] == 16
    await plenary.hall(BY_HAND, "ballot.hand_count", **hands, **all_of_them)
    confirming = {"ballot": ballot, "hall": BY_HAND, "base": 1}
    await refused("not_a_witness", plenary.seat("pejuang-lpm", "ballot.confirm_count", **confirming))
    await plenary.seat(f"{BY_HAND}-lpm", "ballot.confirm_count", **confirming)
    broken = {"ballot": ballot, "option": other, "reason": "Manfaatnya bagi lebih banyak keluarga"}
    await refused("ballot_is_open", plenary.chair("ballot.break_tie", **broken))
    await plenary.chair("ballot.close", ballot=ballot)
    found = result(plenary, ballot)
    assert [(count.votes, count.value) for count in found.counts] == [(96, "6"), (96, "6")]
    assert (found.cast, found.hand, set(found.tied)) == (192, 16, {one, other})
    await plenary.chair("ballot.break_tie", **broken)
    assert result(plenary, ballot).elected == (other,)


def seat_hall(plenary: Sitting, seat: str) -> str:
    hall: HallId | None = plenary.delegate(seat).hall
    assert hall is not None
    return hall


async def choose_delegates(plenary: Sitting) -> None:
    heads = [f"{hall}-lpm" for hall in HALLS]
    assert (await refused("too_few_women", plenary.chair("delegates.choose", seats=heads, by="acclamation")))[
        "least"
    ] == 4
    many = await refused(
        "too_many_delegates", plenary.chair("delegates.choose", seats=["pejuang-lpm", "pejuang-pkk"], by="acclamation")
    )
    assert many["hall"] == "pejuang"
    women = [f"{hall}-pkk" for hall in HALLS[:4]]
    await plenary.chair("delegates.choose", seats=[*women, *heads[4:]], by="acclamation")
    await refused("no_next_level", plenary.chair("delegates.send_up"))


async def agree_on_the_record(plenary: Sitting) -> None:
    """A correction is read again; who approves has heard it."""
    await plenary.chair(
        "record.set",
        number="050/012/BAPPEDA/2018",
        letterhead=["Pemerintah Kota Bekasi", "Badan Perencanaan Pembangunan Daerah"],
        signatories=[{"role": "chair", "office": "Kepala Bappeda"}, {"role": "participant", "seat": "pejuang-lpm"}],
    )
    draft = await plenary.record("public")
    assert draft["status"] == "draft"
    await plenary.chair("record.correct", section="annex_2", text="Lokasi Jatiasih: RW 05, bukan RW 06")
    read = {"upto": draft["seq"], "digest": draft["digest"]}
    await refused("record_changed", plenary.chair("record.confirm", **read))
    await plenary.read_out()


async def end(town: City, plenary: Sitting) -> None:
    await plenary.chair("agenda.next")
    await refused("agenda_ended", plenary.chair("agenda.next"))
    await town.pass_time(5)
    await refused("wrong_phase", plenary.chair("session.seal"))
    await plenary.chair("session.close")
    await refused("wrong_phase", plenary.hall("pejuang", "floor.request"))
    await refused("wrong_phase", plenary.hall("pejuang", "attendance.check_in", seat="pejuang-rw-14"))
    await plenary.seal()
    for command in ("session.reopen", "agenda.next", "quorum.declare", "session.close"):
        await refused("session_sealed", plenary.chair(command))
    await refused("session_sealed", plenary.hall("pejuang", "proposal.add", title="Terlambat", hall="pejuang"))
    assert (await plenary.record())["status"] == "final"
    ralat = {"text": "Nama RW pada nomor 3 dibetulkan", "reason": "Salah ketik"}
    assert await plenary.chair("record.addendum", **ralat) == {"number": 1}


async def check_the_record(plenary: Sitting, double: str) -> None:
    """Exactly what happened, in each annex."""
    told = await plenary.record()
    minutes = told["minutes"]
    assert told["status"] == "amended"
    assert [(one["number"], one["reason"]) for one in minutes["addenda"]] == [(1, "Salah ketik")]
    assert minutes["confirmed"] is not None
    assert len(minutes["attendance"]) == 240
    assert sum(one["arrived_at"] is not None for one in minutes["attendance"]) == 192
    assert {(hall["invited"], hall["present"]) for hall in minutes["halls"]} == {(20, 16)}
    assert sum(hall["guests"] for hall in minutes["halls"]) == 7
    lists = ("priorities", "reserves", "not_agreed", "undecided", "gone")
    assert [len(minutes[name]) for name in lists] == [25, 12, 66, 11, 1]
    assert {(row["reason_code"], bool(row["reason"])) for row in minutes["not_agreed"]} == {("OVER_CEILING", True)}
    assert [(row["proposal"], row["status"]) for row in minutes["gone"]] == [(double, "MERGED")]
    assert {row["proposal"] for row in minutes["priorities"] if row["score"]} == set(first_of(plenary, 0))
    assert [(one["electorate"], one["cast"]) for one in minutes["votes"]] == [(192, 190), (192, 192)]
    assert [(hand["cast"], hand["witness"], hand["confirmed"]) for hand in minutes["votes"][1]["hands"]] == [
        (16, "Ketua LPM", True)
    ]
    assert [one["agreed"] for one in minutes["agreements"]] == [False]
    assert len(minutes["delegates"]) == 12
    site = Counter(entry["kind"] for entry in minutes["site"])
    outage = next(entry for entry in minutes["site"] if entry["kind"] == "outage")
    assert outage["until"] - outage["at"] == 90_000
    assert (site["outage"], site["rollcall"], site["hall"]) == (2, 3, 12)
    beyond = [entry["text"] for entry in minutes["proceedings"] if entry["kind"] == "override"]
    assert [text.partition(" ")[0] for text in beyond] == ["Melampaui", "Suara"]
    assert "kuota Pejuang: batas 2, menjadi 3). Alasan: Tanggul retak" in beyond[0]
    public = await plenary.record("public")
    assert "Warga 015" in str(told["document"])
    assert public["digest"] == told["digest"]
    assert "minutes" not in public
    pdf = await plenary.city.records.of(plenary.session, "archive", "pdf", "pass:p-chair")
    assert pdf.body.startswith(b"%PDF-")


@pytest.mark.postgresql
async def test_twelve_halls_from_draft_to_sealed() -> None:
    async with city(START) as town:
        plenary = await town.sitting(bekasi.SESSION)
        await prepare(plenary)
        await gather(town, plenary)
        await call_the_roll(town, plenary)
        await plenary.chair("session.open")
        for _ in range(4):
            await plenary.chair("agenda.next")
        await present_needs(town, plenary)
        await answer(plenary)
        await plenary.chair("agenda.next")
        await plenary.chair("agenda.next")
        double = await triage(plenary)
        await fill_the_funnel(plenary)
        await score(plenary)
        await plenary.chair("agenda.next")
        one, other = await vote_in_secret(plenary)
        await break_the_tie(plenary, one, other)
        await choose_delegates(plenary)
        await plenary.chair("agenda.next")
        await agree_on_the_record(plenary)
        await end(town, plenary)
        await check_the_record(plenary, double)
        await town.restarted()
