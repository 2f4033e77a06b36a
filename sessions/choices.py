"""What a vote may say under each method, and the one form it is kept in so that nothing marks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sessions.errors import Refused
from sessions.model.ballot import ABSTAIN, KNAPSACK, POINTS, RANKED, VALUED, YES_NO, Ballot


def canonical_choices(ballot: Ballot, given: Sequence[str]) -> tuple[str, ...]:
    """The choices as the box keeps them; raises Refused.

    A set of options stands in the ballot's own order, for an order could be agreed on as a mark by which a sold vote
    is recognized. Values are "option:value" in that order too, nothing given is left out. A ranking keeps its order.
    """
    method = ballot.rule.method
    if method in VALUED:
        return valued_choices(ballot, given)
    ids = [option.id for option in ballot.options]
    chosen = frozenset(given)
    if not chosen <= frozenset(ids):
        raise Refused("unknown_option", ballot=ballot.id)
    if len(chosen) < len(given):
        raise Refused("bad_input", field="choices")
    if len(chosen) > ballot.choose_max:
        raise Refused("too_many_choices", choose_max=ballot.choose_max)
    if method in RANKED:
        return tuple(given)
    choices = tuple(id_ for id_ in ids if id_ in chosen)
    if method == KNAPSACK:
        require_affordable(ballot, chosen)
    return choices


def require_affordable(ballot: Ballot, chosen: Iterable[str]) -> None:
    costs = {option.id: option.cost or 0 for option in ballot.options}
    cost = sum(costs[option] for option in chosen)
    if ballot.rule.budget is not None and cost > ballot.rule.budget:
        raise Refused("over_budget", cost=cost, budget=ballot.rule.budget)


def valued_choices(ballot: Ballot, given: Sequence[str]) -> tuple[str, ...]:
    rule = ballot.rule
    values = values_of(given)
    if len(values) < len(given):
        raise Refused("bad_input", field="choices")
    if not values.keys() <= {option.id for option in ballot.options}:
        raise Refused("unknown_option", ballot=ballot.id)
    if rule.method == POINTS:
        if sum(values.values()) > rule.points:
            raise Refused("too_many_points", points=rule.points)
    elif any(not rule.scale_least <= value <= rule.scale_most for value in values.values()):
        raise Refused("off_scale", scale=[rule.scale_least, rule.scale_most])
    return tuple(f"{option.id}:{values[option.id]}" for option in ballot.options if values.get(option.id))


def values_of(choices: Iterable[str]) -> Mapping[str, int]:
    """option → value of "option:value" texts; raises Refused("bad_input") for any other text."""
    return dict(value_of(choice) for choice in choices)


def value_of(choice: str) -> tuple[str, int]:
    option, _, value = choice.partition(":")
    if not value.isascii() or not value.isdigit():
        raise Refused("bad_input", field="choices")
    return option, int(value)


def is_blank(ballot: Ballot, choices: Sequence[str]) -> bool:
    """Whether it says nothing either way: no choice at all, or an abstention."""
    return not choices or (ballot.rule.method == YES_NO and tuple(choices) == (ABSTAIN,))
