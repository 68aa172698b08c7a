"""How what is typed and what is published are read: the signs, capitals and accents that make no difference."""

from alerts.query.rules.rule import rule

READING = (
    rule(
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
    rule(
        "people¹",
        "A footnote number or a trade mark sticks to no word.",
        ("people", "Young people¹ said so.", True),
        ('"people said"', "Young people¹² said so.", True),
        ("people¹", "Young people said so.", True),
        ("zap", "Zap™ tablets", True),
        ('"zap tablets"', "Zap™ tablets", True),
        ("2023", "In 2023¹ it rose.", True),
    ),
    rule(
        "children's",
        "A possessive ending is dropped; another apostrophe within a word vanishes.",
        ("children's", "Children at school.", True),
        ('"children"', "The children’s ward.", True),
        ('"nurses"', "The nurses' pay.", True),
        ("O'Brien", "Mr O’Brien spoke.", True),
        ("obrien", "Mr O'Brien spoke.", True),
        ("'flu'", "The flu season.", True),
    ),
    rule(
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
    rule(
        "A&E",
        "The sign & is the word and.",
        ('"Health and Social Care"', "Department of Health & Social Care", True),
        ('"R & D"', "R and D", True),
    ),
)
