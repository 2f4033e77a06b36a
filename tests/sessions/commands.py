"""Random commands that mostly make sense in the state they meet, for property tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from sessions import dispatch
from sessions.ballot import open_ballot
from sessions.errors import Refused
from sessions.hall import CONSTITUENCIES
from sessions.ids import HallId, PassId, SeatId
from sessions.journal import BoxCount, Recorded
from sessions.noun import Moment
from sessions.permissions import Actor, Role
from sessions.stage import SCENES
from sessions.state import State, initial
from sessions.statuses import STATUSES
from tests.sessions.between_commands import BETWEEN_COMMANDS, BETWEEN_POINTS
from tests.sessions.board_commands import BOARD_COMMANDS, BOARD_POINTS
from tests.sessions.floor_commands import FLOOR_COMMANDS, FLOOR_POINTS
from tests.sessions.given import ADMIN, MODERATOR, SESSION, SYSTEM
from tests.sessions.scoring_commands import SCORING_COMMANDS, SCORING_POINTS, funnel_rules

Draw = Callable[[st.SearchStrategy[Any]], Any]


def some(draw: Draw, known: Iterable[str], stranger: str = "nobody") -> str:
    """One that exists, now and then one that does not."""
    chosen: str = draw(st.sampled_from([*sorted(known)] * 5 + [stranger]))
    return chosen


def actor_of(draw: Draw, state: State, *roles: Role) -> Actor:
    role = draw(st.sampled_from(roles))
    if role is Role.HALL:
        hall = HallId(some(draw, state.halls))
        return Actor(SESSION, role, PassId(f"p-{hall}"), hall=hall)
    if role is Role.DELEGATE:
        seat = SeatId(some(draw, state.seats))
        return Actor(SESSION, role, PassId(f"p-{seat}"), seat=seat)
    desk = Actor(SESSION, Role.AGENCY, PassId("p-agency"))
    return {Role.MODERATOR: MODERATOR, Role.ADMIN: ADMIN, Role.SYSTEM: SYSTEM, Role.AGENCY: desk}[role]


def card(draw: Draw, state: State) -> dict[str, Any]:
    """A proposal and the version an editor saw, usually the latest."""
    proposal = some(draw, state.board.proposals)
    known = state.board.proposals.get(proposal)  # type: ignore[call-overload]
    return {"proposal": proposal, "base": max(1, (known.version if known else 1) - draw(st.sampled_from([0, 0, 0, 1])))}


def ballot_data(draw: Draw, state: State) -> dict[str, Any]:
    secrecy = draw(st.sampled_from(["open", "secret"]))
    data: dict[str, Any] = {"title": "Prioritas", "choose_max": draw(st.integers(1, 3)), "secrecy": secrecy}
    data["method"] = draw(st.sampled_from(["approval", "approval", "borda"]))
    data["tie"] = draw(st.sampled_from(["forum", "chair", "revote"]))
    if secrecy == "secret":
        data["proof"] = draw(st.sampled_from(["inclusion", "full"]))
    cards = sorted(state.board.proposals)[:3]
    if len(cards) >= 2 and draw(st.booleans()):
        return {**data, "proposals": cards}
    return {
        **data,
        "options": [{"label": "Drainase"}, {"label": "Jalan"}],
        "seconds": draw(st.sampled_from([10, None])),
    }


def agenda_items(draw: Draw, state: State) -> list[dict[str, Any]]:
    items = draw(st.lists(st.sampled_from(["i1", "i2", "i3", "i4"]), min_size=1, max_size=4, unique=True))
    return [{"item": item, "title": f"Acara {item}", "kind": "REPORT", "minutes": 5} for item in items]


def check_in(draw: Draw, state: State) -> dict[str, Any]:
    if draw(st.integers(1, 4)) == 1:
        return {"guests": draw(st.integers(0, 3)), "hall": some(draw, state.halls)}
    return {"seat": some(draw, state.seats)}


def an_item(draw: Draw, state: State) -> str | None:
    """An item to put another before, or None for the end."""
    item: str | None = draw(st.sampled_from([None, *(item.id for item in state.agenda)]))
    return item


TITLES = st.sampled_from(["Drainase", "Sumur resapan", "Posyandu"])
REASONS = st.sampled_from(["", "ganda", "lahan sengketa"])
M, H, D, A, S = Role.MODERATOR, Role.HALL, Role.DELEGATE, Role.ADMIN, Role.SYSTEM

# name → (who gives it, what with)
COMMANDS: dict[str, tuple[tuple[Role, ...], Callable[[Draw, State], dict[str, Any]]]] = {
    "session.create": (
        (A,),
        lambda draw, state: {"title": "Musrenbang", "kind": "plenary", "place": "Bappeda", "date": "2018-01-23"},
    ),
    "session.open": ((M,), lambda draw, state: {}),
    "session.close": ((M,), lambda draw, state: {}),
    "hall.add": ((A,), lambda draw, state: {"hall": draw(st.sampled_from(["h1", "h2", "h3"])), "name": "Pejuang"}),
    "hall.edit": (
        (A,),
        lambda draw, state: {
            "hall": some(draw, state.halls),
            "name": draw(st.sampled_from(["Pejuang", "Pejuang Jaya"])),
        },
    ),
    "seat.add": (
        (A,),
        lambda draw, state: {
            "seat": draw(st.sampled_from(["s1", "s2", "s3", "s4", "s5"])),
            "hall": some(draw, state.halls),
            "office": "Ketua RW 07",
            "voice": draw(st.booleans()),
        },
    ),
    "seats.import": (
        (A,),
        lambda draw, state: {
            "seats": [{"hall": some(draw, state.halls), "office": "Tokoh", "constituency": "WOMEN"} for _ in range(2)]
        },
    ),
    "seat.edit": (
        (A,),
        lambda draw, state: {
            "seat": some(draw, state.seats),
            "vote": draw(st.booleans()),
            "constituency": draw(st.sampled_from(CONSTITUENCIES)),
        },
    ),
    "attendance.check_in": ((M, H, D), check_in),
    "attendance.leave": ((M, H, D), lambda draw, state: {"seat": some(draw, state.seats)}),
    "hall.witness": (
        (M, H),
        lambda draw, state: {
            "hall": some(draw, state.halls),
            "seat": some(draw, state.seats),
            "named": draw(st.booleans()),
        },
    ),
    "quorum.declare": ((M,), lambda draw, state: {}),
    "quorum.wait": ((M,), lambda draw, state: {"minutes": draw(st.sampled_from([1, 60]))}),
    "quorum.wait_passed": ((S,), lambda draw, state: {"until": state.attendance.quorum.until or 0}),
    "quorum.postpone": ((M,), lambda draw, state: {"date": draw(st.sampled_from(["1970-01-02", "1970-01-03"]))}),
    "quorum.proceed": ((M,), lambda draw, state: {"reason": draw(TITLES)}),
    "pass.issue": (
        (A,),
        lambda draw, state: {
            "pass": draw(st.sampled_from(["p1", "p2"])),
            "expires_at": 1 << 50,
            **draw(st.sampled_from([{"role": "screen"}, {"role": "delegate", "seat": some(draw, state.seats)}])),
        },
    ),
    "pass.revoke": ((A,), lambda draw, state: {"pass": some(draw, state.passes)}),
    "pass.claim": (
        (S,),
        lambda draw, state: {
            "pass": some(draw, state.passes),
            "device": draw(st.sampled_from(["a" * 32, "b" * 32])),
            "by": draw(st.sampled_from(["pin", "release"])),
        },
    ),
    "pass.release": ((A, M), lambda draw, state: {"pass": some(draw, state.passes)}),
    "key.publish": ((S,), lambda draw, state: {"key_id": "k1", "public_key": "A" * 43}),
    "rules.set": (
        (A, M),
        lambda draw, state: {
            **draw(st.sampled_from([{}, {"preset": "musdes"}])),
            "changes": {"attendance": {"quorum_wait_minutes": draw(st.integers(0, 3))}},
            "reason": draw(REASONS),
            **draw(st.sampled_from([{}, funnel_rules(draw, state)])),
        },
    ),
    "agenda.plan": ((A,), lambda draw, state: {"items": agenda_items(draw, state)}),
    "agenda.template": (
        (A, M),
        lambda draw, state: {"template": draw(st.sampled_from(["bekasi", "kecamatan"])), "replace": True},
    ),
    "agenda.insert": (
        (A, M),
        lambda draw, state: {"before": an_item(draw, state), "title": "Istirahat", "kind": "BREAK", "minutes": 5},
    ),
    "agenda.move": (
        (A, M),
        lambda draw, state: {
            "item": some(draw, [item.id for item in state.agenda]),
            "before": an_item(draw, state),
        },
    ),
    "agenda.edit": (
        (A, M),
        lambda draw, state: {
            "item": some(draw, [item.id for item in state.agenda]),
            "fields": {"minutes": draw(st.integers(0, 9)), "hall": draw(st.sampled_from([None, *sorted(state.halls)]))},
        },
    ),
    "agenda.remove": ((A, M), lambda draw, state: {"item": some(draw, [item.id for item in state.agenda])}),
    "agenda.next": ((M,), lambda draw, state: {}),
    "agenda.goto": ((M,), lambda draw, state: {"item": some(draw, [item.id for item in state.agenda])}),
    **BETWEEN_COMMANDS,
    **FLOOR_COMMANDS,
    **SCORING_COMMANDS,
    "stage.spotlight": ((M,), lambda draw, state: {"hall": some(draw, state.halls)}),
    "stage.show": ((M,), lambda draw, state: {"scene": draw(st.sampled_from(SCENES))}),
    "stage.interpreter": ((M,), lambda draw, state: {"hall": some(draw, state.halls)}),
    "stage.focus": ((M,), lambda draw, state: {"proposal": some(draw, state.board.proposals)}),
    "proposal.add": ((M, H), lambda draw, state: {"title": draw(TITLES), "hall": some(draw, state.halls)}),
    "proposals.import": (
        (A,),
        lambda draw, state: {"proposals": [{"title": draw(TITLES), "hall": sorted(state.halls)[0]} for _ in range(3)]},
    ),
    "proposal.edit": (
        (M, H),
        lambda draw, state: {**card(draw, state), "fields": {"title": draw(TITLES), "amount": draw(st.integers(0, 9))}},
    ),
    "proposal.move": (
        (M,),
        lambda draw, state: {
            **card(draw, state),
            "status": draw(st.sampled_from(STATUSES)),
            "before": draw(st.sampled_from([None, *sorted(state.board.proposals)])),
            "reason": draw(REASONS),
            "override": draw(st.sampled_from(["", "musyawarah"])),
        },
    ),
    "proposal.withdraw": ((M, H), lambda draw, state: {**card(draw, state), "reason": draw(REASONS)}),
    **BOARD_COMMANDS,
    "record.set": (
        (M, A),
        lambda draw, state: {"number": draw(st.sampled_from(["050/1", "050/2"])), "cc": ["Bappeda"]},
    ),
    "record.correct": ((M, A), lambda draw, state: {"section": "annex_2", "text": draw(TITLES)}),
    "record.confirm": (
        (M,),
        lambda draw, state: {"upto": max(1, state.seq - draw(st.sampled_from([0, 0, 3]))), "digest": "0f" * 32},
    ),
    "record.addendum": ((M, A), lambda draw, state: {"text": draw(TITLES), "reason": draw(REASONS)}),
    "ballot.open": ((M,), ballot_data),
    "ballot.close": ((M, S), lambda draw, state: {"ballot": some(draw, state.ballots)}),
    "ballot.void": ((M,), lambda draw, state: {"ballot": some(draw, state.ballots), "reason": draw(REASONS)}),
    "ballot.rerun": ((M,), lambda draw, state: {"ballot": some(draw, state.ballots), "reason": draw(REASONS)}),
    "ballot.next": ((M,), lambda draw, state: {"ballot": some(draw, state.ballots)}),
    "ballot.break_tie": (
        (M,),
        lambda draw, state: {
            "ballot": some(draw, state.ballots),
            "option": draw(st.sampled_from(["1", "2"])),
            "reason": draw(REASONS),
        },
    ),
    "ballot.hand_count": (
        (H,),
        lambda draw, state: {
            "ballot": some(draw, state.ballots),
            "hall": some(draw, state.halls),
            "cast": draw(st.integers(0, 2)),
            "counts": [{"option": "1", "votes": draw(st.integers(0, 2))}],
            "witness": some(draw, state.seats),
        },
    ),
    "ballot.delegate": ((D,), lambda draw, state: {"to": some(draw, state.seats)}),
    "ballot.undelegate": ((D,), lambda draw, state: {}),
    "channel.set": (
        (M, H),
        lambda draw, state: {
            "seats": [some(draw, state.seats)],
            "channel": draw(st.sampled_from(["phone", "kiosk", "hand"])),
        },
    ),
    "consensus.declare": (
        (M,),
        lambda draw, state: {
            "subject": draw(TITLES),
            "proposals": sorted(state.board.proposals)[:2],
            "outcome": draw(st.sampled_from(["agreed", "not_agreed"])),
        },
    ),
    "deadline.passed": ((S,), lambda draw, state: {"ballot": some(draw, state.ballots)}),
}
SETTING_UP = (
    *("session.create", "hall.add", "hall.add", "seat.add", "seat.add", "seat.add", "proposals.import", "agenda.plan"),
    *("session.open", "floor.request", "proposal.add"),
)
# What there must be for a command to have a point; once in a while it is given all the same.
POINTS: dict[str, Callable[[State], object]] = {
    "session.create": lambda state: False,
    "session.open": lambda state: state.session.phase == "draft",
    "session.close": lambda state: False,
    "pass.revoke": lambda state: state.passes,
    "pass.claim": lambda state: state.passes,
    "pass.release": lambda state: state.passes,
    "key.publish": lambda state: not state.keys,
    "agenda.template": lambda state: state.session.phase == "draft",
    "agenda.move": lambda state: state.agenda,
    "agenda.edit": lambda state: state.agenda,
    "agenda.remove": lambda state: state.agenda,
    "agenda.next": lambda state: state.agenda,
    "agenda.goto": lambda state: state.agenda,
    "quorum.wait": lambda state: state.attendance.quorum.state == "short",
    "quorum.wait_passed": lambda state: state.attendance.quorum.state == "waiting",
    "quorum.postpone": lambda state: state.attendance.quorum.state in ("short", "waited"),
    "quorum.proceed": lambda state: state.attendance.quorum.state in ("short", "waited"),
    **BETWEEN_POINTS,
    **BOARD_POINTS,
    **FLOOR_POINTS,
    **SCORING_POINTS,
    "ballot.open": lambda state: open_ballot(state) is None,
    "ballot.close": open_ballot,
    "ballot.void": lambda state: state.ballots,
    "ballot.rerun": lambda state: state.ballots,
    "ballot.next": lambda state: state.ballots,
    "ballot.break_tie": lambda state: state.ballots,
    "ballot.hand_count": open_ballot,
    "ballot.undelegate": lambda state: state.proxies,
    "deadline.passed": open_ballot,
    "proposals.import": lambda state: len(state.board.proposals) < 3,
}
OFTEN = (
    *("floor.request", "floor.grant", "floor.yield", "floor.extend", "proposal.edit", "proposal.move") * 2,
    *("ballot.open", "ballot.close", "ballot.void", "floor.withdraw"),
)
SELDOM_AT_ALL = 12


def next_name(draw: Draw, state: State) -> str:
    pointed = [name for name in (*sorted(COMMANDS), *OFTEN) if POINTS.get(name, bool)(state)]
    name: str = draw(st.sampled_from(sorted(COMMANDS) if draw(st.integers(1, SELDOM_AT_ALL)) == 1 else pointed))
    return name


def box_for(draw: Draw, state: State, ballot_id: str) -> BoxCount:
    """A count the box of this ballot could give."""
    ballot = state.ballots[ballot_id]  # type: ignore[index]
    voters = draw(st.lists(st.sampled_from(sorted(ballot.electorate)), unique=True))
    options = [option.id for option in ballot.options]
    choices = [tuple(sorted(draw(st.sets(st.sampled_from(options), max_size=ballot.choose_max)))) for _ in voters]
    trackers = tuple(f"{number:032x}" for number in range(len(voters))) if ballot.secrecy == "secret" else ()
    keys = trackers or tuple(sorted(voters))
    pairs = tuple(zip(keys, choices, strict=True)) if ballot.proof != "inclusion" else ()
    return BoxCount(tuple(sorted(choices)), tuple(sorted(voters)), trackers, pairs)


def step(draw: Draw, state: State, name: str, number: int, now: int) -> list[Recorded]:
    """What one random command of this name gets recorded: nothing when it is refused."""
    roles, data = COMMANDS[name]
    command = dispatch.parse(name, data(draw, state))
    moment = Moment(actor_of(draw, state, *roles), now, f"f{number}")
    try:
        ballot = dispatch.sealed_ballot(state, command, moment)
        if ballot is not None:
            moment = Moment(moment.actor, now, moment.fresh, box_for(draw, state, ballot))
        events = dispatch.decide(state, command, moment)
    except Refused:
        return []
    return [dispatch.recorded(event, seq, now, moment.actor.id) for seq, event in enumerate(events, state.seq + 1)]


def history(draw: Draw, steps: int) -> list[tuple[State, Recorded | None]]:
    """A random session: each state with the event that led to it, the empty state first."""
    state = initial(SESSION)
    told: list[tuple[State, Recorded | None]] = [(state, None)]
    planned = [*SETTING_UP, *([None] * steps), "session.close"]
    for number in range(len(planned)):
        name = planned[number] or next_name(draw, state)
        now = state.at + draw(st.sampled_from([0, 1, 20_000]))
        for event in step(draw, state, name, number, now):
            state = dispatch.apply(state, event)
            told.append((state, event))
    return told
