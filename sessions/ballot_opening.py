"""Opening a ballot: its options, its rule, its electorate, and the rounds and reruns that follow one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sessions import ballot as ballots
from sessions.ballot import BallotOpened, BallotVoided, Rerun, known, open_ballot, rerunnable
from sessions.ballot_shapes import Next, Open
from sessions.consensus import missing_consensus
from sessions.electorate import voters
from sessions.errors import Refused
from sessions.ids import BallotId, ProposalId, SeatId
from sessions.model.ballot import (
    ABSTAIN,
    BORDA,
    BUDGETED,
    EQUAL_SHARES,
    HAND,
    PHONE,
    PLAIN,
    POINTS,
    RANKED,
    SCORE,
    SINGLE,
    YES_NO,
    Ballot,
    Circle,
    Option,
    Rule,
    SeatChannel,
)
from sessions.noun import Moment, require_phase
from sessions.published import published_as
from sessions.quorum import quorum_holds
from sessions.state import State
from sessions.statuses import LEFT

RANKED_MOST = (
    60  # options of a ranking or of equal shares: more take minutes to count, and nobody ranks them on a phone
)
SECRET_LEAST = 5  # voters that may be picked out for a secret ballot: the result of fewer tells who voted what
YES_OR_NO = (Option("yes", "Setuju"), Option("no", "Tidak setuju"), Option(ABSTAIN, "Abstain"))


def decide_open(state: State, command: Open, moment: Moment) -> list[Any]:
    require_openable(state)
    about = command.about or command.proposals
    missing = [] if command.override else missing_consensus(state, about)
    if missing:
        raise Refused("consensus_first", proposals=missing)
    options = options_of(state, command)
    rule = rule_of(state, command, options)
    most = command.choose_max or (1 if command.method in (SINGLE, YES_NO) else len(options))
    if most > len(options):
        raise Refused("bad_input", field="choose_max")
    opened = BallotOpened(
        ballot=BallotId(moment.fresh),
        title=command.title,
        secrecy=command.secrecy,
        proof=command.proof,
        choose_max=most,
        options=options,
        electorate=(),
        closes_at=None if command.seconds is None else moment.now + command.seconds * ballots.SECOND_MS,
        rule=rule,
        about=command.about,
        override=command.override,
    )
    return [with_electorate(state, opened)]


def require_openable(state: State) -> None:
    """Raises Refused: wrong_phase, ballot_is_open, no_quorum."""
    require_phase(state, "open")
    running = open_ballot(state)
    if running is not None:
        raise Refused("ballot_is_open", ballot=running.id)
    if state.rules.attendance.quorum_needed_for_ballots and not quorum_holds(state):
        raise Refused("no_quorum")


def with_electorate(state: State, opened: BallotOpened) -> BallotOpened:
    """Frozen as it is now. Raises Refused: no_electorate, not_on_secret, hand_not_counted."""
    if opened.rule.method == EQUAL_SHARES and opened.proof == "inclusion":
        raise Refused("not_on_secret", field="method")  # counted from whole papers, which would be published
    electorate = voters(state, opened.rule.circle)
    if not electorate:
        raise Refused("no_electorate")
    picked = opened.rule.circle.kind != "all" or state.session.kind == "group"  # a group is whom its plenary chose
    if opened.secrecy == "secret" and picked and len(electorate) < SECRET_LEAST:
        raise Refused("not_on_secret", field="electorate", least=SECRET_LEAST)
    channels = tuple(SeatChannel(seat, state.channels[seat]) for seat in electorate if other_channel(state, seat))
    by_hand = [one.seat for one in channels if one.channel == HAND]
    if by_hand and opened.secrecy == "secret":
        raise Refused("not_on_secret", field="channel", seats=by_hand[:10])
    if by_hand and (opened.rule.method not in PLAIN or opened.rule.weights == "given"):
        raise Refused("hand_not_counted", method=opened.rule.method, seats=by_hand[:10])
    published = published_as(opened.secrecy, opened.proof, opened.rule, opened.choose_max)
    confirms = bool(by_hand) and state.rules.voting.witness_confirms is not False
    rule = replace(opened.rule, published=published, witness_confirms=confirms)
    return replace(opened, electorate=electorate, channels=channels, rule=rule)


def other_channel(state: State, seat: SeatId) -> bool:
    return state.channels.get(seat, PHONE) != PHONE


def options_of(state: State, command: Open) -> tuple[Option, ...]:
    options = command.options or tuple(option_of(state, proposal) for proposal in command.proposals)
    field = "options" if command.options else "proposals"
    if command.method == YES_NO and not options:
        options = YES_OR_NO
    if len({option.id for option in options}) < len(options):
        raise Refused("bad_input", field=field)
    for proposal in command.about:
        option_of(state, proposal)
    if command.method in (*RANKED, EQUAL_SHARES) and len(options) > RANKED_MOST:
        raise Refused("bad_input", field=field, most=RANKED_MOST)
    if command.method not in BUDGETED:
        return tuple(replace(option, cost=None) for option in options)
    for option in options:
        if not option.cost:
            raise Refused("cost_missing", option=option.id)
    return options


def option_of(state: State, proposal: ProposalId) -> Option:
    card = state.board.proposals.get(proposal)
    if card is None or card.status in LEFT:
        raise Refused("bad_input", field="proposals", proposal=proposal)
    return Option(proposal, card.content.title, state.halls[card.hall].name, card.content.amount)


def rule_of(state: State, command: Open, options: tuple[Option, ...]) -> Rule:
    """What was asked for, else what the rules say; raises Refused where it does not go together."""
    rules = state.rules.voting
    open_ = command.secrecy == "open"
    plain = command.method in PLAIN
    rule = Rule(
        method=command.method,
        scale_least=command.scale[0] if command.scale else 0,
        scale_most=command.scale[1] if command.scale else 5 if command.method == SCORE else 0,
        variant=(command.variant or rules.borda) if command.method == BORDA else "",
        points=command.points or 0,
        budget=command.budget,
        majority=command.majority or (rules.majority if plain else "simple"),
        base=command.base or rules.base,
        places=command.places,
        tie=command.tie or rules.tie,
        weights=command.weights or (rules.weights if open_ else "none"),
        given=command.given,
        rounds=command.rounds,
        revote=open_ and rules.revote if command.revote is None else command.revote,
        quorum=rules.quorum if command.quorum is None else command.quorum,
        delegations=rules.delegations_most if open_ else 0,
        circle=command.circle,
    )
    if not open_ and (rule.weights != "none" or rule.given):
        raise Refused("not_on_secret", field="weights")
    if not open_ and rule.revote:
        raise Refused("not_on_secret", field="revote")
    for field, wrong in MISFITS.items():
        if wrong(state, rule, options):
            raise Refused("bad_input", field=field)
    return rule


# field → whether it does not go with the method, or names what is not there
MISFITS: Mapping[str, Callable[[State, Rule, tuple[Option, ...]], bool]] = {
    "scale": lambda state, rule, options: rule.scale_least > rule.scale_most,
    "points": lambda state, rule, options: (rule.method == POINTS) != bool(rule.points),
    "budget": lambda state, rule, options: (rule.method in BUDGETED) != bool(rule.budget),
    "majority": lambda state, rule, options: rule.majority != "simple" and rule.method not in PLAIN,
    "options": lambda state, rule, options: (
        rule.method == YES_NO
        and not {"yes", "no"} <= {option.id for option in options} <= {option.id for option in YES_OR_NO}
    ),
    "places": lambda state, rule, options: rule.places is not None and not 1 <= rule.places <= len(options),
    "weights": lambda state, rule, options: (
        (rule.weights == "given") != bool(rule.given) or (rule.weights == "given" and rule.circle.kind == "each_hall")
    ),
    "given": lambda state, rule, options: (
        len({one.seat for one in rule.given}) < len(rule.given)
        or any(one.seat not in state.seats for one in rule.given)
    ),
    "electorate": lambda state, rule, options: not knows(state, rule.circle),
}


def knows(state: State, circle: Circle) -> bool:
    """Whether halls and seats are named where they are needed, and exist."""
    named = {"halls": bool(circle.halls), "seats": bool(circle.seats)}.get(circle.kind, True)
    return named and set(circle.halls) <= state.halls.keys() and set(circle.seats) <= state.seats.keys()


def decide_rerun(state: State, command: Rerun, moment: Moment) -> list[Any]:
    """Void, if it is not yet, and the same question to whoever may vote now, for as long as before."""
    old = rerunnable(state, command, moment)
    void = [] if old.state == "void" else [BallotVoided(old.id, command.reason)]
    return [*void, with_electorate(state, again(old, moment))]


def seals(state: State, command: object, moment: Moment) -> BallotId | None:
    """As ballot.seals. A rerun finds its voters before the box of the ballot that runs is sealed for it."""
    sealed = ballots.seals(state, command, moment)
    if sealed is not None and isinstance(command, Rerun):
        with_electorate(state, again(known(state, sealed), moment))
    return sealed


def again(old: Ballot, moment: Moment) -> BallotOpened:
    return BallotOpened(
        ballot=BallotId(moment.fresh),
        title=old.title,
        secrecy=old.secrecy,
        proof=old.proof,
        choose_max=old.choose_max,
        options=old.options,
        electorate=(),
        closes_at=None if old.closes_at is None else moment.now + old.closes_at - old.opened_at,
        rule=old.rule,
        about=old.about,
        repeats=old.id,
        round=old.round,
        override=old.override,
    )


def decide_next(state: State, command: Next, moment: Moment) -> list[Any]:
    """The next round: between those tied, or between the best when nobody had the majority."""
    require_openable(state)
    old = known(state, command.ballot)
    if old.state == "void":
        raise Refused("ballot_void", ballot=old.id)
    left, places = runners(old)
    if not left or held_again(state, old):
        raise Refused("no_next_round", ballot=old.id)
    options = tuple(option for option in old.options if option.id in left)
    most = min(old.choose_max, len(options)) if old.rule.method in PLAIN else len(options)
    rule = old.rule if old.rule.method == YES_NO else replace(old.rule, places=places)
    opened = replace(again(old, moment), options=options, choose_max=most, rule=rule, round=old.round + 1)
    return [with_electorate(state, opened)]


def held_again(state: State, old: Ballot) -> bool:
    """Whether its next round was held: a second one would be there to choose the better result from."""
    later = (one for one in state.ballots.values() if one.repeats == old.id and one.round > old.round)
    return any(one.state != "void" for one in later)


def runners(old: Ballot) -> tuple[frozenset[str], int]:
    """Who stands in the next round and for how many places; nobody when there is none.

    After a missed majority one more than there are places, and whoever is equal to the last of them.
    """
    result = old.result
    if result is None or old.rule.method in BUDGETED:
        return frozenset(), 0
    ids = frozenset(option.id for option in old.options)
    if result.tied and old.rule.tie == "revote":
        return (ids, 1) if old.rule.method == YES_NO else (frozenset(result.tied), old.places - len(result.elected))
    if result.invalid != "no_majority" or old.round >= old.rule.rounds:
        return frozenset(), 0
    if old.rule.method == YES_NO:
        return ids, 1
    votes = sorted((count.votes for count in result.counts if count.votes), reverse=True)[: old.places + 1]
    least = votes[-1] if votes else 0
    return frozenset(count.option for count in result.counts if votes and count.votes >= least), old.places
