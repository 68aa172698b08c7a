"""What an alert is to be, as fields of a form: the words, the name, how often, which developments."""

import datetime

from django import forms

from alerts.models.choices import Frequency
from alerts.query import Query, QueryError, parse
from alerts.web import frequencies
from alerts.web.reading import NOTHING_TYPED, Mistake, mistake
from alerts.web.volume import Volume, of_query

BOXES = ("wants_tabled", "wants_answered", "wants_corrected", "wants_updated")
WANTED = ("query", "name", "frequency", *BOXES)
LONG_NAME = "A name can have 120 characters at most. Shorten it"
HOW_OFTEN = "Choose how often to get emails"


class WantedForm(forms.Form):
    """The words, how often and which developments; nothing typed is lost by an error.

    After `is_valid()` the query is in `query`, or its mistake in `query_mistake`; what it finds in a week in `volume`.
    """

    use_required_attribute = False

    q = forms.CharField(strip=False, error_messages={"required": NOTHING_TYPED})
    name = forms.CharField(max_length=120, required=False, error_messages={"max_length": LONG_NAME})
    frequency = forms.ChoiceField(
        choices=Frequency.choices,
        initial=Frequency.DAILY,
        error_messages={
            "required": HOW_OFTEN,
            "invalid_choice": HOW_OFTEN,
        },
    )
    wants_tabled = forms.BooleanField(required=False)
    wants_answered = forms.BooleanField(required=False, initial=True)
    wants_corrected = forms.BooleanField(required=False, initial=True)
    wants_updated = forms.BooleanField(required=False)

    query_mistake: Mistake | None = None
    query: Query | None = None
    volume: Volume | None = None

    def __init__(self, *given, now: datetime.datetime, **named) -> None:
        super().__init__(*given, **named)
        self.now = now

    def clean_q(self) -> str:
        """The words as typed; the query they are goes to `self.query`."""
        typed = self.cleaned_data["q"]
        if not typed.strip():
            raise forms.ValidationError(NOTHING_TYPED)
        try:
            self.query = parse(typed)
            self.volume = of_query(self.query, self.now)
        except QueryError as error:
            self.query_mistake = mistake(typed, error)
            raise forms.ValidationError(error.message.removesuffix(".")) from error
        return typed

    def clean_name(self) -> str:
        """The name on one line, without control characters: it stands in subjects of mails."""
        return " ".join("".join(sign if sign.isprintable() else " " for sign in self.cleaned_data["name"]).split())

    def clean(self) -> None:
        """At least one development, and no more than can be read."""
        data = self.cleaned_data
        if not any(data.get(box) for box in BOXES):
            self.add_error("wants_tabled", "Choose at least one thing to be told about")
        self._refuse_too_much(data.get("frequency", ""))

    def _refuse_too_much(self, frequency: str) -> None:
        """An error where the words find more than can be read, or more than can be told as it happens."""
        if too_much := frequencies.too_much(self.volume):
            self.add_error("q", too_much)
        elif refusal := frequencies.refusal(frequency, self.volume):
            self.add_error("frequency", refusal)

    @property
    def wanted(self) -> dict[str, object]:
        """What was chosen, as fields of `Wanted`."""
        data = self.cleaned_data
        return {"query": data["q"], **{field: data[field] for field in WANTED[1:]}}
