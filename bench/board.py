"""What deciding and applying a board move costs: `python -m bench.board [--proposals 1451] [--moves 20000]`.

Moves of random cards to random columns and places of one plenary, decided and applied as the Desk does it, nothing
stored or sent; the memory is settled as a server's is after its start. Prints exactly one JSON object:

    proposals, moves      the size of the board; how many moves were measured
    move_us_p50, move_us_mean, move_us_p99    CPU microseconds of decide + apply for one move
    busy_us_p50           the median of a second round: between moves, the changes of all view classes are computed
    command_us_mean       as move_us_mean, with the shape of the command checked and its events written as JSON values
    changes_us_mean       CPU microseconds of the changes of all view classes for one move, computed once a class
    replay_us_per_event   CPU microseconds an event when the same journal is read and replayed
"""

from __future__ import annotations

import argparse
import json
import random
import time
from functools import reduce
from typing import Any

from server.app import settle
from sessions import dispatch
from sessions.ids import PassId, SessionId
from sessions.journal import Recorded
from sessions.kind import VIEWS
from sessions.noun import Moment
from sessions.permissions import Actor, Role
from sessions.state import State, initial
from sessions.view import changes

SESSION = SessionId("bench")
ADMIN = Actor(SESSION, Role.ADMIN, PassId("admin"))
MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))
HALLS = 44
START = 1_700_000_000_000


class Plenary:
    """A journal in memory."""

    def __init__(self) -> None:
        self.state: State = initial(SESSION)
        self.journal: list[Recorded] = []
        self._commands = 0

    def give(self, name: str, data: dict[str, Any], actor: Actor) -> tuple[float, float]:
        """Returns CPU microseconds: of decide and apply, and of all."""
        self._commands += 1
        now = START + self._commands * 1000
        moment = Moment(actor, now, f"id{self._commands}")
        began = time.process_time_ns()
        command = dispatch.parse(name, data)
        parsed = time.process_time_ns()
        state = self.state
        events = dispatch.decide(state, command, moment)
        for event in events:
            state = dispatch.evolve(state, event, now)
        applied = time.process_time_ns()
        records = [dispatch.recorded(event, seq, now, actor.id) for seq, event in enumerate(events, self.state.seq + 1)]
        ended = time.process_time_ns()
        self.journal += records
        self.state = state
        return (applied - parsed) / 1000, (ended - began) / 1000


def filled(proposals: int) -> Plenary:
    plenary = Plenary()
    plenary.give("session.create", {"title": "Bench", "kind": "plenary", "place": "", "date": "2024-02-26"}, ADMIN)
    for number in range(HALLS):
        plenary.give("hall.add", {"hall": f"h{number}", "name": f"Kelurahan {number}"}, ADMIN)
    cards = [
        {
            "proposal": f"p{n}",
            "title": f"Usulan {n}",
            "hall": f"h{n % HALLS}",
            "amount": 50_000_000 + n,
            "rw": f"{n % 15}",
        }
        for n in range(proposals)
    ]
    plenary.give("proposals.import", {"proposals": cards}, ADMIN)
    plenary.give("session.open", {}, MODERATOR)
    return plenary


def some_move(state: State, dice: random.Random, moved: list[str]) -> dict[str, Any]:
    proposal = dice.choice(moved)
    card = state.board.proposals[proposal]  # type: ignore[index]
    status = dice.choice(["DISCUSSED", "SUBMITTED", "NOT_AGREED", "PRIORITISED", "RESERVE"])
    column = [other for _, other in state.board.columns.get(status, ()) if other != proposal]
    before = dice.choice([*column[:50], None]) if column else None
    return {"proposal": proposal, "base": card.version, "status": status, "before": before, "reason": "lahan sengketa"}


def move(plenary: Plenary, dice: random.Random, names: list[str]) -> tuple[float, float]:
    """See Plenary.give()."""
    return plenary.give("proposal.move", some_move(plenary.state, dice, names), MODERATOR)


def measure(proposals: int, moves: int, seed: int) -> dict[str, Any]:
    dice = random.Random(seed)
    plenary = filled(proposals)
    names = [str(proposal) for proposal in plenary.state.board.proposals]
    settle()
    spent, whole = zip(*(move(plenary, dice, names) for _ in range(moves)), strict=True)
    busy, watched = [], 0.0
    for _ in range(moves // 4):
        before = plenary.state
        busy.append(move(plenary, dice, names)[0])
        began = time.process_time_ns()
        for view in VIEWS:
            changes(before, plenary.state, view)
        watched += (time.process_time_ns() - began) / 1000
    ranked = sorted(spent)
    began = time.process_time_ns()
    again = reduce(dispatch.apply, plenary.journal, initial(SESSION))
    replay = (time.process_time_ns() - began) / 1000 / len(plenary.journal)
    if again.board != plenary.state.board:
        raise SystemExit("the replayed board is another one")
    return {
        "proposals": proposals,
        "moves": moves,
        "move_us_p50": round(ranked[moves // 2], 1),
        "move_us_mean": round(sum(spent) / moves, 1),
        "move_us_p99": round(ranked[moves * 99 // 100], 1),
        "busy_us_p50": round(sorted(busy)[len(busy) // 2], 1),
        "command_us_mean": round(sum(whole) / moves, 1),
        "changes_us_mean": round(watched / len(busy), 1),
        "replay_us_per_event": round(replay, 1),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--proposals", type=int, default=1451)
    arguments.add_argument("--moves", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(json.dumps(measure(options.proposals, options.moves, options.seed)))


if __name__ == "__main__":
    main()
