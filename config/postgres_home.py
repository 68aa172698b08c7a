"""Where PostgreSQL lives, and as whom: it refuses to run as root, so root lends it to a system user.

That user must reach the data and the programs. Where the project lies in a folder closed to others, both go to
/var/lib/hark, and the instance folder holds a link to the data; nobody's folders are opened.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from config.binaries import Postgres, ServerError

SYSTEM_USERS = ("hark", "postgres", "nobody")
"""Whom root lends PostgreSQL to: the first of these that the machine has."""
LIBRARY = Path("/var/lib/hark")


def lodge(instance):
    """The folder of this instance's data, made if need be, and the user PostgreSQL runs under (None: ourselves)."""
    near = Path(instance, "postgres")
    if near.exists():
        owner = near.stat().st_uid
        return near.resolve(), None if owner == os.geteuid() else pwd.getpwuid(owner)
    user = system_user() if os.geteuid() == 0 else None
    near.unlink(missing_ok=True)
    near.mkdir(mode=0o700)
    give(near, user)
    if user is not None and not _runs(user, ["/bin/sh", "-c", 'cd "$0"', near]):
        near.rmdir()
        near.symlink_to(_far_folder(instance, user))
    return near.resolve(), user


def system_user():
    """The unprivileged account root lends PostgreSQL to; raises ServerError where the machine has none."""
    for name in SYSTEM_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError(
        "PostgreSQL refuses to run as root, and this machine has none of the users "
        f"{', '.join(SYSTEM_USERS)}. Make one (useradd --system hark), or start as an ordinary user."
    )


def become(user):
    """The options with which Popen starts a program as this user; none for ourselves."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _far_folder(instance, user):
    """A new folder for this instance's data outside the closed one; its name is never met twice."""
    folder = LIBRARY / f"{Path(instance).name.strip('.')}-{secrets.token_hex(4)}"
    _make_library()
    folder.mkdir(mode=0o700)
    give(folder, user)
    if not _runs(user, ["/bin/sh", "-c", 'cd "$0"', folder]):
        raise ServerError(f"PostgreSQL runs as {user.pw_name}, who cannot get to {folder}; open {LIBRARY} to others.")
    return folder


def _make_library():
    if not LIBRARY.exists():
        LIBRARY.mkdir(parents=True)
        LIBRARY.chmod(0o755)  # whatever our umask: PostgreSQL's user goes through it


def give(path, user):
    """Make this user the owner of the path."""
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _runs(user, command):
    """Whether this user can run the command."""
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, timeout=20, **become(user))
    except (PermissionError, FileNotFoundError):
        return False
    return done.returncode == 0


def reachable_binaries(postgres, user):
    """The same binaries where this user can run them: as they are, else a copy in /var/lib/hark."""
    if user is None or _runs(user, [postgres.program("postgres"), "--version"]):
        return postgres
    home = LIBRARY / f"postgresql-{postgres.version}"
    copy = Postgres(home / postgres.install.relative_to(postgres.bundle), postgres.version, bundle=home)
    if not _runs(user, [copy.program("initdb"), "--version"]):
        _copy(postgres, home)
    return copy


def _copy(postgres, home):
    """Copy the programs with the libraries beside them, which they find by relative path; whole or not at all."""
    _make_library()
    new = home.with_name(f"{home.name}.{os.getpid()}")
    for folder in [postgres.install, *postgres.libraries]:
        place = new / folder.relative_to(postgres.bundle)
        shutil.copytree(folder, place, ignore=shutil.ignore_patterns("include"), symlinks=True)
    for folder in [new, *new.rglob("*")]:
        if folder.is_dir():
            folder.chmod(0o755)
    shutil.rmtree(home, ignore_errors=True)
    try:
        new.rename(home)
    except OSError:
        shutil.rmtree(new)  # another start, at the same moment, was first
