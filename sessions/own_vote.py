"""What a voter is told about voting for itself alone, as part of `me`: by what it votes, on what, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.electorate import hall_voter, key_of
from sessions.ids import BallotId, SeatId
from sessions.kind import Fields
from sessions.model.ballot import PHONE, Ballot, Proxy
from sessions.permissions import Actor
from sessions.state import State
from sessions.vote import votes_as_hall

NOBODY: Mapping[str, Any] = {"channel": None, "ballots": {}, "proxies": {"given": [], "received": 0}}


def own_vote(state: State, actor: Actor) -> Fields:
    """channel: as set now. ballots: those that are open. proxies: standing ones and those on open ballots."""
    seat = actor.seat
    if seat is not None:
        channel = state.channels.get(seat, PHONE)
    elif actor.hall is not None:
        channel = None
    else:
        return dict(NOBODY)
    return {
        "channel": channel,
        "ballots": {ballot: own_ballot(state.ballots[ballot], actor) for ballot in running(state)},
        "proxies": NOBODY["proxies"] if seat is None or not state.proxies else own_proxies(state, seat),
    }


def running(state: State) -> tuple[BallotId, ...]:
    return tuple(ballot.id for ballot in state.ballots.values() if ballot.state == "open")


def own_ballot(ballot: Ballot, actor: Actor) -> Fields:
    """Both were settled when the ballot opened. A hall's page votes for its hall where each hall has one vote."""
    voter = actor.seat
    if actor.hall is not None and votes_as_hall(ballot, actor):
        voter = hall_voter(actor.hall)
    return {"in": voter in ballot.electorate, "channel": PHONE if voter is None else ballot.channels.get(voter, PHONE)}


def own_proxies(state: State, seat: SeatId) -> Fields:
    """received: how many seats named this one; votes that come by way of another seat are not among them."""
    held = (None, *running(state))
    given = [proxy for ballot in held if (proxy := state.proxies.get(key_of(seat, ballot))) is not None]
    givers = {proxy.seat for proxy in state.proxies.values() if proxy.to == seat and proxy.ballot in held}
    return {"given": [given_fields(state, proxy) for proxy in given], "received": len(givers)}


def given_fields(state: State, proxy: Proxy) -> Fields:
    to = state.seats[proxy.to]
    return {"to": proxy.to, "to_label": f"{state.halls[to.hall].name} · {to.office}", "ballot": proxy.ballot}


def votes_begin_or_end(before: State, after: State) -> bool:
    """Whether own_vote() may differ for every voter."""
    return before.ballots is not after.ballots and running(before) != running(after)


def changed_voters(before: State, after: State) -> set[SeatId]:
    """The seats whose channel or proxies differ."""
    seats: set[SeatId] = set()
    if before.channels is not after.channels:
        seats.update(seat for seat, _ in before.channels.items() ^ after.channels.items())
    if before.proxies is not after.proxies:
        old, new = before.proxies.items(), after.proxies.items()
        seats.update(seat for _, proxy in old ^ new for seat in (proxy.seat, proxy.to))
    return seats
