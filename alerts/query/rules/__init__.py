"""The rules of the language, each with examples that are true: the tests check them, the help page shows them."""

from alerts.query.rules.narrowing import NARROWING
from alerts.query.rules.reading import READING
from alerts.query.rules.words import WORDS

RULES = WORDS + NARROWING + READING
