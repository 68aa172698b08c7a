"""An issue becomes its items by rules in a fixed order; where none is certain it stays whole."""

import pytest

from alerts.models import Issue
from alerts.sources.issue_split import split

Rule = Issue.Rule
PROSE = "The harbour board met on Tuesday and agreed to mend the lamps before the autumn storms come in."
MORE = "Nobody spoke against it. The work is to begin in March, and the cost is met from the dues of last year."


def issue(*blocks: str) -> str:
    return "".join(blocks)


def p(text: str) -> str:
    return f"<p>{text}</p>"


def titles(source: str, title: str = "") -> list[str]:
    return [part.title for part in split(source, title).parts]


TRAP = f"""1. Named wardens for every lamp

{PROSE} Five points were agreed:

  1. A warden is named for each lamp, and the name is painted on its post.
  2. Each warden is given a ladder, a key and a stock of wicks.
  3. The wardens meet once in a season to compare what they have seen.

{MORE}

2. The lamp keeper speaks at the autumn fair

{PROSE}
"""
"""An inner list that would be item 2 to whoever looks for the next number only."""


def test_an_inner_list_stays_in_its_item():
    found = split(TRAP)
    assert (found.rule, len(found.parts)) == (Rule.NUMBERED_LINES, 2)
    first, second = found.parts
    assert first.title == "Named wardens for every lamp"
    assert second.title == "The lamp keeper speaks at the autumn fair"
    assert "2. Each warden is given a ladder, a key and a stock of wicks." in first.text.split("\n")
    assert first.html.count("<li>") == 3
    assert first.text.endswith("the dues of last year.")
    assert second.text == PROSE


@pytest.mark.parametrize("indent", ["", "  "])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_an_inner_list_stays_inside_however_it_is_set(indent, gap):
    points = gap.join(f"{indent}{number}. A short point about lamps" for number in (1, 2, 3))
    assert titles(f"1. Wardens\n\n{PROSE}\n\n{points}\n\n{MORE}\n\n2. Fair\n\n{PROSE}") == ["Wardens", "Fair"]


def test_a_number_further_in_is_of_the_item_it_stands_in():
    source = f"1. Wardens\n\n{PROSE}\n\n  1. Ladders\n\n  {MORE}\n\n  2. Wicks\n\n  {MORE}\n\n2. Fair\n\n{PROSE}"
    assert titles(source) == ["Wardens", "Fair"]


def test_the_rules_are_tried_in_their_order():
    h3 = issue("<h3>1. Lamps</h3>", p(PROSE), "<h3>2. Ferries</h3>", p(MORE))
    assert split(h3).rule == Rule.NUMBERED_HEADINGS
    assert split(h3.replace("1. ", "").replace("2. ", "")).rule == Rule.HEADINGS
    bold = h3.replace("<h3>", "<p><b>").replace("</h3>", "</b></p>")
    assert split(bold).rule == Rule.NUMBERED_BOLD
    plain = h3.replace("<h3>", "<p>").replace("</h3>", "</p>")
    assert split(plain).rule == Rule.NUMBERED_LINES
    for source in (h3, bold, plain):
        assert titles(source) == ["Lamps", "Ferries"]
        assert [part.text for part in split(source).parts] == [PROSE, MORE]
    assert split(p(PROSE) + p(MORE)).rule == Rule.WHOLE


def test_the_surer_the_rule_the_higher_the_confidence():
    numbered = split(issue("<h3>1. Lamps</h3>", p(PROSE), "<h3>2. Ferries</h3>", p(MORE)))
    plain = split(issue("<h3>Lamps</h3>", p(PROSE), "<h3>Ferries</h3>", p(MORE)))
    led = split(issue(p(PROSE), p(MORE), "<h3>Lamps</h3>", p(PROSE), "<h3>Ferries</h3>", p(MORE)))
    assert 1 > numbered.confidence > plain.confidence > led.confidence > 0


REFUSED = {
    "a gap": ("1. Lamps", "3. Ferries"),
    "no first": ("2. Lamps", "3. Ferries"),
    "one only": ("1. Lamps", "Ferries, and what became of them all"),
    "twice the first": ("1. Lamps", "1. Ferries"),
    "a decimal": ("1.5 million lamps", "2.5 million ferries"),
    "a time": ("1.30 start at the quay", "2.30 end"),
    "sentences": ("1. The lamps are lit.", "2. The ferries run."),
}


@pytest.mark.parametrize("lines", REFUSED.values(), ids=REFUSED)
def test_numbers_that_do_not_go_from_one_to_n_split_nothing(lines):
    found = split(issue(p(lines[0]), p(PROSE), p(lines[1]), p(MORE)), "The Lamp Room")
    assert (found.rule, [part.title for part in found.parts]) == (Rule.WHOLE, ["The Lamp Room"])


@pytest.mark.parametrize("last", ["", "<p> </p>"])
def test_an_empty_item_refuses_the_split(last):
    assert split(issue(p("1. Lamps"), p(PROSE), p("2. Ferries"), last)).rule == Rule.WHOLE


def test_a_long_paragraph_is_no_title():
    long = "1. The board asked the keepers of all the lamps on both sides of the harbour for their opinion on the hours"
    assert split(issue(p(f"{long} of their work"), p(PROSE), p("2. Ferries"), p(MORE))).rule == Rule.WHOLE


def test_points_of_a_list_open_no_item():
    points = "<ol><li>A warden for each lamp</li><li>A ladder for each warden</li></ol>"
    assert split(issue(p(PROSE), points, p(MORE))).rule == Rule.WHOLE
    assert titles(issue("<h3>1. Lamps</h3>", points, "<h3>2. Ferries</h3>", points)) == ["Lamps", "Ferries"]


ONE_LIST = {
    "one list": f"<ol><li><b>Lamps</b><br>{PROSE}</li><li><b>Ferries</b><br>{MORE}</li></ol>",
    "a list broken up": f"<ol><li>Lamps<p>{PROSE}</p></li></ol><ol start='2'><li>Ferries<p>{MORE}</p></li></ol>",
    "titles in lists": f"<ol><li>Lamps</li></ol><p>{PROSE}</p><ol start='2'><li>Ferries</li></ol><p>{MORE}</p>",
}


@pytest.mark.parametrize("source", ONE_LIST.values(), ids=ONE_LIST)
def test_an_issue_that_is_one_numbered_list_has_its_points_for_items(source):
    found = split(source)
    assert (found.rule, [part.title for part in found.parts]) == (Rule.NUMBERED_LINES, ["Lamps", "Ferries"])
    assert [part.text for part in found.parts] == [PROSE, MORE]


def test_an_inner_list_of_an_issue_whose_titles_are_points_stays_inside():
    inner = "<ol><li>A warden for each lamp</li><li>A ladder for each warden</li></ol>"
    source = f"<ol><li>Lamps</li></ol>{p(PROSE)}{inner}{p(MORE)}<ol start='2'><li>Ferries</li></ol>{p(MORE)}"
    first, second = split(source).parts
    assert (first.title, second.title) == ("Lamps", "Ferries")
    assert "2. A ladder for each warden" in first.text


def test_lists_that_each_begin_anew_are_no_issue():
    points = "<ol><li>A warden for each lamp here</li><li>A ladder for each warden here</li></ol>"
    assert split(points + points).rule == Rule.WHOLE


def test_the_newsletters_own_name_number_and_greeting_are_no_item():
    source = issue(
        "<h1>The Lamp Room</h1>", p("Newsletter, Issue 4"), p("Dear readers,"), "<h2>Lamps</h2>", p(PROSE)
    ) + issue("<h2>Ferries</h2>", p(MORE))
    assert titles(source, "The Lamp Room, May 2031") == ["Lamps", "Ferries"]


def test_a_table_of_contents_is_no_item():
    contents = "<h2>In this issue</h2><ul><li>Lamps</li><li>Ferries</li></ul>"
    bare = "<ul><li>Lamps</li><li>Ferries</li></ul>"
    rest = issue("<h2>Lamps</h2>", p(PROSE), "<h2>Ferries</h2>", p(MORE))
    assert titles(contents + rest) == titles(bare + rest) == ["Lamps", "Ferries"]


FOOTERS = {
    "address and settings": issue(
        p("Copyright © 2031 The Lamp Room, all rights reserved."),
        p("Our mailing address is:"),
        p("The Lamp Room"),
        p("PO Box 12, Quayside"),
        p('<a href="https://post.example/unsubscribe/5">Unsubscribe</a>'),
    ),
    "networks": issue("<h2>Follow us</h2>", p("Facebook | Instagram | Website")),
    "an appeal": issue(
        p("DONATE"), p("<b>Become a monthly supporter of The Lamp Room!</b>"), p("Your donation helps us.")
    ),
    "why it came": p("You are receiving this email because you signed up at the autumn fair."),
}


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS)
def test_a_footer_belongs_to_no_item(footer):
    source = issue("<h2>Lamps</h2>", p(PROSE), "<h2>Ferries</h2>", p(MORE), footer)
    assert [(part.title, part.text) for part in split(source).parts] == [("Lamps", PROSE), ("Ferries", MORE)]


def test_what_stands_before_the_first_item_and_says_something_is_an_item():
    source = issue(p(PROSE), p(MORE), p("1. Lamps"), p(MORE), p("2. Ferries"), p(MORE))
    assert titles(source, "The Lamp Room, May 2031") == ["The Lamp Room, May 2031", "Lamps", "Ferries"]
    first, *_ = split(source).parts
    assert (first.title, first.text) == (PROSE, f"{PROSE}\n{MORE}")


def test_an_editors_few_words_before_the_first_item_are_a_greeting():
    source = issue(p("A full hold this week. Make some tea."), p("1. Lamps"), p(MORE), p("2. Ferries"), p(MORE))
    assert titles(source, "The Lamp Room, May 2031") == ["Lamps", "Ferries"]


def test_a_heading_before_the_numbered_ones_is_an_item_of_its_own():
    source = issue("<h2>From the chair</h2>", p(PROSE), "<h3>1. Lamps</h3>", p(MORE), "<h3>2. Ferries</h3>", p(MORE))
    assert titles(source) == ["From the chair", "Lamps", "Ferries"]


def test_a_heading_after_the_last_number_begins_another_item():
    source = issue("<h3>1. Lamps</h3>", p(PROSE), "<h3>2. Ferries</h3>", p(MORE), "<h3>Situations vacant</h3>", p(MORE))
    assert titles(source) == ["Lamps", "Ferries", "Situations vacant"]


def test_a_section_that_is_only_a_title_gives_way_to_the_headings_in_it():
    harbour = issue("<h2>Harbour</h2>", "<h3>Lamps</h3>", p(PROSE), "<h3>Ferries</h3>", p(MORE))
    assert titles(harbour + issue("<h2>Town</h2>", p(MORE))) == ["Lamps", "Ferries", "Town"]


def test_headings_within_a_section_with_words_of_its_own_stay_in_it():
    harbour = issue("<h2>Harbour</h2>", p(PROSE), "<h3>Lamps</h3>", p(MORE), "<h3>Ferries</h3>", p(MORE))
    assert titles(harbour + issue("<h2>Town</h2>", p(MORE))) == ["Harbour", "Town"]


def test_buttons_under_headings_are_no_items():
    button = '<p><a href="https://quay.example">JOIN US</a></p>'
    assert split(issue("<h1>Write:</h1>", button, "<h1>Ride:</h1>", button, p(PROSE))).rule == Rule.WHOLE


def text_block(*inner: str) -> str:
    cells = f'<tr><td style="font-size:14px">{"".join(inner)}</td></tr>'
    return f'<table class="mcnTextBlock"><tbody>{cells}</tbody></table>'


def big(title: str) -> str:
    return text_block(f'<span style="font-size:30px">{title}</span>')


def test_text_blocks_of_a_mailing_program_are_items_under_their_titles():
    source = issue(
        text_block(p("May 2031 Newsletter"), p("The Lamp Room keeps the harbour lit.")),
        text_block("<strong>Lamps!</strong><br><br>", PROSE),
        big("News"),
        text_block(f"<b>Monday</b><ul><li>{PROSE}</li></ul>"),
        text_block(p("Write to us with interest!")),
        big("Events"),
        text_block(MORE),
    )
    found = split(source)
    assert (found.rule, [part.title for part in found.parts]) == (Rule.BLOCKS, ["Lamps!", "News", "Events"])
    assert found.parts[1].text.startswith("Monday\n")
    assert found.parts[1].text.endswith("Write to us with interest!")


def test_text_blocks_without_titles_split_nothing():
    assert split(issue(text_block(PROSE), text_block(MORE), text_block(PROSE))).rule == Rule.WHOLE


def test_titles_are_one_line_without_number_and_not_endless():
    source = issue("<h2>1) The <em>new</em><br>lamps</h2>", p(PROSE), f"<h2>2) {'lamp ' * 200}</h2>", p(MORE))
    first, second = titles(source)
    assert first == "The new lamps"
    assert len(second) <= 500
    assert second.endswith("lamp…")


def test_a_title_may_begin_with_a_year():
    assert titles("1. 2031 in lamps\n\nAll lit.\n\n2. 2032 to come\n\nAll dark.") == ["2031 in lamps", "2032 to come"]


def test_nothing_has_no_items():
    assert split("").parts == split("<p> </p>").parts == ()


@pytest.mark.parametrize(
    "source", ["<h2>x</h2><p>y y y y y y</p>" * 5000, "1. x\n\ny\n\n" * 30_000, "<p>1. x</p>" * 20_000]
)
def test_what_no_newsletter_is_stays_whole(source):
    assert split(source).rule == Rule.WHOLE
