"""Receipts: what a voter takes home, and the public key in the journal that they are checked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.canonical import canonical
from sessions.journal import Cast
from sessions.model.ballot import Ballot
from sessions.model.nothing import put
from sessions.noun import Act, Moment, Noun
from sessions.permissions import SYSTEM
from sessions.shape import KEY_ID, PUBLIC_KEY, matching, record
from sessions.state import State

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
    """The members of a receipt but its signature: a secret vote's tracker alone, an open one's seat and choices.

    turn, where votes may be changed: how often this one was.
    """
    secret = ballot.secrecy == "secret"
    turn = {"turn": cast.turn} if ballot.rule.revote else {}
    return {
        "v": VERSION,
        "session": session,
        "ballot": ballot.id,
        "tracker": cast.tracker if secret else None,
        "seat": None if secret else seat,
        "choices": None if secret else list(cast.choices),
        "key_id": key_id,
        **turn,
    }


def receipt_body(receipt: Mapping[str, Any]) -> bytes:
    """The bytes to sign and to verify: canonical JSON of every member but the signature."""
    return canonical({name: value for name, value in receipt.items() if name != "signature"})


NOUN = Noun(
    commands={
        "key.publish": Act(
            record(PublishKey, {"key_id": matching(KEY_ID), "public_key": matching(PUBLIC_KEY)}),
            decide_publish,
            SYSTEM,
            sealed=True,
        ),
    },
    events={"key_published": (KeyPublished, apply_published)},
)
