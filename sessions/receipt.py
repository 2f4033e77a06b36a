"""What a voter takes home and what a stranger checks it against: receipt, transcript and the key that signs both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sessions.canonical import canonical
from sessions.journal import BoxCount, Cast
from sessions.noun import Moment, Noun
from sessions.shape import KEY_ID, PUBLIC_KEY, matching, record
from sessions.state import Ballot, State, put
from sessions.tally import leaves, merkle_root, published, result_json

VERSION = 1


@dataclass(frozen=True, slots=True)
class PublishKey:
    key_id: str
    public_key: str


@dataclass(frozen=True, slots=True)
class KeyPublished:
    """public_key: the Ed25519 public half, base64url, that receipts signed under key_id verify with."""

    key_id: str
    public_key: str


def decide_publish(state: State, command: PublishKey, moment: Moment) -> list[Any]:
    known = state.keys.get(command.key_id) == command.public_key
    return [] if known else [KeyPublished(command.key_id, command.public_key)]


def apply_published(state: State, event: KeyPublished, at: int) -> State:
    return replace(state, keys=put(state.keys, event.key_id, event.public_key))


def receipt(ballot: Ballot, session: str, seat: str, cast: Cast, key_id: str) -> dict[str, Any]:
    """The members of a receipt but its signature: a secret vote's tracker alone, an open one's seat and choices."""
    secret = ballot.secrecy == "secret"
    return {
        "v": VERSION,
        "session": session,
        "ballot": ballot.id,
        "tracker": cast.tracker if secret else None,
        "seat": None if secret else seat,
        "choices": None if secret else list(cast.choices),
        "key_id": key_id,
    }


def receipt_body(receipt: Mapping[str, Any]) -> bytes:
    """The bytes to sign and to verify: canonical JSON of every member but the signature."""
    return canonical({name: value for name, value in receipt.items() if name != "signature"})


def transcript(state: State, ballot: Ballot, box: BoxCount) -> dict[str, Any]:
    """Everything about a closed ballot that a stranger needs to count it again, as JSON to be written canonically.

    box: as sealed at close. Raises ValueError when it does not give the result the journal holds: then the store was
    tampered with, and nothing may be published as if it were right.
    """
    if ballot.result is None:
        raise ValueError(f"ballot {ballot.id} has no result")
    if merkle_root(leaves(ballot, box)) != ballot.result.root:
        raise ValueError(f"the box of ballot {ballot.id} does not match the root in the journal")
    return {
        "v": VERSION,
        "session": state.session.id,
        "ballot": ballot.id,
        "title": ballot.title,
        "rehearsal": state.session.rehearsal,
        "secrecy": ballot.secrecy,
        "proof": ballot.proof,
        "rule": {"method": "approval", "choose_max": ballot.choose_max, "tie": "elects_none_of_the_tied"},
        "options": [asdict(option) for option in ballot.options],
        "opened_at": ballot.opened_at,
        "closed_at": ballot.closed_at,
        "electorate": sorted(ballot.electorate),
        "roll": sorted(box.roll),
        **published(ballot, box),
        "result": result_json(ballot.result),
        "keys": dict(state.keys),
    }


NOUN = Noun(
    commands={
        "key.publish": (
            record(PublishKey, {"key_id": matching(KEY_ID), "public_key": matching(PUBLIC_KEY)}),
            decide_publish,
        ),
    },
    events={"key_published": (KeyPublished, apply_published)},
)
