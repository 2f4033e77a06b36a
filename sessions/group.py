"""One group of commands inside one transaction: each is answered, refused or recorded without harm to the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sessions import dispatch
from sessions.counting import Counter
from sessions.dispatch import Command
from sessions.errors import Refused
from sessions.journal import Answer, Asked, Transaction
from sessions.noun import Moment
from sessions.permissions import Actor
from sessions.state import State

log = logging.getLogger("pleno.desk")
Outcome = Answer | Exception


@dataclass(slots=True)
class Order:
    """A command waiting for its answer."""

    command: Command
    actor: Actor
    key: str
    fresh: str
    future: asyncio.Future[Answer]

    @property
    def asked(self) -> Asked:
        return self.actor.id, self.key

    def resolve(self, outcome: Outcome) -> None:
        """Whoever asked may have gone meanwhile."""
        if self.future.done():
            return
        if isinstance(outcome, Answer):
            self.future.set_result(outcome)
        else:
            self.future.set_exception(outcome)


@dataclass(frozen=True, slots=True)
class Done:
    """What is true once the transaction has committed."""

    state: State
    outcomes: Sequence[tuple[Order, Outcome]]


async def settle(tx: Transaction, state: State, group: Sequence[Order], counter: Counter | None = None) -> Done:
    """Decide the group in order upon `state`, the head under the lock. Only the transaction's own errors escape.

    counter: asked in a thread what a tally needs besides the core; it must answer the same on every node.
    """
    now = max(await tx.now(), state.at)
    outcomes: list[tuple[Order, Outcome]] = []
    answers = dict(await tx.answers({order.asked for order in group}))
    for order in group:
        outcome: Outcome | None = answers.get(order.asked)
        if outcome is None:
            state, outcome = await settle_one(tx, state, order, now, counter)
            if isinstance(outcome, Answer):
                answers[order.asked] = outcome
        outcomes.append((order, outcome))
    return Done(state, outcomes)


async def settle_one(
    tx: Transaction, state: State, order: Order, now: int, counter: Counter | None
) -> tuple[State, Outcome]:
    moment = Moment(order.actor, now, order.fresh)
    try:
        ballot = dispatch.sealed_ballot(state, order.command, moment)
    except Exception as error:
        return state, judged(order, error)
    if ballot is not None:
        moment = await counted(replace(moment, box=await tx.seal_box(ballot)), state, order.command, counter)
    try:
        events = dispatch.decide(state, order.command, moment)
        after = state
        for event in events:
            after = dispatch.evolve(after, event, now)
        records = [
            dispatch.recorded(event, seq, now, order.actor.id) for seq, event in enumerate(events, state.seq + 1)
        ]
        answer = Answer(after.seq, dispatch.result_of(events))
    except Exception as error:
        if ballot is not None:
            raise  # a box sealed for nothing must be unsealed: roll back
        return state, judged(order, error)
    await tx.append(order.actor.id, order.key, records, answer)
    return after, answer


async def counted(moment: Moment, state: State, command: Command, counter: Counter | None) -> Moment:
    """With what the counter says of the sealed box, where the tally asks one."""
    assert moment.box is not None
    question = dispatch.asks(state, command, moment.box)
    if question is None:
        return moment
    if counter is None:
        raise RuntimeError(f"nobody here counts {question.method}")
    return replace(moment, outcome=await asyncio.to_thread(counter, question))


def judged(order: Order, error: Exception) -> Exception:
    """A refusal is an answer; anything else is our bug, kept to the one who met it."""
    if not isinstance(error, Refused):
        log.error("deciding %s failed", order.command.name, exc_info=error)
    return error
