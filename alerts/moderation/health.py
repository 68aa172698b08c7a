"""How the reading of a source goes, in words for staff."""

from datetime import datetime

from alerts.models import Source
from alerts.web.coverage import ago, moment


def state(source: Source, now: datetime) -> str:
    """One or two sentences: paused and why, failing since when and how, never read yet, or when it was checked."""
    words = _state(source, now)
    return f"{words} {source.notice}".strip()


def _state(source: Source, now: datetime) -> str:
    if source.paused_at:
        return f"Paused since {moment(source.paused_at, now)}: {source.pause_reason or 'no reason was given.'}"
    if source.fail_count:
        times = "once" if source.fail_count == 1 else f"{source.fail_count} times in a row"
        since = f" since {moment(source.failing_since, now)}" if source.failing_since else ""
        return f"Failed {times}{since}: {source.last_error} Next try at {moment(source.next_poll_at, now)}."
    if source.last_ok_at is None:
        return "Not read yet."
    checked = f"Checked {ago(source.last_ok_at, now)}."
    return f"{checked} {source.last_error}".strip() if source.last_error else checked
