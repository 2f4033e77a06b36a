"""Who is connected to this node, as it tells the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from sessions.permissions import Role
from signaling.gateway.bulletin import Bulletin
from signaling.gateway.person import Person
from signaling.gateway.presence import Presence


def bulletin_of(people: Iterable[Person], presence: Presence) -> Bulletin:
    """Of one session. Onlookers, of whom thousands may hold one card, are not in it."""
    seats = defaultdict[str, Counter[str]](Counter)
    passes = defaultdict[str, set[str]](set)
    moderators = set[str]()
    for person in people:
        if person.actor.role is Role.MODERATOR:
            moderators.add(person.actor.pass_id)
        if person.share is None:
            continue
        home, actor = person.share
        kind, _, name = actor.partition(":")
        if kind == "seat":
            seats[home][name] += 1
        else:
            passes[home].add(name)
    return Bulletin(
        pages=dict(presence.pages),
        seen=presence.seen,
        seats=dict(seats),
        passes={home: frozenset(of) for home, of in passes.items()},
        moderators=frozenset(moderators),
        tablets=presence.tablets,
    )
