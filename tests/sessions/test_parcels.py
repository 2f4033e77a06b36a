"""Parcels: sent until recorded there, each exactly once or shown as refused, whatever is lost, repeated or crashes."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.kind import VIEWS
from sessions.permissions import Role
from sessions.view import snapshot
from tests.sessions.between import World
from tests.sessions.given import bad_field


def two(*, mapped: bool = True) -> World:
    """A kelurahan that feeds its kecamatan; `mapped` says whether the kecamatan knows its hall."""
    world = World()
    world.create("kel", ("rw",), feeds="kec", level="KELURAHAN", year=2027)
    world.create("kec", ("kel",) if mapped else ("lain",), level="KECAMATAN", year=2027)
    return world


def sent_one(world: World, title: str = "Drainase") -> str:
    card = world.propose("kel", "rw", title, "PRIORITISED")
    world.give("kel", "proposals.send_up", {"proposals": [card]})
    return card


def test_a_parcel_waits_until_it_is_delivered_and_is_then_forgotten() -> None:
    world = two()
    sent_one(world)
    (parcel,) = world.sent("kel")
    assert (parcel.to, parcel.name, parcel.state, parcel.tries) == ("kec", "proposals.received", "sent", 1)
    assert world.deliver() == []
    assert world["kel"].parcels.waiting == {} and world.titles("kec") == ["Drainase"]


def test_a_crash_between_the_two_steps_loses_and_doubles_nothing() -> None:
    world = two()
    sent_one(world)
    (parcel,) = world.sent("kel")
    world.there(parcel)
    assert world.sent("kel") == [parcel], "nobody has heard yet"
    assert world.deliver() == [] and world.titles("kec") == ["Drainase"]
    world.give("kel", "parcel.delivered", {"parcel": parcel.id}, Role.SYSTEM)
    assert world["kel"].parcels.waiting == {}, "to hear it twice is harmless"


def test_a_refusal_is_shown_to_the_moderator_alone_and_it_can_be_sent_again() -> None:
    world = two(mapped=False)
    sent_one(world)
    assert world.deliver() == ["unknown_territory"]
    shown = {view: [one for one in snapshot(world["kel"], view) if one["kind"] == "parcel"] for view in VIEWS}
    (entity,) = shown.pop("moderator")
    assert (entity["fields"]["state"], entity["fields"]["code"]) == ("refused", "unknown_territory")
    assert entity["fields"]["detail"] == {"session": "kel", "halls": ["rw"]}
    assert not any(shown.values())
    world.give("kec", "halls.map", {"halls": [{"session": "kel", "hall": "lain"}]}, Role.ADMIN)
    world.give("kel", "parcel.resend", {"parcel": entity["id"]})
    assert world.sent("kel")[0].tries == 2
    assert world.deliver() == [] and world.titles("kec") == ["Drainase"]


def test_only_what_was_refused_is_sent_again_or_put_away_and_that_with_a_reason() -> None:
    world = two(mapped=False)
    sent_one(world)
    (parcel,) = world.sent("kel")
    assert world.code("kel", "parcel.resend", {"parcel": parcel.id}) == "parcel_under_way"
    assert world.code("kel", "parcel.forget", {"parcel": parcel.id, "reason": "batal"}) == "parcel_under_way"
    assert world.code("kel", "parcel.resend", {"parcel": "no-such-parcel"}) == "unknown_parcel"
    assert world.code("kel", "parcel.forget", {"parcel": "no-such-parcel"}) == "unknown_parcel"
    world.deliver()
    assert world.code("kel", "parcel.forget", {"parcel": parcel.id}) == "reason_required"
    assert world.code("kel", "parcel.forget", {"parcel": parcel.id}, Role.HALL) == "forbidden"
    assert world.code("kel", "parcel.delivered", {"parcel": parcel.id}) == "forbidden"
    world.give("kel", "parcel.forget", {"parcel": parcel.id, "reason": "batal"})
    assert world["kel"].parcels.waiting == {}


def test_what_was_sent_where_nobody_takes_it_is_free_again_once_the_parcel_is_put_away() -> None:
    """One slip of the secretariat must not take the proposals and delegates of a whole session out of the world."""
    world = World()
    world.create("kel", ("rw",), 2, feeds="kec")
    world.create("kec", ("kel",))
    world.give("kel", "session.link", {"feeds": "kec", "previous": None, "reaches": ["kce"]}, Role.ADMIN)
    first, second = (world.propose("kel", "rw", title, "PRIORITISED") for title in ("Drainase", "Jalan"))
    reserve = world.propose("kel", "rw", "Taman", "RESERVE")
    world.give("kel", "proposals.send_up", {"proposals": [first, second, reserve], "to": "kce"})
    world.give("kel", "delegates.choose", {"seats": ["rw-1"], "by": "acclamation"})
    world.give("kel", "delegates.send_up", {"to": "kce"})
    assert world.deliver() == ["unknown_session", "unknown_session"]
    world.move("kel", second, "NOT_ACCOMMODATED")  # somebody told its fate meanwhile
    for parcel in list(world["kel"].parcels.waiting):
        world.give("kel", "parcel.forget", {"parcel": parcel, "reason": "salah tujuan"})
    cards = world["kel"].board.proposals
    assert [cards[one].status for one in (first, second, reserve)] == ["PRIORITISED", "NOT_ACCOMMODATED", "RESERVE"]  # type: ignore[index]
    assert world.give("kel", "proposals.send_up")["proposals"] == 1
    world.give("kel", "delegates.send_up")
    assert world.deliver() == []
    assert world.titles("kec") == ["Drainase"] and "rw-1" in world["kec"].seats


def test_a_refusal_of_an_earlier_sending_and_one_after_delivery_say_nothing() -> None:
    world = two(mapped=False)
    sent_one(world)
    (parcel,) = world.sent("kel")
    world.deliver()
    world.give("kel", "parcel.resend", {"parcel": parcel.id})
    late = {"parcel": parcel.id, "code": "unknown_territory", "tries": 1}
    world.give("kel", "parcel.refused", late, Role.SYSTEM)
    assert world["kel"].parcels.waiting[parcel.id].state == "sent"
    world.give("kel", "parcel.delivered", {"parcel": parcel.id}, Role.SYSTEM)
    world.give("kel", "parcel.refused", {**late, "tries": 2}, Role.SYSTEM)
    assert world["kel"].parcels.waiting == {}


def test_a_delivery_counts_even_when_another_node_had_met_a_refusal() -> None:
    world = two(mapped=False)
    sent_one(world)
    (parcel,) = world.sent("kel")
    world.deliver()
    world.give("kel", "parcel.delivered", {"parcel": parcel.id}, Role.SYSTEM)
    assert world["kel"].parcels.waiting == {}


def test_an_unknown_session_is_a_refusal() -> None:
    world = World()
    world.create("kel", ("rw",), feeds="kec")
    sent_one(world)
    assert world.deliver() == ["unknown_session"]


def test_a_body_that_does_not_fit_is_bad_input() -> None:
    assert bad_field("proposals.received", {"origin": "kel"}) == "data"
    assert bad_field("proposals.received", []) == "data"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@examples(st.data())
def test_whatever_is_repeated_lost_or_refused_each_parcel_is_recorded_once_or_shown_as_refused(
    data: st.DataObject,
) -> None:
    """Two nodes carry; each may stop after its first step, answer late, or not at all."""
    world = two(mapped=False)
    late: list[tuple[object, str, str]] = []
    cards = 0
    forgotten = 0
    for _ in range(data.draw(st.integers(1, 25))):
        step = data.draw(st.sampled_from(["send", "there", "back", "lose", "map", "resend", "forget"]))
        sent = world.sent("kel")
        refused = [one for one in world["kel"].parcels.waiting.values() if one.state == "refused"]
        if step == "send":
            cards += 1
            sent_one(world, f"usulan {cards}")
        elif step == "there" and sent:
            parcel = data.draw(st.sampled_from(sent))
            late.append((parcel, *world.there(parcel)))
        elif step == "back" and late:
            parcel, code, detail = late.pop(data.draw(st.integers(0, len(late) - 1)))
            world.back("kel", parcel, code, detail)  # type: ignore[arg-type]
        elif step == "lose":
            late.clear()
        elif step == "map":
            world.give("kec", "halls.map", {"halls": [{"session": "kel", "hall": "lain"}]}, Role.ADMIN)
        elif step == "resend" and refused:
            world.give("kel", "parcel.resend", {"parcel": refused[0].id})
        elif step == "forget" and refused:
            forgotten += 1
            world.give("kel", "parcel.forget", {"parcel": refused[0].id, "reason": "batal"})
    world.deliver()
    assert world.sent("kel") == [], "each is recorded or shown as refused"
    recorded, shown = len(world.titles("kec")), len(world["kel"].parcels.waiting)
    assert recorded + shown + forgotten >= cards
    # A node may meet a refusal while another, which then dies, is being accepted: sending again says so, and adds none.
    world.give("kec", "halls.map", {"halls": [{"session": "kel", "hall": "lain"}]}, Role.ADMIN)
    for parcel in list(world["kel"].parcels.waiting.values()):
        world.give("kel", "parcel.resend", {"parcel": parcel.id})
    world.deliver()
    assert world["kel"].parcels.waiting == {}
    assert cards - forgotten <= len(world.titles("kec")) <= cards
    assert len(set(world.titles("kec"))) == len(world.titles("kec"))
