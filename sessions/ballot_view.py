"""What may be seen of a ballot: everything but who may vote and, until it is closed, what was voted."""

from __future__ import annotations

from collections import Counter

from sessions.kind import HALL, MODERATOR, Fields
from sessions.model.ballot import Ballot, HandCount
from sessions.published import hand_json
from sessions.state import State
from sessions.tally import result_json
from sessions.transcript import option_json, rule_json


def ballot_fields(state: State, ballot: Ballot, view: str) -> Fields:
    return {
        "title": ballot.title,
        "secrecy": ballot.secrecy,
        "proof": ballot.proof,
        "choose_max": ballot.choose_max,
        "options": [option_json(option) for option in ballot.options],
        "state": ballot.state,
        "opened_at": ballot.opened_at,
        "closes_at": ballot.closes_at,
        "closed_at": ballot.closed_at,
        "electorate": len(ballot.electorate),
        "result": result_json(ballot.result),
        "reason": ballot.reason,
        "rule": rule_fields(ballot),
        "about": list(ballot.about),
        "repeats": ballot.repeats,
        "round": ballot.round,
        "override": ballot.override,
        "hands": [hand_fields(ballot, ballot.hands[hall], view) for hall in sorted(ballot.hands)],
        "channels": channel_counts(ballot),
        "tie_breaks": [{"option": one.option, "reason": one.reason} for one in ballot.breaks],
    }


def hand_fields(ballot: Ballot, hand: HandCount, view: str) -> Fields:
    """Until the ballot is closed only moderators and halls see figures: they would sway who has not voted yet.

    earlier: a count of this hall that its witness confirmed enters if the ballot closes before this one is confirmed.
    """
    fields = hand_json(hand)
    if ballot.state == "open" and view not in (MODERATOR, HALL):
        del fields["cast"], fields["blank"], fields["counts"]
    if ballot.state == "open" and not hand.confirmed and hand.hall in ballot.confirmed:
        fields["earlier"] = True
    return fields


def rule_fields(ballot: Ballot) -> Fields:
    """Whole but for the weights given to single seats; places as they are, also where choose_max gives them."""
    fields = {
        **rule_json(ballot.rule),
        "published": ballot.rule.published,
        "places": ballot.places,
        "electorate": ballot.rule.circle.kind,
    }
    del fields["given"]
    return fields


def channel_counts(ballot: Ballot) -> dict[str, int]:
    """How many vote by kiosk and by hand."""
    return dict(sorted(Counter(ballot.channels.values()).items()))
