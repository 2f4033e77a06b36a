"""Proxies (kuasa suara): a seat lets another one vote for it on open ballots, until it votes itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.ballot import open_ballot, still_open
from sessions.electorate import chain, key_of, proxy_of
from sessions.errors import Refused
from sessions.hall import known_seat
from sessions.ids import BallotId, SeatId
from sessions.kind import HALL, MODERATOR, PUBLIC, SCREEN, Fields, Kind
from sessions.model.ballot import Ballot, Proxy
from sessions.model.nothing import put
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import VOTERS
from sessions.shape import ident, nullable, record
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Delegate:
    """ballot: this one only; None: whenever the seat does not vote itself."""

    to: SeatId
    ballot: BallotId | None = None


@dataclass(frozen=True, slots=True)
class Undelegate:
    ballot: BallotId | None = None


@dataclass(frozen=True, slots=True)
class VoteDelegated:
    proxy: Proxy


@dataclass(frozen=True, slots=True)
class DelegationEnded:
    seat: SeatId
    ballot: BallotId | None = None


def decide_delegate(state: State, command: Delegate, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    seat = own_seat(moment)
    ballot = None if command.ballot is None else still_open(state, command.ballot)
    require_allowed(state, ballot)
    for one in (seat, command.to):
        if not known_seat(state, one).vote or (ballot is not None and one not in ballot.electorate):
            raise Refused("not_in_electorate", seat=one)
    if command.to == seat:
        raise Refused("delegation_cycle", seat=seat)
    proxy = Proxy(seat, command.to, command.ballot)
    key = key_of(seat, command.ballot)
    if state.proxies.get(key) == proxy:
        return []
    after = replace(state, proxies=put(state.proxies, key, proxy))
    for view in {None, None if ballot is None else ballot.id, getattr(open_ballot(state), "id", None)}:
        require_sound(after, None if view is None else state.ballots[view], seat)
    return [VoteDelegated(proxy)]


def own_seat(moment: Moment) -> SeatId:
    if moment.actor.seat is None:
        raise Refused("forbidden")
    return moment.actor.seat


def require_allowed(state: State, ballot: Ballot | None) -> None:
    """Raises Refused: not_on_secret, no_delegation."""
    if ballot is not None and ballot.secrecy == "secret":
        raise Refused("not_on_secret", field="delegations")
    if not (state.rules.voting.delegations_most if ballot is None else ballot.rule.delegations):
        raise Refused("no_delegation")


def require_sound(state: State, ballot: Ballot | None, seat: SeatId) -> None:
    """No vote comes back to where it came from, and nobody votes for more than the rules let them."""
    to = chain(state, ballot, seat)
    if not to:
        return
    if proxy_of(state, ballot, to[-1]) is not None:
        raise Refused("delegation_cycle", seat=seat)
    most = state.rules.voting.delegations_most if ballot is None else ballot.rule.delegations
    givers = {proxy.seat for proxy in state.proxies.values()}
    chains = [chain(state, ballot, giver) for giver in givers]
    for one in to:
        if sum(one in others for others in chains) > most:
            raise Refused("delegation_full", seat=one, most=most)


def decide_undelegate(state: State, command: Undelegate, moment: Moment) -> list[Any]:
    """Nothing to end is no harm."""
    require_phase(state, *BEFORE_THE_END)
    seat = own_seat(moment)
    if command.ballot is not None:
        still_open(state, command.ballot)
    known = key_of(seat, command.ballot) in state.proxies
    return [DelegationEnded(seat, command.ballot)] if known else []


def apply_delegated(state: State, event: VoteDelegated, at: int) -> State:
    proxy = event.proxy
    return replace(state, proxies=put(state.proxies, key_of(proxy.seat, proxy.ballot), proxy))


def apply_ended(state: State, event: DelegationEnded, at: int) -> State:
    ended = key_of(event.seat, event.ballot)
    return replace(state, proxies={key: proxy for key, proxy in state.proxies.items() if key != ended})


def proxy_fields(state: State, proxy: Proxy, view: str) -> Fields:
    return {"seat": proxy.seat, "to": proxy.to, "ballot": proxy.ballot}


NOUN = Noun(
    commands={
        "ballot.delegate": Act(record(Delegate, {"to": ident}, {"ballot": nullable(ident)}), decide_delegate, VOTERS),
        "ballot.undelegate": Act(record(Undelegate, {}, {"ballot": nullable(ident)}), decide_undelegate, VOTERS),
    },
    events={
        "vote_delegated": (VoteDelegated, apply_delegated),
        "delegation_ended": (DelegationEnded, apply_ended),
    },
    kinds=(
        Kind(
            "proxy",
            lambda state: state.proxies,
            lambda state: state.proxies,
            proxy_fields,
            (MODERATOR, HALL, SCREEN, PUBLIC),
        ),
    ),
)
