"""The direction of imports: doors -> middle rooms -> models -> query; alerts -> accounts, never back."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"accounts", "alerts", "config", "rehearsal"}
MIDDLE = {"alerts.sources", "alerts.matching", "alerts.digests", "alerts.retention"}
DOORS = {"alerts.web", "alerts.moderation", "alerts.management", "alerts.tasks", "alerts.tick", "alerts.admin"}
FOR_ALL = {"alerts.failpoints", "alerts.stopping"}
MAY_IMPORT = {
    "alerts.query": {"alerts.query"},
    "alerts.models": {"alerts.models", "alerts.query", "accounts"},
    **{small: set() for small in FOR_ALL},
    **{
        room: {room, "alerts.failpoints", "alerts.stopping", "alerts.models", "alerts.query", "accounts"}
        for room in MIDDLE
    },
    **{door: DOORS | MIDDLE | {*FOR_ALL, "alerts.models", "alerts.query", "accounts"} for door in DOORS},
    "alerts.migrations": {"alerts.migrations"},
    "alerts.apps": {"alerts.web"},
    "accounts": {"accounts"},
    "rehearsal": {"rehearsal"},
    "config": {"config", "alerts", "accounts"},
}
# The time of day is wiring: only doors and the stand-in may ask for it; below them `now` is passed in.
MAY_ASK_THE_TIME = DOORS | {"rehearsal", "config"}


def room_of(module: str) -> str:
    """The room a dotted module name belongs to."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "alerts" and len(parts) > 1 else parts[0]


def imports(path: Path) -> set[str]:
    """Every module of ours that a file imports, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by the whole name"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner if node.module in PACKAGES else {node.module or ""}
    return {name for name in found if name.split(".")[0] in PACKAGES}


def arrows() -> list[tuple[str, str, str]]:
    """(file, room it lies in, room it imports) for every import of ours outside the tests."""
    drawn = []
    for package in sorted(PACKAGES):
        for path in sorted((ROOT / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            drawn += [(module, room_of(module), room_of(name)) for name in sorted(imports(path))]
    return drawn


def allowed(room: str, target: str) -> bool:
    if target == "config":
        return room in MAY_ASK_THE_TIME
    return target in MAY_IMPORT.get(room, set()) or target.split(".")[0] in MAY_IMPORT.get(room, set())


def test_no_import_looks_upward():
    drawn = arrows()
    assert len(drawn) > 10, "the walk over the files found almost nothing"
    assert [f"{module} -> {target}" for module, room, target in drawn if not allowed(room, target)] == []


def test_nothing_imports_the_rehearsal():
    assert [module for module, room, target in arrows() if target == "rehearsal" and room != "rehearsal"] == []


def test_the_language_knows_no_framework():
    for path in (ROOT / "alerts" / "query").rglob("*.py"):
        assert "django" not in path.read_text(encoding="utf-8").lower(), path
