"""What each slot carries, and who is loudest: pure decisions."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from signaling.engine import Direction, Shown, Source
from signaling.sfu import layers
from signaling.sfu.audiolevel import HOLD_S, SILENCE, ActiveSpeakers, level_of
from signaling.sfu.producer import KeyFrameGate

ALL = Shown(("a", "b", "c"), stage=True, audio=True)


def feeds(*names: str, still: tuple[str, ...] = ()) -> dict[layers.Feed, bool]:
    """`a/mic`, `a/camera`…; those in `still` exist but do not flow."""
    found: dict[layers.Feed, bool] = {}
    for name in (*names, *still):
        hall, _, source = name.partition("/")
        found[hall, source] = name not in still  # type: ignore[index]
    return found


def stage_of(direction: Direction, *names: str, still: tuple[str, ...] = ()) -> list[Source | None]:
    plan = layers.plan(direction, ALL, "own", feeds(*names, still=still), (), (), 56)
    return [source for _, source in plan.stage]


def test_the_stage_shows_the_thumbnail_until_hd_flows_and_again_when_it_stops() -> None:
    one = Direction(stage=("a",))
    assert stage_of(one, "a/camera", still=("a/camera_hd",)) == ["camera"]
    assert stage_of(one, "a/camera", "a/camera_hd") == ["camera_hd"]
    assert stage_of(one, "a/camera") == ["camera"]
    assert stage_of(one) == [None]


def test_slides_come_before_the_speakers_picture() -> None:
    assert stage_of(Direction(stage=("a",)), "a/camera", "a/camera_hd", "a/slides") == ["slides"]


def test_a_blanked_hall_is_seen_nowhere() -> None:
    direction = Direction(stage=("a",), blanked=frozenset("a"))
    plan = layers.plan(direction, ALL, None, feeds("a/camera", "a/camera_hd", "b/camera"), (), (), 56)
    assert plan.stage == (("a", None),)
    assert dict(plan.thumbs) == {"a": None, "b": "camera", "c": None}
    assert layers.wanted(direction, True, ["a"], feeds("a/camera", "a/camera_hd", "a/mic")) == {("a", "mic")}


def test_a_face_that_shows_no_stage_and_wants_no_sound_gets_neither() -> None:
    shown = Shown(("a",), stage=False, audio=False)
    plan = layers.plan(Direction(stage=("a",)), shown, None, feeds("a/mic", "a/camera"), ("a",), (), 56)
    assert (plan.stage, plan.audio) == ((), ())


def test_the_floor_holder_is_heard_besides_the_three_loudest_and_never_oneself() -> None:
    everybody = feeds("a/mic", "b/mic", "c/mic", "d/mic", "e/mic")
    direction = Direction(speakers=frozenset("e"))
    assert layers.audio(direction, None, everybody, ("a", "b", "c", "d")) == ("e", "a", "b", "c")
    assert layers.audio(direction, "a", everybody, ("a", "b", "c", "d")) == ("e", "b", "c", "d")
    assert layers.audio(direction, "e", everybody, ("a", "b", "c", "d")) == ("a", "b", "c")


def test_a_muted_hall_is_not_heard_even_with_the_floor() -> None:
    direction = Direction(speakers=frozenset("a"), muted=frozenset("a"))
    assert layers.audio(direction, None, feeds("a/mic", "b/mic"), ("a", "b")) == ("b",)


def test_a_panel_of_four_is_heard_whole_and_fills_the_stage_in_hd() -> None:
    panel = Direction(stage=tuple("abcd"), speakers=frozenset("abcd"))
    everybody = feeds(*(f"{hall}/{source}" for hall in "abcdefg" for source in ("mic", "camera", "camera_hd")))
    plan = layers.plan(panel, ALL, None, everybody, tuple("efg"), (), 56)
    assert plan.stage == tuple((hall, "camera_hd") for hall in "abcd")
    assert plan.audio == tuple("abcdefg") and layers.audio_slots(panel) == len(plan.audio)
    hd = {hall for hall, source in layers.wanted(panel, True, [], everybody) if source == "camera_hd"}
    assert hd == set("abcd")
    assert layers.plan(panel, ALL, "b", everybody, (), (), 56).audio == tuple("acd"), "nobody hears the own hall"


def test_of_a_panel_a_blanked_hall_is_neither_seen_nor_heard_and_the_others_stay() -> None:
    blanked = Direction(tuple("abc"), frozenset("abc"), muted=frozenset("b"), blanked=frozenset("b"))
    everybody = feeds(*(f"{hall}/{source}" for hall in "abc" for source in ("mic", "camera", "camera_hd", "slides")))
    plan = layers.plan(blanked, ALL, None, everybody, ("b",), (), 56)
    assert plan.audio == ("a", "c")
    assert plan.stage == (("a", "slides"), ("b", None), ("c", "slides"))
    assert dict(plan.thumbs) == {"a": "camera", "b": None, "c": "camera"}
    assert {source for hall, source in layers.wanted(blanked, True, ["b"], everybody) if hall == "b"} == {"mic"}


def test_a_delegate_who_speaks_from_a_phone_is_always_heard_but_not_by_himself() -> None:
    everybody = feeds("@phone/mic", "a/mic")
    assert layers.audio(Direction(), None, everybody, ("a",)) == ("@phone", "a")
    assert layers.audio(Direction(), "@phone", everybody, ("a",)) == ("a",)


def test_hd_is_wanted_only_of_the_stage_and_thumbnails_only_of_who_is_shown() -> None:
    published = feeds("a/mic", "a/camera", "a/camera_hd", "b/mic", "b/camera", "b/camera_hd", "c/camera")
    wanted = layers.wanted(Direction(stage=("a",)), True, ["b"], published)
    assert wanted == {("a", "mic"), ("b", "mic"), ("a", "camera"), ("a", "camera_hd"), ("b", "camera")}
    assert layers.wanted(Direction(stage=("a",)), False, [], published) == {("a", "mic"), ("b", "mic")}


def test_slides_pause_the_hd_camera_behind_them() -> None:
    published = feeds("a/camera", "a/camera_hd", "a/slides")
    assert layers.wanted(Direction(stage=("a",)), True, [], published) == {("a", "camera"), ("a", "slides")}


def test_of_too_many_halls_those_on_stage_or_heard_last_and_the_most_important_are_kept_in_their_order() -> None:
    halls = tuple("abcdefgh")
    assert layers.last(halls, 8, ()) == halls
    assert layers.last(halls, 4, ("g", "h", "f")) == ("a", "b", "g", "h")
    assert layers.last(halls, 4, ("z",)) == ("a", "b", "c", "d")


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8), min_size=1, max_size=12))
def test_slots_never_shrink_never_double_and_whoever_stays_keeps_the_place(steps: list[list[str]]) -> None:
    slots: list[str | None] = []
    for wanted in steps:
        before, slots = slots, layers.assign(slots, wanted)
        assert sorted(hall for hall in slots if hall) == sorted(wanted)
        assert len(slots) == max(len(before), len(wanted))
        for old, new in zip(before, slots, strict=False):
            assert old not in wanted or old == new


def quarter_seconds(speakers: ActiveSpeakers, levels: dict[str, int], count: int, start: float = 0.0) -> int:
    """Feed the same levels for a while; returns how often the choice changed."""
    return sum(speakers.update(levels, start + number / 4) for number in range(count))


def test_the_loudest_win_and_hold_their_places_against_small_differences() -> None:
    speakers = ActiveSpeakers(2)
    quarter_seconds(speakers, {"a": 20, "b": 30, "c": 60}, 8)
    assert set(speakers.chosen) == {"a", "b"}
    assert quarter_seconds(speakers, {"a": 20, "b": 33, "c": 30}, 40, 2.0) == 0
    quarter_seconds(speakers, {"a": 20, "b": 90, "c": 30}, 20, 20.0)
    assert set(speakers.chosen) == {"a", "c"}


def test_a_place_once_won_is_kept_two_seconds() -> None:
    speakers = ActiveSpeakers(1)
    speakers.update({"a": 40, "b": 127}, 0.0)
    assert speakers.chosen == ("a",)
    assert quarter_seconds(speakers, {"a": 127, "b": 10}, int(HOLD_S * 4) - 1, 0.25) == 0
    assert quarter_seconds(speakers, {"a": 127, "b": 10}, 8, HOLD_S) == 1
    assert speakers.chosen == ("b",)


def test_silence_wins_no_place_and_who_leaves_loses_it() -> None:
    speakers = ActiveSpeakers(2)
    quarter_seconds(speakers, {"a": SILENCE, "b": 30}, 8)
    assert speakers.chosen == ("b",) and speakers.speaking("b") and not speakers.speaking("a")
    speakers.update({"a": SILENCE}, 3.0)
    assert speakers.chosen == () and speakers.recent() == ()


def test_a_level_is_guessed_from_the_bitrate_where_packets_carry_none() -> None:
    assert level_of(35, 24000) == 35
    assert level_of(SILENCE, 1500) == SILENCE
    assert level_of(SILENCE, 7000) > 60
    assert level_of(SILENCE, 28000) < 40


def test_key_frame_requests_leave_once_a_second_and_a_held_one_is_not_forgotten() -> None:
    gate = KeyFrameGate()
    assert [gate.ask(at) for at in (10.0, 10.05, 10.3, 10.6)] == [True, False, True, False]
    assert gate.pending
    sent = [at / 100 for at in range(1061, 1800) if gate.ask(at / 100)]
    assert all(later - earlier >= 0.99 for earlier, later in itertools.pairwise(sent))
    assert len(sent) in (6, 7, 8)
