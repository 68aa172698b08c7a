"""Which entries of a feed are which stored items."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from alerts.sources.content import address_of, key_of
from alerts.sources.feed_values import Entry


def first_key(entry: Entry) -> str:
    """The key of the first entry of a document with this guid; of its link without a guid, of its text without both."""
    return key_of(entry.guid or entry.link or f"{entry.title}\0{entry.html}")


def second_key(entry: Entry) -> str:
    """The key of an entry that shares its guid with another one of another link; without guids, its link."""
    return key_of(entry.guid or entry.link, _second_mark(entry))


def identified(entries: Sequence[Entry], addresses: dict[str, str]) -> dict[str, Entry]:
    """The entries by their keys, in the order of the feed; one that stands in it twice counts once.

    `addresses` are those of stored items by key. Where several entries share a guid, the one with the address of the
    item that has the plain key keeps it, so that a new entry above it does not take its place.
    """
    owners = {first: _owner(group, addresses.get(first)) for first, group in _by_first_key(entries).items()}
    found: dict[str, Entry] = {}
    for entry in entries:
        owner = owners[first_key(entry)]
        is_owner = owner is not None and _second_mark(entry) == _second_mark(owner)
        found.setdefault(first_key(entry) if is_owner else second_key(entry), entry)
    return found


def _second_mark(entry: Entry) -> str:
    if not entry.guid and not entry.link:
        return ""
    return entry.link if entry.guid else entry.title


def keys(entries: Iterable[Entry]) -> set[str]:
    """Every key by which one of the entries may be stored."""
    return {key for entry in entries for key in (first_key(entry), second_key(entry))}


def _by_first_key(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[first_key(entry)].append(entry)
    return groups


def _owner(group: list[Entry], address: str | None) -> Entry | None:
    """The entry that has the plain key: the stored item's own, the first where there is no such item yet."""
    if address is None or len(group) == 1:
        return group[0]
    return next((entry for entry in group if address_of(entry.link) == address), None)
