"""The second half of `pleno verify`: who is elected by each method, counted with none of Pleno's own code."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Vote = tuple[Fraction, tuple[str, ...]]  # what it weighs, what it says
Wins = dict[tuple[str, str], Fraction]  # (x, y) → what those weigh who rank x before y
BUDGETED = ("knapsack", "equal_shares")


def winners(
    told: dict[str, Any], rule: dict[str, Any], got: dict[str, Fraction], votes: list[Vote]
) -> tuple[list[str], list[str]]:
    """Elected and tied, before a majority is asked for. votes: none where their sums are published."""
    places = rule["places"]
    if rule["method"] in BUDGETED:
        return purchases(told, rule, got, votes)
    if rule["method"] == "schulze":
        wins = wins_of(told["sums"][1:]) if "sums" in told else wins_counted(list(got), votes)
        return filled(schulze(list(got), wins), places)
    if rule["method"] == "yes_no":
        got, places = {option: value for option, value in got.items() if option != "abstain"}, 1
    ranks = sorted({value for value in got.values() if value}, reverse=True)
    return filled([[option for option, value in got.items() if value == rank] for rank in ranks], places)


def filled(levels: list[list[str]], places: int) -> tuple[list[str], list[str]]:
    """A tie across the last place elects none of the tied."""
    elected: list[str] = []
    for level in levels:
        if len(elected) == places:
            break
        if len(elected) + len(level) > places:
            return elected, level
        elected += level
    return elected, []


def wins_of(sums: list[dict[str, Any]]) -> Wins:
    """As published: `over` says of each option before how many times it was ranked each of the options."""
    return {
        (one["option"], other["option"]): Fraction(n)
        for one in sums
        for other, n in zip(sums, one["over"], strict=True)
    }


def wins_counted(options: list[str], votes: list[Vote]) -> Wins:
    wins = {(x, y): Fraction(0) for x in options for y in options}
    for weight, ranking in votes:
        behind = set(options)
        for x in ranking:
            behind.remove(x)
            for y in behind:
                wins[x, y] += weight
    return wins


def schulze(options: list[str], wins: Wins) -> list[list[str]]:
    """A link is as strong as the votes for it, then as few as are against it; a path as its weakest link."""
    if not any(wins.values()):
        return []
    none = (Fraction(0), Fraction(0))
    best = {(x, y): (won, -wins[y, x]) if won > wins[y, x] else none for (x, y), won in wins.items()}
    for through in options:
        for x in options:
            for y in options:
                if len({x, y, through}) == 3:
                    best[x, y] = max(best[x, y], min(best[x, through], best[through, y]))
    levels, left = [], list(options)
    while left:
        levels.append([x for x in left if all(best[x, y] >= best[y, x] for y in left)])
        left = [x for x in left if x not in levels[-1]]
    return levels


def purchases(
    told: dict[str, Any], rule: dict[str, Any], got: dict[str, Fraction], votes: list[Vote]
) -> tuple[list[str], list[str]]:
    """What every order of equals comes to; else what comes before the first tie, and those tied."""
    costs = {option["id"]: option["cost"] for option in told["options"]}

    def shop(order: list[str]) -> tuple[list[str], int | None, list[str]]:
        steps = equal_shares(costs, rule["budget"], votes) if rule["method"] == "equal_shares" else Steps(costs, [])
        return steps.run(order, rule["budget"], got)

    options = list(costs)
    bought, before, tied = shop(options)
    if before is None:
        return bought, []
    orders = [options[::-1], *([one, *(other for other in options if other != one)] for one in tied)]
    if all(set(shop(order)[0]) == set(bought) for order in orders):
        return bought, []
    return bought[:before], tied


class Steps:
    """One shopping trip: first with the voters' own money, if they have any, then by votes with what is left."""

    def __init__(self, costs: dict[str, int], voters: list[list[Any]]) -> None:
        self.costs, self.voters = costs, voters  # a voter: weight, choices, money for each unit of weight

    def run(self, order: list[str], budget: int, got: dict[str, Fraction]) -> tuple[list[str], int | None, list[str]]:
        bought: list[str] = []
        first: tuple[int | None, list[str]] = (None, [])
        while True:
            prices = {option: price for option in order if option not in bought and (price := self.price(option))}
            if prices:
                equals = [option for option in prices if prices[option] == min(prices.values())]
            else:
                left = budget - sum(self.costs[option] for option in bought)
                fitting = [o for o in order if o not in bought and got[o] > 0 and self.costs[o] <= left]
                equals = [option for option in fitting if got[option] == max(got[o] for o in fitting)]
            if not equals:
                return bought, *first
            if len(equals) > 1 and first[0] is None:
                first = len(bought), sorted(equals, key=list(self.costs).index)
            if prices:
                self.pay(equals[0], prices[equals[0]] * self.costs[equals[0]])
            bought.append(equals[0])

    def price(self, option: str) -> Fraction | None:
        """What a rupiah of it costs each unit of its supporters' weight at most; None when they cannot pay it."""
        owing, supporters = Fraction(self.costs[option]), [voter for voter in self.voters if option in voter[1]]
        weight = sum((voter[0] for voter in supporters), Fraction(0))
        for own, _, money in sorted(supporters, key=lambda voter: voter[2]):
            if money * weight >= owing:
                return owing / weight / self.costs[option]
            owing, weight = owing - own * money, weight - own
        return None

    def pay(self, option: str, most: Fraction) -> None:
        for voter in self.voters:
            if option in voter[1]:
                voter[2] -= min(voter[2], most)


def equal_shares(costs: dict[str, int], budget: int, votes: list[Vote]) -> Steps:
    """Everybody who chose something owns the same part of the budget."""
    voting = [(weight, frozenset(choices)) for weight, choices in votes if choices and weight]
    total = sum((weight for weight, _ in voting), Fraction(0))
    return Steps(costs, [[weight, choices, budget / total] for weight, choices in voting])
