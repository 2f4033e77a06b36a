"""Nodes follow the database's clock: the answer that came soonest says most."""

from __future__ import annotations

from server.clock import DatabaseClock


def test_the_quickest_answer_corrects_the_machines_clock() -> None:
    machine = [1_000_000]
    clock = DatabaseClock(lambda: machine[0])
    assert clock() == 1_000_000
    clock.learn(1_005_400, asked_ms=1_000_000, answered_ms=1_000_800)
    assert clock.offset_ms == 5_000
    clock.learn(1_005_012, asked_ms=1_000_000, answered_ms=1_000_002)
    assert clock.offset_ms == 5_011 and clock() == 1_005_011
    clock.learn(1_009_000, asked_ms=1_000_000, answered_ms=1_001_000)
    assert clock.offset_ms == 5_011, "slow answers say little"


def test_what_was_learned_before_the_machines_clock_was_set_is_forgotten() -> None:
    clock = DatabaseClock(lambda: 0)
    clock.learn(5_000, asked_ms=0, answered_ms=0)
    clock.learn(5_000, asked_ms=10_000, answered_ms=4_000)
    clock.learn(6_000, asked_ms=4_000, answered_ms=4_100)
    assert clock.offset_ms == 1_950


def test_an_old_answer_gives_way_in_time() -> None:
    clock = DatabaseClock(lambda: 0)
    clock.learn(5_000, asked_ms=0, answered_ms=0)
    for _ in range(32):
        clock.learn(7_001, asked_ms=0, answered_ms=2)
    assert clock.offset_ms == 7_000


def test_a_machine_whose_clock_was_set_is_right_again_with_the_next_answer() -> None:
    clock = DatabaseClock(lambda: 0)
    for _ in range(32):
        clock.learn(5_000, asked_ms=5_000, answered_ms=5_000)
    clock.learn(6_000, asked_ms=3_606_000, answered_ms=3_606_010)
    assert clock.offset_ms == -3_600_005
