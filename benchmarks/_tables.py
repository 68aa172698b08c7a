"""The tables of `./run bench matching`, in Markdown, as benchmarks/README.md has them."""

from collections.abc import Iterable, Sequence

from benchmarks._race import SMALL

SPEED = ("topics", "mean_ms", "p50_ms", "p99_ms", "matches", "asked")
SHARES = ("reading_ms", "gathering_ms", "evaluator_ms", "ids_ms")
SIZES = ("rss_mb", "private_mb", "index_mb", "load_ms", "build_s", "parse_ms", "add_ms", "drop_ms")
IN_C_MS = {10_000: 0.02, 100_000: 0.03, 1_000_000: 0.08}
"""What reading a question and finding its topics, words and phrases only, took a prototype in C on one core."""
UNITS = {"ms": "ms", "mb": "MB", "s": "s"}


def markdown(results: dict) -> str:
    """Hark with the whole language, then a table for each race."""
    whole = {name: each["whole"] for name, each in results["sets"].items() if "whole" in each}
    parts = [_table(whole, columns) for columns in (SPEED, SHARES, SIZES) if whole]
    for name, each in results["sets"].items():
        if "race" in each:
            parts += [_heading(name, each["race"], results["batch"]), _race(each["race"]), _said(each)]
    return "\n\n".join([_origin(results), *parts])


def _origin(results: dict) -> str:
    agreed = sum(each.get("agreed", 0) for each in results["sets"].values())
    checked = f"; index and evaluator agree on {agreed:,} matches of the smallest set. The whole language:"
    origin = f"{results['origin'].capitalize()} ({results['documents']:,}), seed {results['seed']}"
    return origin + (checked if agreed else ".")


def _table(rows: dict[str, dict], columns: Sequence[str]) -> str:
    cells = [[name, *(_number(row[column]) for column in columns)] for name, row in rows.items()]
    return _lines(["", *map(_titled, columns)], cells)


def _heading(name: str, race: dict, batch: int) -> str:
    absent = "".join(f" Left out: {reason}." for reason in race["absent"])
    return (
        f"**{name}**: {race['topics']:,} queries that all understand, {race['rounds']} rounds, batches of {batch:,}; "
        f"they agree on every document.{absent}"
    )


def _race(race: dict) -> str:
    columns = ("memory_mb", "stored_mb", "build_s", "load_ms", "add_ms", "drop_ms")
    head = ["", "documents", "at once", "ms", "times Hark (from, to)", "reading ms", "wall ms", f"{SMALL} at once: ms"]
    cells = [
        [
            title,
            f"{each['documents']:,}",
            "all" if each["batch"] else "one",
            _number(each["ms"]),
            f"{_number(each['times'])} ({_number(each['times_min'])}, {_number(each['times_max'])})",
            _number(each["reading_ms"]),
            _number(each["wall_ms"]),
            _number(each["small_ms"]),
            *(_number(each[column]) for column in columns),
        ]
        for title, each in sorted(race["engines"].items(), key=lambda pair: pair[1]["ms"])
    ]
    return _lines([*head, *map(_titled, columns)], cells)


def _said(result: dict) -> str:
    """How far Hark is ahead of the fastest other engine, and how far behind a loop in C."""
    sentences = [_fastest(result["race"])]
    if result["usual"] and result["subscriptions"] in IN_C_MS:
        ms, bound = result["race"]["engines"]["Hark"]["ms"], IN_C_MS[result["subscriptions"]]
        sentences.append(f"Hark takes {_number(ms / bound)} times the {bound} ms of the loop in C.")
    return " ".join(sentences)


def _fastest(race: dict) -> str:
    others = {title: each for title, each in race["engines"].items() if not each["reads"]}
    if not others:
        return "No other engine was there."
    title, best = min(others.items(), key=lambda pair: pair[1]["ms"])
    spread = f"{_number(best['times'])} times as long as Hark ({_number(best['times_min'])} to"
    alone = f"{_number(best['times_when_read'])} times where its reading is left out and Hark's is not"
    return f"The fastest other, {title}, takes {spread} {_number(best['times_max'])}), and {alone}."


def _lines(head: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *cells])


def _titled(column: str) -> str:
    name, _, unit = column.rpartition("_")
    return f"{name.replace('rss', 'RSS').replace('_', ' ')} {UNITS[unit]}" if unit in UNITS else column


def _number(value: float | None) -> str:
    """Three digits that count, all of a whole number."""
    if value is None:
        return "–"
    if isinstance(value, int) or value >= 100:
        return f"{value:,.0f}"
    digits = next((digits for digits, least in ((1, 10), (2, 0.1), (3, 0.01)) if value >= least), 4)
    return f"{value:.{digits}f}"
