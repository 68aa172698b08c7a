"""The words of `./run`, after it has set up Python and the packages."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from config import embedded, programs
from config.binaries import ServerError
from config.chromium import install_chromium
from config.demo import DemoTime
from config.instance import Instance, InUse, Unusable, environment, named
from config.opening import Opening
from config.processes import ROOT, Household

PORT = 8000
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
)
NO_SERVERS = {
    "DATABASE_URL": "postgresql:///none?host=/nonexistent",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "HARK_SECRET_KEY": "only-to-read-the-models",
    "HARK_TOKEN_KEY": "only-to-read-the-models",
    "PYTHONWARNINGS": "ignore::RuntimeWarning",
}
"""Settings for a command that reads the models and needs no database."""


def main(words):
    """Do what these words of `./run` say; returns the exit code."""
    os.chdir(ROOT)
    try:
        return _chosen(words)
    except (InUse, Unusable, ServerError) as problem:
        print(problem, file=sys.stderr)
        return 1


def _chosen(words):
    word, *rest = words or [""]
    if word == "test":
        return test(rest)
    os.umask(0o077)  # what an instance writes is its owner's alone: mails, keys, logs
    if word == "bench":
        return bench(rest)
    if word == "demo":
        return demo(rest)
    if not word or word.startswith("-"):
        return serve(named(), "", _options(words))
    return manage(named(), words)


def _options(words, *, fresh=False):
    parser = argparse.ArgumentParser(prog="./run demo" if fresh else "./run", allow_abbrev=False)
    parser.add_argument("--port", type=_port, default=PORT, help="the port to open the site at (default: %(default)s)")
    if fresh:
        parser.add_argument("--fresh", action="store_true", help="begin the demo again, from nothing")
    return parser.parse_args(words)


def _port(word):
    number = int(word)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def demo(words):
    """Run the demo; with a further word, do that word in the demo's instance."""
    instance = named("demo")
    if words and not words[0].startswith("-"):
        return manage(instance, words)
    options = _options(words, fresh=True)
    return serve(instance, "demo", options, DemoTime(instance.folder))


def serve(instance, word, options, demo_time=None):
    """Run an instance until asked to stop."""
    instance.take(word)
    if getattr(options, "fresh", False):
        instance.empty()
    return Opening(instance, options.port, demo_time).run()


def manage(instance, words):
    """Give the words to Django's command line, with the servers of the running instance or its own for the time."""
    if joined := instance.joined():
        return _foreground(programs.manage(*words), os.environ | joined)
    instance.take(" ".join(words))
    with _servers(instance, [instance.lock]) as (household, found):
        return _in_household(household, programs.manage(*words), found)


@contextmanager
def _servers(instance, keep_open=()):
    """PostgreSQL and Valkey for a while: gives the household and the environment to find them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    household = Household(keep_open)
    try:
        sockets = embedded.make_socket_folder()
        household.remove_at_end(sockets)
        place = (household, instance.folder, sockets, instance.logs)
        embedded.start_valkey(*place)
        embedded.start_postgres(*place)
        yield household, environment(instance, embedded.Addresses(sockets), PORT)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        household.close()


def _in_household(household, command, found):
    """Run a program that keeps the terminal; Ctrl-C is its business, and we wait for it."""
    signal.signal(signal.SIGINT, lambda *_: None)
    return household.start("word", command, own_group=False, env=found, cwd=ROOT).process.wait()


def _foreground(command, found):
    os.execve(command[0], command, found)


def test(words):
    """Check the style and that models and migrations agree, see to a browser, then become pytest."""
    for check in CHECKS:
        if code := subprocess.call([sys.executable, "-m", *check]):
            print("Mend this first (./run test checks the style before it tests).", file=sys.stderr)
            return code
    migrations = programs.manage("makemigrations", "--check", "--dry-run")
    if code := subprocess.call(migrations, env=os.environ | NO_SERVERS):
        print("Models and migrations differ: ./run makemigrations writes what is missing.", file=sys.stderr)
        return code
    install_chromium()
    processes = min(os.cpu_count() or 1, 4)
    side_by_side = ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]
    spread = side_by_side if processes > 1 and not _says_how(words) else []
    # tests/conftest.py names the settings, after it has set what they read.
    found = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return _foreground([sys.executable, "-m", "pytest", *spread, *words], found)


def _says_how(words):
    """Whether these words for pytest leave no room for tests side by side."""
    return any(word.startswith(("-n", "--numprocesses", "--pdb", "--trace")) or word == "-s" for word in words)


def bench(words):
    """Run one benchmark, with servers of its own that are gone afterwards."""
    names = sorted(file.stem for file in Path(ROOT, "benchmarks").glob("*.py") if not file.stem.startswith("_"))
    if not words or words[0] not in names:
        print(f"./run bench NAME [options]; there is: {', '.join(names) or 'no benchmark yet'}.", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", f"benchmarks.{words[0]}", *words[1:]]
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder, _servers(Instance(Path(folder))) as place:
        household, found = place
        return _in_household(household, command, found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
