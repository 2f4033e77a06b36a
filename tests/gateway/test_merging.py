"""Presence from many nodes: the same wherever it is merged, in whatever order bulletins came."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.gateway.bulletin import EMPTY, LINKS, Bulletin, Page, Seen, from_json, to_json
from signaling.gateway.presence import HallPresence, Presence

HALLS = ("pejuang", "jatiasih")
NODES = ("a", "b", "c")
NOW = 1_800_000_000_000
LATEST = NOW + 3_600_000

times = st.integers(NOW - 60_000, NOW)
seen = st.builds(Seen, publishing=st.booleans(), speaking=st.booleans(), link=st.sampled_from(sorted(LINKS)))
bulletins = st.builds(
    Bulletin,
    pages=st.dictionaries(st.sampled_from(HALLS), st.builds(Page, since=times, joined=times)),
    seen=st.dictionaries(st.sampled_from(HALLS), seen),
    seats=st.dictionaries(
        st.sampled_from(("s1", "s2")), st.dictionaries(st.sampled_from(("k1", "k2", "k3")), st.integers(1, 3))
    ),
    passes=st.dictionaries(st.sampled_from(("s1", "s2")), st.frozensets(st.sampled_from(("p1", "p2")))),
    moderators=st.frozensets(st.sampled_from(("p1", "p2"))),
    tablets=st.dictionaries(st.sampled_from(HALLS), st.integers(0, 8)),
)


def at(node: str, all_of: dict[str, Bulletin]) -> Presence:
    """The presence of a node that itself has what its own bulletin says."""
    presence = Presence(NOW, node)
    presence.know(HALLS)
    own = all_of.get(node, EMPTY)
    presence._pages.update(own.pages)
    presence._seen.update(own.seen)
    presence._tablets.update(own.tablets)
    for seats in own.seats.values():
        for seat in seats:
            presence.seat_came(seat)
    presence.heard({other: bulletin for other, bulletin in all_of.items() if other != node}, NOW)
    return presence


@given(st.dictionaries(st.sampled_from(NODES), bulletins))
def test_every_node_shows_the_same(all_of: dict[str, Bulletin]) -> None:
    shown = [at(node, all_of).whole() for node in NODES]
    assert shown[0] == shown[1] == shown[2]
    seats = {seat for each in all_of.values() for devices in each.seats.values() for seat in devices}
    assert shown[0]["participants"] == len(seats)
    for hall in HALLS:
        assert shown[0]["halls"][hall]["connected"] is any(hall in each.pages for each in all_of.values())
        assert shown[0]["halls"][hall]["tablets"] == sum(each.tablets.get(hall, 0) for each in all_of.values())


@given(st.dictionaries(st.sampled_from(NODES), bulletins, min_size=1))
def test_of_all_pages_of_a_hall_exactly_one_stays(all_of: dict[str, Bulletin]) -> None:
    for hall in HALLS:
        having = [node for node in all_of if hall in all_of[node].pages]
        told_to_go = []
        for node in having:
            others = {other: each for other, each in all_of.items() if other != node}
            if hall in at(node, all_of).heard(others, NOW):
                told_to_go.append(node)
        assert len(told_to_go) == max(0, len(having) - 1)


@given(st.lists(st.dictionaries(st.sampled_from(NODES[1:]), bulletins), max_size=4), st.lists(st.integers(0, 5)))
def test_only_the_last_word_counts_and_the_version_moves_with_what_is_shown(
    told: list[dict[str, Bulletin]], came: list[int]
) -> None:
    presence, fresh = Presence(NOW, "a"), Presence(NOW, "a")
    presence.know(HALLS)
    fresh.know(HALLS)
    for seat in came:
        presence.seat_came(f"k{seat}")
        fresh.seat_came(f"k{seat}")
    for others in told:
        before, version = presence.whole(), presence.version
        presence.heard(others, NOW)
        assert (presence.whole() != before) <= (presence.version != version)
    fresh.heard(told[-1] if told else {}, NOW)
    assert presence.participants == fresh.participants
    assert [each.connected for each in presence.halls.values()] == [each.connected for each in fresh.halls.values()]


@given(bulletins)
def test_a_bulletin_survives_the_journey(bulletin: Bulletin) -> None:
    assert from_json(json.loads(json.dumps(to_json(bulletin))), LATEST) == bulletin


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("pages", "seen", "seats", "passes", "moderators", "tablets")


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, anything)) | anything)
def test_what_is_none_is_refused_and_nothing_else_happens(body: Any) -> None:
    try:
        taken = from_json(body, LATEST)
    except ValueError:
        return
    assert to_json(taken) == {
        field: body[field] if field not in ("passes", "moderators") else to_json(taken)[field] for field in FIELDS
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"pages": {"../": [1, 1]}},
        {"pages": {"h": [1]}},
        {"pages": {"h": [1, True]}},
        {"pages": {"h": [1, 1 << 60]}},
        {"pages": {"h": [1, LATEST + 1]}},
        {"pages": {"h": [LATEST + 1, 1]}},
        {"seen": {"h": [True, False, "perfect"]}},
        {"seen": {"h": [1, 0, "good"]}},
        {"seats": {"s": {"k": 0.5}}},
        {"seats": {"s": {f"k{number}": 1 for number in range(20_001)}}},
        {"passes": {"s": "p1"}},
        {"moderators": [None]},
        {"tablets": {"h": -1}},
        {"tablets": {"h": True}},
    ],
)
def test_each_part_is_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        from_json({**to_json(EMPTY), **wrong}, LATEST)


def test_tablets_are_counted_over_all_nodes_and_make_no_hall_connected() -> None:
    presence = Presence(NOW, "a")
    presence.know(HALLS)
    presence.tablets_are("pejuang", 2, NOW)
    presence.heard({"b": Bulletin(tablets={"pejuang": 3, "jatiasih": 1})}, NOW)
    assert [presence.halls[hall].tablets for hall in HALLS] == [5, 1]
    assert not any(seen.connected for seen in presence.halls.values())
    assert presence.tablets == {"pejuang": 2}, "it speaks of its own alone"
    presence.hall_came("pejuang", NOW)
    presence.hall_left("pejuang", NOW)
    assert (presence.halls["pejuang"].link, presence.halls["pejuang"].tablets) == ("cut", 5)
    presence.tablets_are("pejuang", 0, NOW)
    presence.heard({}, NOW)
    assert presence.halls["pejuang"].tablets == 0 == len(presence.tablets)


def test_a_bulletin_of_a_node_that_knows_no_tablets_is_read() -> None:
    body = to_json(EMPTY)
    del body["tablets"]
    assert from_json(body, LATEST) == EMPTY


def test_a_page_that_comes_takes_over_from_another_node_without_a_break() -> None:
    presence = Presence(NOW, "a")
    presence.know(HALLS)
    ahead = NOW + 5_000  # the other node's clock is ahead
    presence.heard({"b": Bulletin(pages={"pejuang": Page(NOW - 9_000, ahead)})}, NOW)
    page = presence.hall_came("pejuang", NOW + 1)
    assert page == Page(NOW - 9_000, ahead + 1), "newer than the other, and the hall was never away"
    presence.heard({}, NOW + 2)
    assert presence.halls["pejuang"] == HallPresence(True, NOW - 9_000, link="good")
    presence.hall_left("pejuang", NOW + 3)
    assert presence.halls["pejuang"] == HallPresence(False, NOW + 3, link="cut")


def test_the_media_plane_that_receives_a_hall_is_believed_wherever_its_page_is() -> None:
    presence = Presence(NOW, "a")
    presence.know(HALLS)
    presence.hall_came("pejuang", NOW)
    presence.links({"pejuang": {"publishing": False, "speaking": False, "link": "absent"}}, NOW)
    presence.heard({"b": Bulletin(seen={"pejuang": Seen(True, True, "weak")})}, NOW)
    assert presence.halls["pejuang"] == HallPresence(True, NOW, True, True, "weak")
    assert presence.seen == {}, "this node has nothing to say of it"
