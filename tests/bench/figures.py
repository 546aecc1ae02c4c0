"""A figure: what was measured, what it is held against, and whether it is as it should be."""

import dataclasses
import statistics
import unicodedata


@dataclasses.dataclass
class Figure:
    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None  # of ours to the floor, the median over the pairs
    aim: float | None = None
    held: str = "value"  # what the aim is about: "value" or "ratio"
    at_least: bool = False  # the aim is a lower bound
    samples: dict = dataclasses.field(default_factory=dict)

    @property
    def verdict(self):
        if self.aim is None:
            return ""
        measured = self.ratio if self.held == "ratio" else self.value
        met = measured >= self.aim if self.at_least else measured <= self.aim
        return "met" if met else "MISSED"

    def to_json(self):
        return {**dataclasses.asdict(self), "verdict": self.verdict}


def paired(name, measured, unit, per, key="ns", rate=False, held="ratio", **aim):
    """The figure of one pair of madoguchi-bench's: medians, and the median of each pair's ratio.

    `per` units are a nanosecond's inverse: 1000 gives microseconds; `rate` turns times into how many of them fit into
    `per` nanoseconds. Then more is better, and the ratio is still ours to the floor's. `held` says what the aim is about.
    """

    def scaled(entry):
        return per / entry[key] if rate else entry[key] / per

    ours, floor = ([scaled(entry) for entry in measured[side]] for side in ("ours", "floor"))
    figure = Figure(name, statistics.median(ours), unit, samples={"ours": ours, "floor": floor}, **aim)
    if floor:
        figure.floor = statistics.median(floor)
        figure.ratio = statistics.median(one / other for one, other in zip(ours, floor))
        figure.held = held
    return figure


def plain(name, samples, unit, **aim):
    """A figure without a floor, from one or more samples."""
    return Figure(name, statistics.median(samples), unit, samples={"ours": list(samples)}, **aim)


def _number(value):
    if value is None:
        return ""
    if isinstance(value, int) or value >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.1f}"


def _aim(figure):
    if figure.aim is None:
        return ""
    sign = ">=" if figure.at_least else "<="
    return f"{sign} {figure.aim:g}" + (" x" if figure.held == "ratio" else f" {figure.unit}".rstrip())


def _width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(figures):
    """As Markdown that is also readable as it is."""
    rows = [("what", "figure", "floor", "ratio", "aim", "")]
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} x"
        value = f"{_number(figure.value)} {figure.unit}".rstrip()
        rows.append((figure.name, value, _number(figure.floor), ratio, _aim(figure), figure.verdict))
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(row):
        return "| " + " | ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths)) + " |"

    ruler = "| " + " | ".join("-" * max(width, 3) for width in widths) + " |"
    return "\n".join([line(rows[0]), ruler, *map(line, rows[1:])])
