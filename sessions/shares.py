"""Budgets: knapsack voting and the Method of Equal Shares, in exact numbers, with every tie that matters reported.

Knapsack voting (Goel et al. 2019): options are bought by weight of votes, most first; one that costs more than is left
is passed over. Equal Shares (Peters, Pierczyński, Skowron 2021) with cost utilities: each voter owns the same part of
the budget; again and again the option is bought whose supporters pay the least for a rupiah of it, in equal parts as
far as each has money. Completion: what is left buys by weight of votes, as in knapsack voting.

A tie is between options that could be bought in the same step. Each is tried first, and the others in the ballot's
order and against it: when all come to the same purchases, it did not matter. Otherwise what was bought before the
first tie stands, those tied are reported, and the forum or the chair goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from sessions.count import Weighed


class Bought(NamedTuple):
    """options: bought, in this order. tied: the first that could not be told apart, of whom none is bought."""

    options: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(slots=True)
class Purse:
    """Voters who chose the same options, and what each unit of their weight still owns."""

    weight: Fraction
    choices: frozenset[str]
    money: Fraction = Fraction(0)


@dataclass(slots=True)
class Shop:
    """One run. order: who goes first among equals. tie: the first step with equals, and how much was bought before."""

    costs: Mapping[str, int]
    left: Fraction
    order: Sequence[str]
    bought: list[str] = field(default_factory=list)
    tie: tuple[int, tuple[str, ...]] | None = None

    def buy(self, equals: Iterable[str]) -> str:
        tied = set(equals)
        among = [option for option in self.order if option in tied]
        if len(among) > 1 and self.tie is None:
            self.tie = len(self.bought), tuple(among)
        self.bought.append(among[0])
        self.left -= self.costs[among[0]]
        return among[0]


def knapsack(costs: Mapping[str, int], budget: int, got: Mapping[str, Fraction]) -> Bought:
    """costs: option → rupiah, in the ballot's order. got: option → the weight of its votes; without any, not bought."""

    def run(order: Sequence[str]) -> Shop:
        shop = Shop(costs, Fraction(budget), order)
        complete(shop, {option: weight for option, weight in got.items() if weight > 0})
        return shop

    return settled(list(costs), run)


def equal_shares(costs: Mapping[str, int], budget: int, votes: Sequence[Weighed]) -> Bought:
    """A vote without choices owns no part of the budget."""

    def run(order: Sequence[str]) -> Shop:
        shop = Shop(costs, Fraction(budget), order)
        share_out(shop, purses(votes, budget))
        complete(shop, weights(votes))
        return shop

    return settled(list(costs), run)


def settled(options: list[str], run: Callable[[Sequence[str]], Shop]) -> Bought:
    """The purchases all orders agree on, else what comes before the first tie."""
    first = run(options)
    if first.tie is None:
        return Bought(tuple(first.bought), ())
    before, tied = first.tie
    orders = [options[::-1], *([one, *(other for other in options if other != one)] for one in tied)]
    if all(set(run(order).bought) == set(first.bought) for order in orders):
        return Bought(tuple(first.bought), ())
    place = {option: number for number, option in enumerate(options)}
    return Bought(tuple(first.bought[:before]), tuple(sorted(tied, key=place.__getitem__)))


def weights(votes: Sequence[Weighed]) -> dict[str, Fraction]:
    """option → the weight of the votes that chose it; options that nobody of any weight chose are left out."""
    got: dict[str, Fraction] = {}
    for weight, choices in votes:
        for option in choices if weight > 0 else ():
            got[option] = got.get(option, Fraction(0)) + weight
    return got


def complete(shop: Shop, got: Mapping[str, Fraction]) -> None:
    """Buy by weight of votes whatever still fits."""
    while True:
        open_ = [o for o in shop.order if o in got and o not in shop.bought and shop.costs[o] <= shop.left]
        if not open_:
            return
        most = max(got[option] for option in open_)
        shop.buy(option for option in open_ if got[option] == most)


def purses(votes: Sequence[Weighed], budget: int) -> list[Purse]:
    merged: dict[frozenset[str], Purse] = {}
    for weight, choices in votes:
        if choices and weight > 0:
            purse = merged.setdefault(frozenset(choices), Purse(Fraction(0), frozenset(choices)))
            purse.weight += weight
    total = sum((purse.weight for purse in merged.values()), Fraction(0))
    for purse in merged.values():
        purse.money = budget / total
    return list(merged.values())


def share_out(shop: Shop, owners: list[Purse]) -> None:
    """Buy as long as the supporters of an option can pay for it themselves.

    A price never falls as money is spent, so an option is only priced again when its last price is the lowest known.
    """
    supporters = {option: [purse for purse in owners if option in purse.choices] for option in shop.costs}
    known: dict[str, Fraction] = dict.fromkeys(shop.costs, Fraction(0))
    while known:
        lowest: Fraction | None = None
        equals: list[str] = []
        for option in sorted(known, key=known.__getitem__):
            if lowest is not None and known[option] > lowest:
                break
            paid = price(supporters[option], shop.costs[option])
            if paid is None:
                del known[option]
                continue
            known[option] = paid / shop.costs[option]
            if lowest is None or known[option] < lowest:
                lowest, equals = known[option], [option]
            elif known[option] == lowest:
                equals.append(option)
        if not equals:
            return
        chosen = shop.buy(equals)
        pay(supporters[chosen], known.pop(chosen) * shop.costs[chosen])


def price(supporters: Sequence[Purse], cost: int) -> Fraction | None:
    """The most a unit of weight pays when all pay the same as far as they can; None when it is not enough."""
    owing = Fraction(cost)
    weight = sum((purse.weight for purse in supporters), Fraction(0))
    for purse in sorted(supporters, key=lambda purse: purse.money):
        if purse.money * weight >= owing:
            return owing / weight
        owing -= purse.money * purse.weight
        weight -= purse.weight
    return None


def pay(supporters: Sequence[Purse], most: Fraction) -> None:
    for purse in supporters:
        purse.money -= min(purse.money, most)
