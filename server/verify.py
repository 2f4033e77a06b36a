"""`pleno verify TRANSCRIPT.json`: checks the transcript of a ballot with nothing but what stands in it.

Written to be read by whoever does not trust us: it uses none of Pleno's own code, one library (for the signature) and
docs/protocol.md §4 and §5. It says in turn whether the signature is right, whether the published votes are those
the result was sealed with, whether nobody voted who could not or twice, and whether counting again gives the same
(server/recount.py is the other half).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.recount import Vote, winners

VALUED = ("score", "points")
SHARES = {"absolute": Fraction(1, 2), "two_thirds": Fraction(2, 3), "four_fifths": Fraction(4, 5)}


class Wrong(Exception):
    """A check that failed, and how."""


def run(path: str, key: str | None = None) -> int:
    """Prints what was checked; 0 when all of it holds, else 1. key: the public key you know, not the one told."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        print(f"WRONG {error}")
        return 1
    passed, wrong = looked_at(raw, key)
    for name in passed:
        print(f"ok    {name}")
    print(f"WRONG {wrong}" if wrong else summary(json.loads(raw)))
    return 1 if wrong else 0


def looked_at(raw: bytes, key: str | None = None) -> tuple[list[str], str]:
    """What holds of a transcript, and what does not; empty when all of it does."""
    passed: list[str] = []
    try:
        told = json.loads(raw)
        for name, check in CHECKS.items():
            check(told, key) if name == "signature" else check(told)
            passed.append(name)
    except (ValueError, KeyError, TypeError, Wrong) as error:
        return passed, str(error) if isinstance(error, Wrong) else f"this is no transcript of ours: {error!r}"
    return passed, ""


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_signature(told: dict[str, Any], key: str | None = None) -> None:
    """Ed25519 over everything but the signature."""
    public = key or told["keys"][told["key_id"]]
    body = {name: value for name, value in told.items() if name != "signature"}
    try:
        Ed25519PublicKey.from_public_bytes(decoded(public)).verify(decoded(told["signature"]), canonical(body))
    except InvalidSignature:
        raise Wrong("the signature is not of this text and key") from None


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(leaves[:left]) + tree(leaves[left:])).digest()


def check_root(told: dict[str, Any]) -> None:
    if told["result"] is None:
        return
    lists = ("trackers", "choices", "sums", "votes", "hands")
    leaves = [canonical(entry) for name in lists for entry in told.get(name, [])]
    if tree(leaves).hex() != told["result"]["root"]:
        raise Wrong("the published votes are not those the result was sealed with")


def check_roll(told: dict[str, Any]) -> None:
    """Everybody who voted could vote, once; and there are as many votes as voters."""
    roll, electorate = told["roll"], set(told["electorate"])
    if len(set(roll)) < len(roll) or not set(roll) <= electorate:
        raise Wrong("somebody is on the roll twice or without a right to vote")
    papers = told["sums"][0]["cast"] if "sums" in told else len(told["choices"] if "choices" in told else told["votes"])
    if papers != len(roll):
        raise Wrong(f"{papers} votes of {len(roll)} voters")
    if told["secrecy"] == "open" and sorted(vote["seat"] for vote in told["votes"]) != sorted(roll):
        raise Wrong("the votes are not of those on the roll")
    trackers = told.get("trackers", [vote.get("tracker") for vote in told.get("votes", [])])
    if told["secrecy"] == "secret" and len(set(trackers)) != len(roll):
        raise Wrong("a tracker stands there twice")
    by_hand = {one["seat"] for one in told.get("channels", []) if one["channel"] == "hand"}
    for hand in told.get("hands", []):
        if hand["cast"] > sum(told["halls"][seat] == hand["hall"] for seat in by_hand):
            raise Wrong(f"more hands than seats in {hand['hall']}")
    given = {one["seat"]: one["to"] for one in told.get("delegations", [])}
    if set(given) & (set(roll) | by_hand) or not set(given.values()) <= set(roll) or not set(given) <= electorate:
        raise Wrong("a vote was handed on by somebody who voted, or to somebody who did not")


def check_sums(told: dict[str, Any]) -> None:
    """Sums that papers under this rule can come to. Version 3 alone has them: it publishes no papers."""
    if "sums" not in told:
        return
    rule, (papers, *entries) = told["rule"], told["sums"]
    same("options with sums", [entry["option"] for entry in entries], [option["id"] for option in told["options"]])
    filled_in, most = papers["cast"] - papers["blank"], rule["choose_max"]
    marks, values = sum(entry["votes"] for entry in entries), sum(entry.get("value", 0) for entry in entries)
    costs = sum(
        entry["votes"] * (option.get("cost") or 0) for entry, option in zip(entries, told["options"], strict=True)
    )
    possible = {
        "papers": 0 <= filled_in <= papers["cast"],
        "votes of an option": all(0 <= entry["votes"] <= filled_in for entry in entries),
        "votes in all": filled_in <= marks and (rule["method"] in VALUED or marks <= filled_in * most),
        "values": all(value_fits(rule, entry, len(entries)) for entry in entries),
        "points": rule["method"] != "points" or values <= filled_in * rule["points"],
        "costs": rule["method"] != "knapsack" or costs <= filled_in * rule["budget"],
        "pairs": rule["method"] != "schulze" or pairs_fit(entries, filled_in),
    }
    for what, fits in possible.items():
        if not fits:
            raise Wrong(f"no papers come to these sums: {what}")


def value_fits(rule: dict[str, Any], entry: dict[str, Any], options: int) -> bool:
    """Between the least and the most that so many votes can give."""
    votes, first = entry["votes"], rule["choose_max"] if rule["variant"] == "modified" else options - 1
    most = {"score": rule["scale_most"], "points": rule["points"], "borda": first}.get(rule["method"])
    if most is None:
        return "value" not in entry
    least = votes if rule["method"] != "borda" or rule["variant"] == "modified" else 0
    return bool(least <= entry["value"] <= votes * most)


def pairs_fit(entries: list[dict[str, Any]], filled_in: int) -> bool:
    """Of two options whoever ranked either put one of them before the other."""
    for x, one in enumerate(entries):
        for y, other in enumerate(entries):
            either = one["over"][y] + other["over"][x]
            if x == y and one["over"][y] != 0:
                return False
            if x != y and not max(one["votes"], other["votes"]) <= either <= min(
                filled_in, one["votes"] + other["votes"]
            ):
                return False
            if not 0 <= one["over"][y] <= one["votes"]:
                return False
    return True


def rule_of(told: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew approval alone."""
    first = {"weights": "none", "majority": "simple", "base": "cast", "places": told["rule"]["choose_max"]}
    return {**first, "quorum": False, **told["rule"]}


def hands_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    return list(told.get("hands", []))


def cast_by(told: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """(seat, choices) of an open ballot, those included who let another one vote for them."""
    votes = {vote["seat"]: tuple(vote["choices"]) for vote in told["votes"]}
    return [*votes.items(), *((one["seat"], votes[one["to"]]) for one in told.get("delegations", []))]


def weigher(told: dict[str, Any]) -> Callable[[str, str], Fraction]:
    """What a vote weighs, by seat and hall; a hand has a hall alone."""
    rule, halls = rule_of(told), told.get("halls", {})
    if rule["weights"] == "given":
        given = {one["seat"]: Fraction(one["weight"]) for one in rule["given"]}
        return lambda seat, hall: given.get(seat, Fraction(1))
    sizes: dict[str, int] = {}
    if rule["weights"] == "hall_electorate":
        for seat in told["electorate"]:
            sizes[halls[seat]] = sizes.get(halls[seat], 0) + 1
    elif rule["weights"] == "hall_voting":
        for seat, _ in cast_by(told):
            sizes[halls[seat]] = sizes.get(halls[seat], 0) + 1
        for hand in hands_of(told):
            sizes[hand["hall"]] = sizes.get(hand["hall"], 0) + hand["cast"]
    else:
        return lambda seat, hall: Fraction(1)
    return lambda seat, hall: Fraction(1, sizes.get(hall) or 1)


def votes_of(told: dict[str, Any]) -> list[Vote]:
    if "sums" in told:
        return []
    if told["secrecy"] == "secret":
        lists = told["choices"] if "choices" in told else [vote["choices"] for vote in told["votes"]]
        return [(Fraction(1), tuple(choices)) for choices in lists]
    weigh, halls = weigher(told), told.get("halls", {})
    return [(weigh(seat, halls.get(seat, "")), choices) for seat, choices in cast_by(told)]


def marks(rule: dict[str, Any], options: list[str], choices: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """What one vote gives to whom."""
    for place, choice in enumerate(choices):
        if rule["method"] in VALUED:
            option, _, value = choice.partition(":")
            yield option, int(value)
        elif rule["method"] == "borda":
            first = len(choices) if rule["variant"] == "modified" else len(options) - 1
            yield choice, first - place
        else:
            yield choice, 1


def check_count(told: dict[str, Any]) -> None:
    """Counts everything again."""
    result = told["result"]
    if result is None:
        return
    rule, options, votes = rule_of(told), [option["id"] for option in told["options"]], votes_of(told)
    heads, got = dict.fromkeys(options, 0), dict.fromkeys(options, Fraction(0))
    sums = {"cast": Fraction(0), "blank": Fraction(0)}
    cast = blank = 0
    if "sums" in told:
        papers, *entries = told["sums"]
        cast, blank = papers["cast"], papers["blank"]
        sums = {"cast": Fraction(cast), "blank": Fraction(blank)}
        for entry in entries:
            heads[entry["option"]], got[entry["option"]] = entry["votes"], Fraction(entry.get("value", entry["votes"]))
    for weight, choices in votes:
        says_nothing = not choices or (rule["method"] == "yes_no" and choices == ("abstain",))
        cast, blank = cast + 1, blank + says_nothing
        sums["cast"], sums["blank"] = sums["cast"] + weight, sums["blank"] + weight * says_nothing
        for option, value in marks(rule, options, choices):
            heads[option] += 1
            got[option] += weight * value
    for hand in hands_of(told):
        weight = weigher(told)("", hand["hall"])
        nothing = hand["blank"]
        for count in hand["counts"]:
            heads[count["option"]] += count["votes"]
            got[count["option"]] += weight * count["votes"]
            nothing += count["votes"] if (rule["method"], count["option"]) == ("yes_no", "abstain") else 0
        cast, blank = cast + hand["cast"], blank + nothing
        sums["cast"], sums["blank"] = sums["cast"] + weight * hand["cast"], sums["blank"] + weight * nothing
    same("votes cast", cast, result["cast"])
    same("blank votes", blank, result["blank"])
    same("seats that may vote", len(told["electorate"]), result["electorate"])
    for count in result["counts"]:
        same(f"votes of {count['option']}", heads[count["option"]], count["votes"])
        if "value" in count:
            same(f"value of {count['option']}", str(got[count["option"]]), count["value"])
    check_elected(told, rule, got, votes, sums)


def same(what: str, counted: object, said: object) -> None:
    if counted != said:
        raise Wrong(f"{what}: counted {counted}, the transcript says {said}")


def check_elected(
    told: dict[str, Any], rule: dict[str, Any], got: dict[str, Fraction], votes: list[Vote], sums: dict[str, Fraction]
) -> None:
    result = told["result"]
    elected, tied = winners(told, rule, got, votes)
    if rule["majority"] in SHARES:
        size, share = base_of(told, rule, sums), SHARES[rule["majority"]]
        more_than = rule["majority"] == "absolute"
        reached = [o for o, v in got.items() if v > share * size or (not more_than and v == share * size > 0)]
        same("options with the majority", reached, result["verdict"]["reached"])
        elected = [option for option in elected if option in reached]
        tied = [option for option in tied if option in reached]
        if not elected and not tied:
            same(
                "validity",
                "no_majority" if result.get("invalid") != "no_quorum" else "no_quorum",
                result.get("invalid"),
            )
    if result.get("invalid") == "no_quorum" and rule["quorum"]:
        elected, tied = [], []
    for broken in told.get("tie_breaks", []):
        if broken["option"] not in tied:
            raise Wrong(f"the chair elected {broken['option']}, which was not tied")
        elected, tied = [*elected, broken["option"]], [option for option in tied if option != broken["option"]]
    same("elected", sorted(elected), sorted(result["elected"]))
    if not told.get("tie_breaks"):
        same("tied", sorted(tied), sorted(result["tied"]))


def base_of(told: dict[str, Any], rule: dict[str, Any], sums: dict[str, Fraction]) -> Fraction:
    """What a majority is a share of."""
    if rule["base"] in ("cast", "valid"):
        return sums["cast"] - (sums["blank"] if rule["base"] == "valid" else 0)
    members = told["electorate"] if rule["base"] == "electorate" else told["present"]
    halls = told.get("halls", {})
    if rule["weights"] == "hall_voting":
        return Fraction(len({halls[seat] for seat in members}))
    weigh = weigher(told)
    return sum((weigh(seat, halls.get(seat, "")) for seat in members), Fraction(0))


CHECKS: dict[str, Callable[..., None]] = {
    "signature": check_signature,
    "sealed votes": check_root,
    "who voted": check_roll,
    "sums": check_sums,
    "count": check_count,
}


def summary(told: dict[str, Any]) -> str:
    result = told["result"]
    if result is None:
        return f"{told['title']}: void ({told['reason']})"
    labels = {option["id"]: option["label"] for option in told["options"]}
    chosen = ", ".join(labels[option] for option in result["elected"]) or "nobody"
    left = [(one["hall"], one["cast"], one.get("earlier", False)) for one in result.get("left_out", [])]
    noted = "".join(
        f"; {cast} hands in {hall} not counted, unconfirmed{' (an earlier count was)' if earlier else ''}"
        for hall, cast, earlier in left
    )
    return f"{told['title']}: {result['cast']} of {result['electorate']} voted; elected: {chosen}{noted}"
