"""Peers: engines that hold documents against many saved searches, Hark's index among them, behind one interface."""

from benchmarks.peers.engine import Absent, Engine

__all__ = ["HARK", "NAMES", "SHARING", "Absent", "Engine", "opened"]

HARK, SHARING = "hark", "sharing"
"""Hark's index where each query is one topic, and where it is given one for each subscription."""
NAMES = ("tantivy", "sqlite", "xapian", "postgresql", "evaluator")
"""What `--peers` takes: the modules of the others."""


def opened(name: str, folder) -> Engine:
    """A new engine with nothing in it, whose files go into `folder`; raises Absent where it is not on this machine."""
    match name:
        case "hark":
            from benchmarks.peers.hark import Hark as Chosen
        case "sharing":
            from benchmarks.peers.hark import Sharing as Chosen
        case "tantivy":
            from benchmarks.peers.tantivy import Tantivy as Chosen
        case "sqlite":
            from benchmarks.peers.sqlite import SQLite as Chosen
        case "xapian":
            from benchmarks.peers.xapian import Xapian as Chosen
        case "postgresql":
            from benchmarks.peers.postgresql import PostgreSQL as Chosen
        case "evaluator":
            from benchmarks.peers.evaluator import Evaluator as Chosen
    return Chosen(folder)
