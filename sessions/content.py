"""The fields of a proposal as they travel: one flat list of names, checked, whatever group the value keeps them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from sessions.model.content import (
    EXPENDITURES,
    FIELDS,
    LANDS,
    SOURCES,
    TYPES,
    URGENCIES,
    Aims,
    Content,
    Cost,
    Origin,
    Place,
    Plan,
)
from sessions.shape import Check, bad, date, flag, integer, nullable, number, one_of, text

RUPIAH = nullable(integer(0, 10**13))
YEAR = nullable(integer(1990, 2100))


def optional_date(value: Any, field: str) -> str:
    """A date, or nothing at all."""
    return "" if value == "" else str(date(value, field))


def web_link(value: Any, field: str) -> str:
    """An address of the web, or nothing: other schemes could run what they name."""
    found: str = text(300)(value, field)
    if found and not found.startswith(("https://", "http://")):
        bad(field)
    return found


TITLE: Mapping[str, Check] = {"title": text(240, 1)}
PLAIN: Mapping[str, Check] = {
    "problem": text(1000),
    "address": text(300),
    "amount": RUPIAH,
    "volume": nullable(number(0, 1e9)),
    "unit": text(20),
    "agency": text(160),
    "type": nullable(one_of(*TYPES)),
    "urgency": nullable(one_of(*URGENCIES)),
    "land": nullable(one_of(*LANDS)),
    "rw": text(10),
    "households": nullable(integer(0, 10**7)),
    "proposer": text(120),
    "note": text(1000),
}
ORIGIN: Mapping[str, Check] = {
    "source": nullable(one_of(*SOURCES)),
    "profile": text(120),
    "external_id": text(60),
    "external_status": text(120),
    "number": text(40),
    "year": YEAR,
    "continues": text(60),
    "proposed_on": optional_date,
}
PLACE: Mapping[str, Check] = {
    **dict.fromkeys(("province", "regency", "kecamatan", "kelurahan", "hamlet"), text(80)),
    "rt": text(40),
    "street": text(120),
    "street_no": text(20),
    "location_note": text(300),
    "lat": nullable(number(-90, 90)),
    "lon": nullable(number(-180, 180)),
    "map_link": web_link,
}
AIMS: Mapping[str, Check] = dict.fromkeys(
    ("idea", "background", "legal_basis", "purpose", "goal", "output"), text(1000)
)
PLAN: Mapping[str, Check] = {
    "field": nullable(one_of(*FIELDS)),
    "catalogue_item": text(60),
    "from_catalogue": nullable(flag),
    **dict.fromkeys(("programme", "activity", "sub_activity", "affairs", "regional_priority"), text(240)),
    "rpjmd_aligned": nullable(flag),
    "plan_ref": text(120),
    "execution_year": YEAR,
}
COST: Mapping[str, Check] = {
    "coefficient": text(80),
    "unit_price": RUPIAH,
    "ceiling": RUPIAH,
    "funding_source": text(80),
    "price_standard": text(80),
    "expenditure_kind": nullable(one_of(*EXPENDITURES)),
}
DETAILS: Mapping[str, Check] = {**PLAIN, **ORIGIN, **PLACE, **AIMS, **PLAN, **COST}
GROUPS: Mapping[str, type[Any]] = {"origin": Origin, "place": Place, "aims": Aims, "plan": Plan, "cost": Cost}
GROUP_OF: Mapping[str, str] = {field.name: group for group, cls in GROUPS.items() for field in fields(cls)}


def changed(content: Content, told: Mapping[str, Any]) -> Content:
    """The content with these fields, of whatever group, as told."""
    plain: dict[str, Any] = {}
    grouped: dict[str, dict[str, Any]] = {}
    for name, value in told.items():
        group = GROUP_OF.get(name)
        if group is None:
            plain[name] = value
        else:
            grouped.setdefault(group, {})[name] = value
    for group, members in grouped.items():
        plain[group] = replace(getattr(content, group), **members)
    return replace(content, **plain)


def written(told: Mapping[str, Any]) -> Content:
    """The content of checked fields; `title` is among them."""
    return changed(Content(told["title"]), told)


def flat(content: Content) -> dict[str, Any]:
    """Every field by its name on the wire."""
    found: dict[str, Any] = {}
    for field in fields(content):
        value = getattr(content, field.name)
        if is_dataclass(value):
            found.update((member.name, getattr(value, member.name)) for member in fields(value))
        else:
            found[field.name] = value
    return found
