"""The table that is printed and recorded: measured, peer, ratio, target."""

import json
import time
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[1] / "results"


class Row:
    """One number beside its peer's and its target; a target is never a failure."""

    def __init__(self, scenario, what, ours, peer=None, at_most=None, at_least=None, of="peer"):
        self.scenario, self.what, self.ours, self.peer = scenario, what, ours, peer
        self.at_most, self.at_least, self.of = at_most, at_least, of

    @property
    def ratio(self):
        return self.ours / self.peer if self.peer else None

    def reached(self):
        value = self.ratio if self.of == "peer" else self.ours
        if value is None:
            return ""
        if self.at_most is not None:
            return "yes" if value <= self.at_most else "NO"
        if self.at_least is not None:
            return "yes" if value >= self.at_least else "NO"
        return ""

    def target(self):
        unit = "x peer" if self.of == "peer" else ""
        if self.at_most is not None:
            return f"<= {self.at_most:g} {unit}".strip()
        if self.at_least is not None:
            return f">= {self.at_least:g} {unit}".strip()
        return ""

    def cells(self):
        return [self.scenario, self.what, number(self.ours), number(self.peer),
                number(self.ratio, 2), self.target(), self.reached()]


def number(value, places=None):
    if value is None:
        return ""
    if places is not None:
        return f"{value:.{places}f}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def headings(ours):
    return ["scenario", "measure", ours, "peer", "ratio", "target", "reached"]


def table(rows, ours="origin"):
    lines = [headings(ours)] + [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]

    def text(line):
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([text(lines[0]), rule, *map(text, lines[1:])])


def record(name, rows, machine, peer_configuration, ours="origin", tool="bench", notes=()):
    """Writes the table, and in `notes` what a reader must know to believe it."""
    RESULTS.mkdir(exist_ok=True)
    facts = {"date": time.strftime("%Y-%m-%d"), "machine": machine, "notes": list(notes),
             "rows": [dict(zip(headings(ours), row.cells())) for row in rows]}
    (RESULTS / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
    text = [f"# {name}", "",
            f"{facts['date']}, {machine['cpu']}, {machine['cores']} cores, Linux "
            f"{machine['kernel']}, load average {machine['load_average_before']:.1f} before. "
            f"Made by `load-tests/{tool} --record {name}`; medians, the "
            "servers in turns, one event loop against one nginx worker, warm page cache where "
            "not said otherwise.", "", table(rows, ours), "", *(f"- {note}" for note in notes),
            *([""] if notes else []), "Peer's configuration:", "", "```nginx",
            # Places as in the repository, not as on this machine.
            peer_configuration.strip().replace(f"{RESULTS.parents[1]}/", ""), "```", ""]
    (RESULTS / f"{name}.md").write_text("\n".join(text))
    print(f"recorded in {RESULTS / name}.md and .json")
