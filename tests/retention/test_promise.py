"""What is promised to people and operators is what the rules do."""

import re
from pathlib import Path

from alerts.retention.rules import RULES

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_the_table_for_operators_is_the_table_of_the_rules():
    section = OPERATIONS.read_text(encoding="utf-8").partition("## What is kept")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (?!what )(.+) \|$", section, re.MULTILINE)
    assert lines == [f"{rule.what} | {rule.how_long} | {rule.why}" for rule in RULES]


def test_each_time_is_said_in_words_that_are_true():
    said = {rule.name: rule.how_long for rule in RULES}
    assert (said["sign_ups"], said["bytes"], said["emails"], said["people"]) == (
        "7 days",
        "3 days",
        "12 months",
        "31 days",
    )
    assert said["hits"] == "14 months" and said["sessions"] == "until you sign out, 30 days at most"
