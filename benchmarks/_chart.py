"""A chart of the race, as SVG: milliseconds a document over subscriptions, both by powers of ten."""

from math import ceil, floor, log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 210, 44, 52
LABEL = 15
"""Pixels that a label needs for itself."""
COLOURS = ("#d1495b", "#2e86ab", "#3c9d5f", "#b8860b", "#8e6bbf", "#808890")
"""Each has at least three times the contrast of white and of near-black paper; the first is Hark's."""
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.grid { stroke: #24292f; stroke-opacity: .14 }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .grid { stroke: #e6edf3 } }
"""

Points = list[tuple[int, float]]


def chart(results: dict) -> str:
    """The sets that differ in size alone, a line for each engine that ran; raises ValueError where nothing did."""
    lines = _lines(results)
    sizes = sorted({size for points in lines.values() for size, _ in points})
    if not sizes:
        raise ValueError("there was no race to draw: leave out --no-peers, or --chart")
    times = [ms for points in lines.values() for _, ms in points]
    across = _scale(sizes[0], sizes[-1], LEFT, WIDTH - RIGHT)
    low, high = floor(log10(min(times))), ceil(log10(max(times)))
    up = _scale(10.0**low, 10.0**high, HEIGHT - BOTTOM, TOP)
    parts = [_grid(sizes, across, [10.0**power for power in range(low, high + 1)], up)]
    parts += [_line(points, across, up, colour) for points, colour in zip(lines.values(), COLOURS, strict=False)]
    parts += _labels({title: up(points[-1][1]) for title, points in lines.items()})
    return _document("\n".join(parts))


def _lines(results: dict) -> dict[str, Points]:
    found: dict[str, Points] = {}
    for each in results["sets"].values():
        if each["usual"] and "race" in each:
            for title, engine in each["race"]["engines"].items():
                label = f"{title}, {engine['documents']:,} at once" if engine["batch"] else title
                found.setdefault(label, []).append((each["subscriptions"], engine["ms"]))
    return {title: sorted(points) for title, points in found.items()}


def _scale(low: float, high: float, start: float, end: float):
    """Where a number stands between two, by its logarithm; in the middle where there is only one."""
    width = log10(high) - log10(low)
    return lambda value: start + (end - start) * ((log10(value) - log10(low)) / width if width else 0.5)


def _grid(sizes: list[int], across, times: list[float], up) -> str:
    right, foot = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [f'<text class="title" x="{LEFT}" y="20">Milliseconds a document, processor time</text>']
    parts.append(f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 10}" text-anchor="middle">subscriptions</text>')
    for ms in times:
        y = up(ms)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{ms:,g}</text>')
    for size in sizes:
        x = across(size)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{foot}"/>')
        parts.append(f'<text x="{x:.1f}" y="{foot + 20}" text-anchor="middle">{size:,}</text>')
    return "\n".join(parts)


def _line(points: Points, across, up, colour: str) -> str:
    places = [(across(size), up(ms)) for size, ms in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places)
    return f'<polyline class="line" points="{path}" stroke="{colour}"/>{dots}'


def _labels(ends: dict[str, float]) -> list[str]:
    """Each engine's name beside the end of its line, pushed down where another one is in the way."""
    colours, labels, last = dict(zip(ends, COLOURS, strict=False)), [], 0.0
    for title, y in sorted(ends.items(), key=lambda end: end[1]):
        last = max(y, last + LABEL)
        dot = f'<circle cx="{WIDTH - RIGHT + 16}" cy="{last:.1f}" r="4" fill="{colours[title]}"/>'
        labels.append(f'{dot}<text x="{WIDTH - RIGHT + 26}" y="{last + 4:.1f}">{escape(title)}</text>')
    return labels


def _document(inside: str) -> str:
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    said = "Milliseconds a document against the number of subscriptions, for each engine"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{said}">'
    return f"{head}\n<style>{STYLE}</style>\n{inside}\n</svg>\n"
