"""Real issues are split as somebody decided who looked at each of them.

Only counts and digests of the titles stand here. An issue that is one story, a call or a reminder, stays whole.
"""

from hashlib import sha256

import pytest

from alerts.models import Issue
from alerts.sources.issue_split import split
from tests.shared_data import shared

pytestmark = pytest.mark.shared_data
Rule = Issue.Rule
EXPECTED = {
    "seeds/004_2b602f2eca641b35.txt": (Rule.NUMBERED_LINES, ["03295e460db2bbd6", "2053e4ed1f291680"]),
    "newsletters/nhs-bme-network/2021-11-01_seed2.txt": (Rule.NUMBERED_LINES, ["03295e460db2bbd6", "2053e4ed1f291680"]),
    "newsletters/nhs-bme-network/2020-06-12_nhs-bme-network-friday-insight.txt": (
        Rule.NUMBERED_LINES,
        ["46243472d32d19a3", "006e0397e2569abc", "1c9aa294e0ac8e12"],
    ),
    "newsletters/nhs-bme-network/2020-12-18_capture-A.txt": (
        Rule.NUMBERED_LINES,
        ["443cefc5e23694ba", "b5c95e92af8ae43b"],
    ),
    "newsletters/nhs-bme-network/2020-12-18_capture-B_same-url-other-content.txt": (
        Rule.NUMBERED_LINES,
        ["4887519775a910cd", "79fa274fb42a666e"],
    ),
    "newsletters/nhs-bme-network/2022-02-11_slug-says-27-august-2021.txt": (
        Rule.NUMBERED_LINES,
        ["060c45a53e5ad0de", "cbcd033fb88007e8"],
    ),
    "newsletters/mailchimp/12610990_philly-bike-action-newsletter.html": (
        Rule.BLOCKS,
        ["69752f2313b2f017", "8d14f6e72de8f18a", "5dd5cd3df6ca9de9"],
    ),
    "newsletters/mailchimp/12616486_philly-bike-action-newsletter-copy-04-.html": (
        Rule.BLOCKS,
        ["69752f2313b2f017", "39a2b1a94ff79792", "5dd5cd3df6ca9de9"],
    ),
    "newsletters/mailchimp/12621881_philly-bike-action-sticker-fundraiser-.html": (Rule.WHOLE, ["1a79b4d76807b7a4"]),
    "newsletters/mailchimp/12659041_philly-bike-action-event-reminder-copy-02-.html": (
        Rule.WHOLE,
        ["1a79b4d76807b7a4"],
    ),
    "newsletters/mailchimp/12669405_philly-bike-action-event-reminder-copy-05-.html": (
        Rule.WHOLE,
        ["1a79b4d76807b7a4"],
    ),
    "newsletters/mailchimp/12676563_philly-bike-action-newsletter-copy-11-.html": (
        Rule.BLOCKS,
        ["69752f2313b2f017", "e938bbbbbeabc9e8", "5dd5cd3df6ca9de9", "54033cb1183d60ab"],
    ),
    "newsletters/mailchimp/12686460_philly-bike-action-call-to-action-copy-01-.html": (
        Rule.WHOLE,
        ["1a79b4d76807b7a4"],
    ),
    "newsletters/mailchimp/12696790_philly-bike-action-newsletter-june-2024.html": (
        Rule.BLOCKS,
        ["3cb53ac08c717821", "b493c50c1221a6b2", "e938bbbbbeabc9e8", "5dd5cd3df6ca9de9"],
    ),
    "newsletters/mailchimp/12701023_safe-streets-campaign-and-ride-email.html": (Rule.WHOLE, ["1a79b4d76807b7a4"]),
    "newsletters/mailchimp/12704550_philly-bike-action-newsletter-september-2024.html": (
        Rule.BLOCKS,
        ["cf2e3f5532638591", "48e144358a3be797", "69752f2313b2f017", "e938bbbbbeabc9e8", "5dd5cd3df6ca9de9"],
    ),
    "newsletters/mailchimp/12708344_philly-bike-action-newsletter-october-2024.html": (
        Rule.BLOCKS,
        [
            "6b713f10d4d08689",
            "648885e265ecab24",
            "69752f2313b2f017",
            "4dd77d3ae0c4dd3f",
            "e938bbbbbeabc9e8",
            "5dd5cd3df6ca9de9",
        ],
    ),
    "newsletters/mailchimp/12714280_philly-bike-action-newsletter-december-2024.html": (
        Rule.BLOCKS,
        [
            "46a136659c3e9091",
            "faf42d5cb505f7ac",
            "69752f2313b2f017",
            "4dd77d3ae0c4dd3f",
            "e938bbbbbeabc9e8",
            "5dd5cd3df6ca9de9",
        ],
    ),
    "newsletters/mailchimp/12720680_philly-bike-action-newsletter-feb-2025.html": (
        Rule.BLOCKS,
        [
            "34975d000e4c1895",
            "5c976d361bf0699b",
            "69752f2313b2f017",
            "4dd77d3ae0c4dd3f",
            "48d9eb4cec10fba9",
            "e938bbbbbeabc9e8",
            "5dd5cd3df6ca9de9",
        ],
    ),
    "newsletters/mailchimp/12724203_philly-bike-action-newsletter-march-2025.html": (
        Rule.BLOCKS,
        [
            "cb52e1d5d0a1344e",
            "b403cc389d184c6e",
            "69752f2313b2f017",
            "4dd77d3ae0c4dd3f",
            "e938bbbbbeabc9e8",
            "5dd5cd3df6ca9de9",
        ],
    ),
    "newsletters/mailchimp/13983906_philly-bike-action-newsletter-may-2025.html": (
        Rule.HEADINGS,
        [
            "f37bf48e2fbbee7f",
            "6e9cff17a874b4f4",
            "69752f2313b2f017",
            "e3bb1a4e275ea22b",
            "ef4683c3dc7771c8",
            "e938bbbbbeabc9e8",
        ],
    ),
    "newsletters/mailchimp/14112283_philly-bike-action-newsletter-july-2025.html": (
        Rule.HEADINGS,
        [
            "73c5498c17d49859",
            "8de6d8738468b555",
            "828434ce3b4f15b8",
            "69752f2313b2f017",
            "e938bbbbbeabc9e8",
            "e3bb1a4e275ea22b",
            "ef4683c3dc7771c8",
        ],
    ),
    "newsletters/mailchimp/14235252_concrete-now-every-block-ride.html": (Rule.WHOLE, ["1a79b4d76807b7a4"]),
    "newsletters/mailchimp/14344220_philly-bike-action-newsletter-october-2025.html": (
        Rule.HEADINGS,
        [
            "5216ae82e2cbca48",
            "068bd6ade0531eb6",
            "69752f2313b2f017",
            "6f0240cf9f825135",
            "e938bbbbbeabc9e8",
            "e3bb1a4e275ea22b",
        ],
    ),
    "newsletters/mailchimp/14502413_philly-bike-action-newsletter-december-2025.html": (
        Rule.HEADINGS,
        ["d9be3db635072141", "69752f2313b2f017", "6f0240cf9f825135", "e938bbbbbeabc9e8", "e3bb1a4e275ea22b"],
    ),
    "newsletters/mailchimp/14634576_philly-bike-action-newsletter-february-2026.html": (
        Rule.HEADINGS,
        [
            "24bf3f75ec9c1759",
            "a7df9e69e81d29aa",
            "69752f2313b2f017",
            "6f0240cf9f825135",
            "e938bbbbbeabc9e8",
            "e3bb1a4e275ea22b",
        ],
    ),
    "newsletters/mailchimp/14757587_philly-bike-action-newsletter-april-2026.html": (
        Rule.HEADINGS,
        [
            "9a6a81792b290edd",
            "00bca13bd0d13a27",
            "69752f2313b2f017",
            "6f0240cf9f825135",
            "e938bbbbbeabc9e8",
            "e3bb1a4e275ea22b",
        ],
    ),
}


@pytest.mark.parametrize(("name", "rule", "titles"), [(name, *found) for name, found in EXPECTED.items()], ids=EXPECTED)
def test_an_issue_is_split_as_a_reader_would(name, rule, titles):
    found = split(shared(name).read_text(), "The title of the post")
    assert [sha256(part.title.encode()).hexdigest()[:16] for part in found.parts] == titles
    assert found.rule == rule
    assert all(part.text and part.html for part in found.parts)


def test_the_inner_list_of_the_second_seed_stays_in_its_first_item():
    first, second = split(shared("seeds/004_2b602f2eca641b35.txt").read_text()).parts
    points = [line for line in first.text.split("\n") if line[:2] in {"1.", "2.", "3.", "4.", "5."}]
    assert [point[0] for point in points] == ["1", "2", "3", "4", "5"]
    assert not any(line[:1].isdigit() for line in second.text.split("\n"))
