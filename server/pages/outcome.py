"""A ballot that has ended as a page shows it: its rule, its verdict, its options best first, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from server.pages.words import Words
from sessions.model.ballot import BORDA, BUDGETED, POINTS, SCHULZE, SCORE, YES_NO

ELECTED, TIED = "elected", "tied"


@dataclass(frozen=True, slots=True)
class Row:
    """place: equals share one; None without votes, and on a yes or no. share: of the longest bar, 0 to 100."""

    id: str
    label: str
    detail: str
    figure: str
    place: int | None
    mark: str
    meaning: str
    share: int


@dataclass(frozen=True, slots=True)
class Shown:
    """tone: ok or warn of the verdict, empty where most votes are enough."""

    id: str
    title: str
    rule: str
    void: str | None
    tone: str
    verdict: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    cast: str
    root: str


def method_of(ballot: Mapping[str, Any]) -> str:
    return str(ballot["rule"]["method"])


def shown(words: Words, id_: str, ballot: Mapping[str, Any]) -> Shown:
    """Of a closed or void ballot, as the public view has it."""
    result = ballot["result"]
    void = (ballot["reason"] or "") if ballot["state"] == "void" else None
    if result is None or void is not None:
        return Shown(id_, ballot["title"], rule_text(words, ballot), void, "", "", (), (), "", "")
    tone, verdict = verdict_text(words, result)
    cast = words(
        "ballots.cast",
        cast=words.count(result["cast"]),
        of=words.count(result["electorate"]),
        blank=words.count(result["blank"]),
    )
    notes = tuple(filter(None, (tie_text(words, ballot), *broken(words, ballot), sums_text(words, ballot))))
    rows = rows_of(words, ballot)
    return Shown(id_, ballot["title"], rule_text(words, ballot), None, tone, verdict, rows, notes, cast, result["root"])


def rows_of(words: Words, ballot: Mapping[str, Any]) -> tuple[Row, ...]:
    """Best first; equals keep the order of the ballot paper, a yes or no keeps it altogether."""
    result, method = ballot["result"], method_of(ballot)
    counts = {count["option"]: count for count in result["counts"]}
    levels = result.get("levels") or []
    level_of = {option: number for number, level in enumerate(levels) for option in level}

    def exact(option: str) -> Fraction:
        count = counts.get(option, {"votes": 0})
        return Fraction(count.get("value") or count["votes"])

    def worth(option: str) -> Fraction:
        return Fraction(len(levels) - level_of.get(option, len(levels))) if method == SCHULZE else exact(option)

    options = [option["id"] for option in ballot["options"]]
    most = max([Fraction(1), *map(worth, options)])
    weighed = method == SCHULZE or any(count.get("value") for count in result["counts"])
    whole = most if weighed else Fraction(max(1, result["cast"]))
    made = []
    for option in ballot["options"]:
        id_ = option["id"]
        mark = ELECTED if id_ in result["elected"] else TIED if id_ in result["tied"] else ""
        votes = counts.get(id_, {"votes": 0})["votes"]
        figure = words.count(votes) if method == SCHULZE else words.decimal(float(exact(id_)))
        better = sum(worth(other) > worth(id_) for other in options)
        made.append(
            Row(
                id=id_,
                label=option["label"],
                detail=" · ".join(filter(None, (option["detail"], cost(words, option)))),
                figure=words(f"ballot.figure.{unit_of(ballot)}", n=figure),
                place=None if method == YES_NO or worth(id_) == 0 else better + 1,
                mark=mark,
                meaning=meaning(words, method, id_, mark),
                share=round(100 * worth(id_) / whole),
            )
        )
    return tuple(made) if method == YES_NO else tuple(sorted(made, key=lambda row: -worth(row.id)))


def cost(words: Words, option: Mapping[str, Any]) -> str:
    return words.rupiah(option["cost"]) if option.get("cost") is not None else ""


def meaning(words: Words, method: str, option: str, mark: str) -> str:
    if mark == "":
        return ""
    if mark == TIED:
        return words("ballot.mark.tied")
    if method in BUDGETED:
        return words("ballot.mark.bought")
    if method == YES_NO and option in ("yes", "no"):
        return words(f"ballot.mark.{option}")
    return words("ballot.mark.elected")


def unit_of(ballot: Mapping[str, Any]) -> str:
    method = method_of(ballot)
    if method == SCHULZE:
        return "ranked"
    if method == SCORE:
        return "score"
    if method in (POINTS, BORDA):
        return "points"
    return "votes" if ballot["rule"]["weights"] == "none" else "weight"


def rule_text(words: Words, ballot: Mapping[str, Any]) -> str:
    """Method, majority, places, round and whether it is secret, in one line."""
    rule, method = ballot["rule"], method_of(ballot)
    single = method == "approval" and ballot["choose_max"] == 1
    said = [words(f"ballot.method.{'single' if single else method}")]
    if method in ("approval", "single", YES_NO):
        said.append(majority(words, rule))
    if rule["places"] > 1 and method not in BUDGETED:
        said.append(words("ballot.places", n=words.count(rule["places"])))
    if ballot["round"] > 1:
        said.append(words("ballot.round", n=ballot["round"]))
    said.append(words("ballots.secret" if ballot["secrecy"] == "secret" else "ballots.public"))
    return " · ".join(said)


def majority(words: Words, rule: Mapping[str, Any]) -> str:
    if rule["majority"] == "simple":
        return words("ballot.majority.simple")
    least, base = words(f"ballot.majority.{rule['majority']}"), words(f"ballot.base.{rule['base']}")
    return words("ballot.majority.of", majority=least, base=base)


def verdict_text(words: Words, result: Mapping[str, Any]) -> tuple[str, str]:
    """Its tone and what the majority came to; both empty where most votes are enough."""
    found, invalid = result.get("verdict"), result.get("invalid")
    detail = ""
    if found:
        needed, size = (words.decimal(float(Fraction(found[name]))) for name in ("needed", "size"))
        key = "ballot.verdict.more" if found["more_than"] else "ballot.verdict.least"
        detail = words(key, needed=needed, size=size, base=words(f"ballot.base.{found['base']}"))
    if invalid == "no_quorum":
        return "warn", f"{words('ballot.verdict.quorum')}. {detail}".strip()
    if invalid == "no_majority":
        return "warn", f"{words('ballot.verdict.missed')}. {detail}".strip()
    return ("ok", f"{words('ballot.verdict.reached')}. {detail}") if found else ("", "")


def tie_text(words: Words, ballot: Mapping[str, Any]) -> str:
    return words(f"ballot.tie.{ballot['rule']['tie']}") if ballot["result"]["tied"] else ""


def broken(words: Words, ballot: Mapping[str, Any]) -> list[str]:
    labels = {option["id"]: option["label"] for option in ballot["options"]}
    return [
        words("ballot.tie.broken", option=labels.get(one["option"], one["option"]), reason=one["reason"])
        for one in ballot["tie_breaks"]
    ]


def sums_text(words: Words, ballot: Mapping[str, Any]) -> str:
    """What was spent, raised hands, proxies, hands that were left out: those that there are."""
    result = ballot["result"]
    lost = sum(0 if one["earlier"] else one["cast"] for one in result.get("left_out") or [])
    said = []
    if result.get("spent") is not None:
        budget = words.rupiah(ballot["rule"]["budget"] or 0)
        said.append(words("ballot.spent", spent=words.rupiah(result["spent"]), budget=budget))
    if result.get("hand"):
        said.append(words("ballot.hand", n=words.count(result["hand"])))
    if result.get("delegated"):
        said.append(words("ballot.delegated", n=words.count(result["delegated"])))
    if lost:
        said.append(words("ballot.leftOut", n=words.count(lost)))
    return " · ".join(said)
