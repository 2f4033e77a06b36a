"""The transcript of a ballot that has ended: everything a stranger needs to count it again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sessions.ballot import known
from sessions.electorate import hall_of
from sessions.ids import BallotId
from sessions.journal import BoxCount
from sessions.model.ballot import DEFAULT_RULE, ROWS, SUMS, Ballot, Option, Rule
from sessions.published import leaves, merkle_root, published
from sessions.state import State
from sessions.tally import result_json

VERSION = 3
SECOND_VERSION = 2  # of ballots whose papers are published
FIRST_VERSION = 1  # of ballots that use nothing the first version did not know: theirs never change by a byte


def transcript(state: State, ballot_id: BallotId, box: BoxCount) -> dict[str, Any]:
    """To be written canonically.

    box: as sealed. Raises ValueError when it does not give the root the journal holds: then the store was tampered
    with, and nothing may be published as if it were right. A void ballot has no result to hold it against.
    """
    ballot = known(state, ballot_id)
    if ballot.result is not None and merkle_root(leaves(ballot, box)) != ballot.result.root:
        raise ValueError(f"the box of ballot {ballot.id} does not match the root in the journal")
    version = version_of(ballot)
    told = {
        "v": version,
        "session": state.session.id,
        "ballot": ballot.id,
        "title": ballot.title,
        "rehearsal": state.session.rehearsal,
        "state": ballot.state,
        "reason": ballot.reason,
        "secrecy": ballot.secrecy,
        "proof": ballot.proof,
        "rule": {"method": "approval", "choose_max": ballot.choose_max, "tie": "elects_none_of_the_tied"},
        "options": [option_json(option) for option in ballot.options],
        "opened_at": ballot.opened_at,
        "closed_at": ballot.closed_at,
        "electorate": sorted(ballot.electorate),
        "roll": sorted(box.roll),
        **published(ballot, box),
        "result": result_json(ballot.result),
        "keys": dict(state.keys),
    }
    return told if version == FIRST_VERSION else {**told, **since_second(state, ballot)}


def version_of(ballot: Ballot) -> int:
    if ballot.rule.published == SUMS:
        return VERSION
    return FIRST_VERSION if is_first(ballot) else SECOND_VERSION


def is_first(ballot: Ballot) -> bool:
    """Whether the first version's words are enough for it."""
    later = (ballot.about, ballot.repeats, ballot.override, ballot.channels, ballot.hands, ballot.breaks)
    return ballot.rule == DEFAULT_RULE and ballot.round == 1 and not any(later)


def since_second(state: State, ballot: Ballot) -> dict[str, Any]:
    """What later versions say more. halls: of each voter on an open ballot, which weights by hall need."""
    weighed = ballot.secrecy == "open"
    return {
        "rule": {**rule_json(ballot.rule), "choose_max": ballot.choose_max, "places": ballot.places},
        "about": list(ballot.about),
        "repeats": ballot.repeats,
        "round": ballot.round,
        "override": ballot.override,
        "channels": [{"seat": seat, "channel": ballot.channels[seat]} for seat in sorted(ballot.channels)],
        "delegations": [{"seat": proxy.seat, "to": proxy.to} for proxy in ballot.delegated],
        "present": list(ballot.present),
        "halls": {seat: hall_of(state, seat) for seat in sorted(ballot.electorate)} if weighed else {},
        "tie_breaks": [asdict(one) for one in ballot.breaks],
    }


def option_json(option: Option) -> dict[str, Any]:
    """An option as transcripts and views give it; only options of a budget have a cost."""
    plain = {"id": option.id, "label": option.label, "detail": option.detail}
    return plain if option.cost is None else {**plain, "cost": option.cost}


def rule_json(rule: Rule) -> dict[str, Any]:
    """The rule without what it says about the electorate, which is listed whole. Papers need no word: they are seen."""
    fields = asdict(rule)
    del fields["circle"]
    if rule.published == ROWS:
        del fields["published"]
    return {**fields, "given": [dict(one) for one in fields["given"]]}
