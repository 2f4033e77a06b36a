"""Figures as Prometheus reads them: text format 0.0.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate

from signaling.measures import BOUNDS, By, Figure, Spread, SpreadBy

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposed(areas: Mapping[str, Mapping[str, Figure]]) -> bytes:
    """`pleno_<area>_<name>`; a word becomes an info series with value 1. Names ending in _total are counters."""
    found = (line for area, figures in areas.items() for name, figure in sorted(figures.items())
             for line in lines(f"pleno_{area}_{name}", name, figure))  # fmt: skip
    return ("\n".join(found) + "\n").encode()


def lines(series: str, name: str, figure: Figure) -> Iterator[str]:
    kind = "counter" if series.endswith("_total") else "gauge"
    match figure:
        case str():
            yield f"# TYPE {series}_info gauge"
            yield f'{series}_info{{{name}="{escaped(figure)}"}} 1'
        case By():
            yield f"# TYPE {series} {kind}"
            for value, number in figure.values.items():
                yield f'{series}{{{figure.label}="{escaped(value)}"}} {float(number)!r}'
        case Spread():
            yield f"# TYPE {series} histogram"
            yield from histogram(series, figure, "")
        case SpreadBy():
            yield f"# TYPE {series} histogram"
            for value, spread in figure.values.items():
                yield from histogram(series, spread, f'{figure.label}="{escaped(value)}"')
        case _:
            yield f"# TYPE {series} {kind}"
            yield f"{series} {float(figure)!r}"


def histogram(series: str, spread: Spread, label: str) -> Iterator[str]:
    """Prometheus wants the buckets added up, the last one without a bound."""
    comma, braces = ("," if label else ""), (f"{{{label}}}" if label else "")
    sums = list(accumulate(spread.counts))
    for bound, count in zip((*map(repr, BOUNDS), "+Inf"), sums, strict=True):
        yield f'{series}_bucket{{{label}{comma}le="{bound}"}} {count}'
    yield f"{series}_sum{braces} {spread.total!r}"
    yield f"{series}_count{braces} {sums[-1]}"


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
