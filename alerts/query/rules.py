"""The rules of the language, each with examples that are true: the tests check them, the help page shows them."""

from typing import NamedTuple


class Example(NamedTuple):
    """What is typed, a text, and whether the one finds the other."""

    typed: str
    text: str
    finds: bool


class Rule(NamedTuple):
    """One rule in a sentence, what to type for it, and its examples."""

    typed: str
    sentence: str
    examples: tuple[Example, ...]


def _rule(typed: str, sentence: str, *examples: tuple[str, str, bool]) -> Rule:
    return Rule(typed, sentence, tuple(Example(*example) for example in examples))


TYPING = (
    _rule(
        "maternity",
        "A word is found in any of its forms, whatever its capitals.",
        ("maternity", "Maternity Services: Safety", True),
        ("inequalities", "Every inequality in health matters.", True),
        ("baby", "Two babies were moved to another unit.", True),
        ("SCREENING", "All patients were screened.", True),
        ("maternity", "Paternity leave was extended.", False),
        ("care", "The scheme was careless.", False),
        ("AI", "The use of AI in hospitals.", True),
        ("UK", "The UK has not signed.", True),
    ),
    _rule(
        '"young people"',
        "Words in quotation marks are found exactly as they stand, in this order, whatever their capitals.",
        ('"young people"', "Support for Young People in care.", True),
        ('"young people"', "Young people's views were heard.", True),
        ('"young people"', "People who are young.", False),
        ('"young people"', "Young disabled people.", False),
        ('"health inequality"', "Health inequalities persist.", False),
        ('"to be or not to be"', "Whether to be, or not to be, a trust.", True),
        ('"to be or not to be"', "Whether to be a trust or not.", False),
        ('"nationally based"', "It is offered nationally.\nBased on need, it grows.", False),
        ("“young people”", "Young people in care.", True),
    ),
    _rule(
        '"safety"',
        "One word in quotation marks is found in exactly this form.",
        ('"safety"', "Safety of patients.", True),
        ('"inequality"', "Health inequalities persist.", False),
        ('"the"', "The end.", True),
    ),
    _rule(
        "long-term",
        "Anything without blanks that gives several words is an exact phrase, and each of its words counts.",
        ("long-term", "A long term plan.", True),
        ("long-term", "The term was long.", False),
        ("A&E", "A and E waiting times.", True),
        ("A&E", "Queues in A&E grew.", True),
        ("A&E", "A ward with E coli.", False),
        ("U.K.", "The U.K. and Norway.", True),
        ("U.K.", "The UK and Norway.", False),
        ("10:30", "Trains at 10.30 or 10:30 were late.", True),
        ("10:30", "Thirty trains at 10.", False),
        ("and/or", "Nurses and, or, doctors.", True),
        ("COVID-19", "Covid 19 vaccines.", True),
    ),
    _rule(
        "maternity safety",
        "Several words are all found, anywhere in the text.",
        ("maternity safety", "Safety comes first.\nIn maternity, too.", True),
        ("maternity safety", "Maternity services.", False),
    ),
    _rule(
        "maternity AND safety",
        "AND in capitals asks for both sides.",
        ("maternity AND safety", "The safety of maternity units.", True),
        ("maternity AND safety", "The safety of bridges.", False),
    ),
    _rule(
        "maternity OR neonatal",
        "OR in capitals asks for at least one side.",
        ("maternity OR neonatal", "Neonatal units.", True),
        ("maternity OR neonatal", "Maternity units.", True),
        ("maternity OR neonatal", "Cardiac units.", False),
        ("cancer AND screening OR flu", "Flu jabs.", True),
        ("cancer AND screening OR flu", "Cancer plan.", False),
        ("flu OR cancer screening", "Flu jabs.", True),
        ("flu OR cancer screening", "Screening at airports.", False),
    ),
    _rule(
        "cancer NOT screening",
        "NOT in capitals leaves out what comes next.",
        ("cancer NOT screening", "A cancer plan.", True),
        ("cancer NOT screening", "Cancer screening.", False),
        ("cancer AND NOT screening", "Cancer screening.", False),
        ("cancer AND NOT screening", "A cancer plan.", True),
        ("cancer NOT NOT screening", "Cancer screening.", True),
        ("cancer NOT NOT screening", "A cancer plan.", False),
        ('cancer NOT "screening tests"', "Screening for cancer.", True),
        ("cancer NOT (bowel screening)", "Screening for lung cancer.", True),
        ("cancer NOT (bowel screening)", "Screening for bowel cancer.", False),
    ),
    _rule(
        "cancer -screening",
        "A minus directly before a word is NOT; elsewhere it joins words or is ignored.",
        ("cancer -screening", "Cancer screening.", False),
        ("cancer -screening", "A cancer plan.", True),
        ('cancer -"bowel screening"', "Bowel screening finds cancer.", False),
        ("cancer -(bowel OR lung)", "Lung cancer.", False),
        ("cancer - screening", "Cancer screening.", True),
        ("cancer – screening", "Cancer screening.", True),
        ("cancer –screening", "Cancer screening.", True),
        ("cancer --screening", "Cancer screening.", True),
        ("cancer -the plan", "A cancer plan.", True),
    ),
    _rule(
        "(baby OR babies) AND neonatal",
        "Brackets group.",
        ("(baby OR mother) AND neonatal", "A mother on a neonatal ward.", True),
        ("(baby OR mother) AND neonatal", "A mother at home.", False),
        ("neonatal AND (baby OR (mother AND home))", "Neonatal care for a mother at home.", True),
        ("neonatal AND (baby OR (mother AND home))", "Neonatal care for a mother.", False),
        ("baby(mother)", "Mother and baby.", True),
    ),
    _rule(
        "health and care",
        "Small common words and stray signs outside quotation marks are ignored.",
        ("Secretary of State", "The State pays its secretary.", True),
        ("Health & Social Care", "Social care, health.", True),
        ("health, care", "Care for health.", True),
        ("health + care", "Care for health.", True),
        ("Services: Safety", "Safety of services.", True),
        ("flu or measles", "Flu.", False),
    ),
)

READING = (
    _rule(
        "café",
        "Capitals, accents and the shape of quotes, dashes and blanks make no difference.",
        ("Siân", "Sian Berry asked.", True),
        ("cafe", "The café closed.", True),
        ("cafe", "The cafe\u0301 closed.", True),
        ("straße", "STRASSE", True),
        ("“long‑term plan”", "The long–term plan", True),
        ('"two words"', "two\u00a0words", True),
        ('"two words"', "two\u202fwords", True),
        ("hyphen", "hy\u00adphen", True),
        ("zero", "ze\u200bro", True),
        ("ＮＨＳ", "The NHS", True),
        ("CO2", "CO₂ rose.", True),
    ),
    _rule(
        "people¹",
        "A footnote number or a trade mark sticks to no word.",
        ("people", "Young people¹ said so.", True),
        ('"people said"', "Young people¹² said so.", True),
        ("people¹", "Young people said so.", True),
        ("zap", "Zap™ tablets", True),
        ('"zap tablets"', "Zap™ tablets", True),
        ("2023", "In 2023¹ it rose.", True),
    ),
    _rule(
        "children's",
        "A possessive ending is dropped; another apostrophe within a word vanishes.",
        ("children's", "Children at school.", True),
        ('"children"', "The children’s ward.", True),
        ('"nurses"', "The nurses' pay.", True),
        ("O'Brien", "Mr O’Brien spoke.", True),
        ("obrien", "Mr O'Brien spoke.", True),
        ("'flu'", "The flu season.", True),
    ),
    _rule(
        "1,000",
        "A comma in thousands vanishes, a point between digits stays, other signs separate.",
        ("1000", "Over 1,000 beds", True),
        ("1,000,000", "Over 1000000 beds", True),
        ("4.5", "A rise of 4.5%", True),
        ('"4 5"', "A rise of 4.5%", False),
        ("£5m", "Another 5m pounds.", True),
        ("5m", "Another £5m.", True),
        ('"1 2000"', "Sections 1, 2000.", True),
        ("snake_case", "A snake case", True),
    ),
    _rule(
        "A&E",
        "The sign & is the word and.",
        ('"Health and Social Care"', "Department of Health & Social Care", True),
        ('"R & D"', "R and D", True),
    ),
)

RULES = TYPING + READING
