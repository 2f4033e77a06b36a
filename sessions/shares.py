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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from sessions.count import Weighed, merged


class Bought(NamedTuple):
    """options: bought, in this order. tied: the first that could not be told apart, of whom none is bought."""

    options: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(slots=True)
class Purses:
    """What voters own, one purse for all who chose the same, in whole numbers of 1/unit rupiah a unit of weight.

    Whole numbers with one unit for all: a count in Fractions took seconds for 2,500 votes.
    supporters: option → the purses of those who chose it.
    """

    weights: Sequence[int]
    supporters: Mapping[str, Sequence[int]]
    money: list[int]
    unit: int

    def price(self, option: str, cost: int, least: Fraction) -> Fraction | None:
        """The most a unit of weight pays when all pay the same as far as they can; None when it is not enough.

        Whoever owns less than that gives all of it; the others share the rest. least: it is known to be no less.
        """
        money, weights, payers = self.money, self.weights, self.supporters[option]
        owing, weight = cost * self.unit, sum([weights[purse] for purse in payers])
        if not weight:
            return None
        part = max(ceil(least * self.unit), -(-owing // weight))
        while poor := [purse for purse in payers if money[purse] < part]:
            if len(poor) == len(payers):
                return None
            owing -= sum([money[purse] * weights[purse] for purse in poor])
            weight -= sum([weights[purse] for purse in poor])
            payers = [purse for purse in payers if money[purse] >= part]
            part = -(-owing // weight)
        return Fraction(owing, weight * self.unit)

    def pay(self, option: str, most: Fraction) -> None:
        finer = (most * self.unit).denominator
        if finer > 1:
            self.unit *= finer
            self.money = [money * finer for money in self.money]
        part, money = int(most * self.unit), self.money
        for purse in self.supporters[option]:
            money[purse] = max(0, money[purse] - part)


@dataclass(slots=True)
class Shop:
    """What was bought so far, and what is left. votes: option → what decides once nobody's purse buys any more.

    prices: the last known price a rupiah of each option that its supporters may still pay for. A price never falls as
    money is spent, so an option is only priced again when its last price is the lowest known.
    """

    costs: Mapping[str, int]
    left: int
    votes: Mapping[str, Fraction]
    purses: Purses | None = None
    prices: dict[str, Fraction] = field(default_factory=dict)
    bought: list[str] = field(default_factory=list)

    def copy(self) -> Shop:
        purses = None if self.purses is None else replace(self.purses, money=list(self.purses.money))
        return replace(self, purses=purses, prices=dict(self.prices), bought=list(self.bought))

    def cheapest(self) -> list[str]:
        """The options whose supporters pay the least for a rupiah of it; none when nobody can pay for any."""
        lowest: Fraction | None = None
        equals: list[str] = []
        for option in sorted(self.prices, key=self.prices.__getitem__):
            if lowest is not None and self.prices[option] > lowest:
                break
            assert self.purses is not None
            paid = self.purses.price(option, self.costs[option], self.prices[option] * self.costs[option])
            if paid is None:
                del self.prices[option]
                continue
            self.prices[option] = paid / self.costs[option]
            if lowest is None or self.prices[option] < lowest:
                lowest, equals = self.prices[option], [option]
            elif self.prices[option] == lowest:
                equals.append(option)
        return equals

    def fitting(self) -> list[str]:
        """The options with most votes among those that still fit."""
        open_ = [option for option in self.votes if option not in self.bought and self.costs[option] <= self.left]
        most = max((self.votes[option] for option in open_), default=None)
        return [option for option in open_ if self.votes[option] == most]

    def buy(self, option: str) -> None:
        price = self.prices.pop(option, None)
        if price is not None and self.purses is not None:
            self.purses.pay(option, price * self.costs[option])
        self.bought.append(option)
        self.left -= self.costs[option]

    def finish(self, order: Sequence[str]) -> list[str]:
        """All that is bought when of equals the first in this order is."""
        place = {option: number for number, option in enumerate(order)}
        while equals := self.cheapest():
            self.buy(min(equals, key=place.__getitem__))
        rest = [option for option in self.votes if option not in self.bought]
        for option in sorted(rest, key=lambda option: (-self.votes[option], place[option])):
            if self.costs[option] <= self.left:
                self.buy(option)
        return self.bought


def knapsack(costs: Mapping[str, int], budget: int, got: Mapping[str, Fraction]) -> Bought:
    """costs: option → rupiah, in the ballot's order. got: option → the weight of its votes; without any, not bought."""
    return settled(Shop(costs, budget, {option: weight for option, weight in got.items() if weight > 0}))


def equal_shares(costs: Mapping[str, int], budget: int, votes: Sequence[Weighed]) -> Bought:
    """A vote without choices owns no part of the budget."""
    papers, _ = merged(Weighed(weight, tuple(sorted(choices))) for weight, choices in votes if choices and weight > 0)
    weights, total = list(papers.values()), sum(papers.values())
    supporters: dict[str, list[int]] = {option: [] for option in costs}
    for purse, choices in enumerate(papers):
        for option in choices:
            supporters[option].append(purse)
    got = {option: Fraction(sum(weights[one] for one in theirs)) for option, theirs in supporters.items() if theirs}
    purses = Purses(weights, supporters, [budget] * len(weights), total)
    return settled(Shop(costs, budget, got, purses, dict.fromkeys(got, Fraction(0))))


def settled(shop: Shop) -> Bought:
    """The purchases all orders agree on, else what comes before the first tie. Until then no order matters."""
    while len(equals := shop.cheapest() or shop.fitting()) == 1:
        shop.buy(equals[0])
    options = list(shop.costs)
    first = shop.copy().finish(options)
    if all(set(shop.copy().finish(order)) == set(first) for order in orders(options, equals)):
        return Bought(tuple(first), ())
    return Bought(tuple(shop.bought), tuple(option for option in options if option in equals))


def orders(options: list[str], tied: Iterable[str]) -> Iterable[list[str]]:
    """Against the ballot's order, and each of the tied before all others."""
    yield options[::-1]
    for one in tied:
        yield [one, *(other for other in options if other != one)]
