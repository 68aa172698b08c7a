"""What must fit together in a publisher's feed that is to be played."""

from collections import Counter
from collections.abc import Iterator

from rehearsal.checks import EARLIEST, LATEST_TABLED
from rehearsal.feeds import FORMS
from rehearsal.press import Press


def faults_of(press: Press) -> Iterator[str]:
    """Everything that is wrong with a publisher's posts, in words."""
    if press.publisher.form not in FORMS:
        yield f"'form' cannot be '{press.publisher.form}'; write one of {', '.join(FORMS)}"
    yield from _postings(press)
    yield from _edits(press)


def _postings(press: Press) -> Iterator[str]:
    for name in ("key", "guid"):
        for value, times in Counter(getattr(posting, name) for posting in press.postings).items():
            if times > 1:
                yield f"the {name} '{value}' is there twice"
    for posting in press.postings:
        if not EARLIEST <= posting.day <= LATEST_TABLED:
            yield f"post '{posting.key}': 'day' must lie from {EARLIEST} to {LATEST_TABLED}"
        if posting.html is None and posting.summary is None:
            yield f"post '{posting.key}': it has neither 'html' nor 'summary'"


def _edits(press: Press) -> Iterator[str]:
    days = {posting.key: posting.day for posting in press.postings}
    for edit in press.edits:
        if edit.post not in days:
            yield f"there is no post '{edit.post}' to edit"
        elif edit.day <= days[edit.post]:
            yield f"the edit of '{edit.post}' must lie after its post"
