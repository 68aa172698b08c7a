"""The command lines of the programs that `./run` starts."""

import sys

QUEUES = "poll,percolate,deliver,beat"


def manage(*words):
    """Django's command line."""
    return [sys.executable, "manage.py", *words]


def web(descriptor):
    """The site, on a socket that is already listening: so no request is refused while it starts again."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"fd://{descriptor}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60"),
        *("--graceful-timeout", "1", "--no-control-socket", "--log-level", "warning"),
    ]


def worker():
    """The Celery worker, for all queues."""
    return [*_celery("worker"), "-c", "2", "-Q", QUEUES, "--without-gossip", "--without-mingle"]


def beat(schedule):
    """Celery's beat, which keeps its last ticks in the file `schedule`."""
    return [*_celery("beat"), "--schedule", schedule, "--pidfile", ""]


def rehearsal(port, clock, start):
    """The rehearsal Parliament, on a port of this machine, in the time of a clock file."""
    words = ["--port", port, "--clock", clock, "--start", start.date().isoformat()]
    return [sys.executable, "-m", "rehearsal", *words]


def checkpoint():
    """Has PostgreSQL write to disk what it holds in memory; without our packages, so that it starts at once."""
    code = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL'], autocommit=True).execute('CHECKPOINT')"
    return [sys.executable, "-c", code]


def _celery(word):
    return [sys.executable, "-m", "celery", "-A", "config", word]
