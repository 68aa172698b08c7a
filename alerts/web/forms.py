"""The subscribe form."""

import datetime

from django import forms

from accounts import addresses
from alerts.digests.hours import USUAL
from alerts.models.choices import Frequency
from alerts.query import Query, QueryError, parse
from alerts.web import frequencies, stamps
from alerts.web.hours_form import HoursForm
from alerts.web.reading import NOTHING_TYPED, Mistake, mistake
from alerts.web.volume import Volume, of_query

YOUNGEST, OLDEST = datetime.timedelta(seconds=2), datetime.timedelta(hours=24)
BOXES = ("wants_tabled", "wants_answered", "wants_corrected", "wants_updated")
HOW_OFTEN = "Choose how often to get emails"
PRESS_AGAIN = "This form was sent very quickly or had been open for long. Check it and press the button again"


class SubscribeForm(HoursForm):
    """The words, how often and at what hour, which developments, and the address; nothing typed is lost by an error.

    After `is_valid()` the query is in `query`, or its mistake in `query_mistake`; what it finds in a week in `volume`.
    """

    q = forms.CharField(max_length=1000, strip=False, error_messages={"required": NOTHING_TYPED})
    name = forms.CharField(max_length=120, required=False)
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
    address = forms.CharField(max_length=320, error_messages={"required": addresses.HINT, "max_length": addresses.HINT})
    website = forms.CharField(required=False)
    shown = forms.CharField(required=False)

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
            raise forms.ValidationError(error.message) from error
        return typed

    def clean_name(self) -> str:
        """The name on one line, without control characters: it stands in subjects of mails."""
        return " ".join("".join(sign if sign.isprintable() else " " for sign in self.cleaned_data["name"]).split())

    def clean_address(self) -> str:
        """The canonical address; the typed one stays in the form's data."""
        try:
            return addresses.canonical(self.cleaned_data["address"])
        except addresses.AddressError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> None:
        """At least one development, and a form that a person may have filled in."""
        data = self.cleaned_data
        if not any(data.get(box) for box in BOXES):
            self.add_error("wants_tabled", "Choose at least one thing to be told about")
        self._refuse_too_much(data.get("frequency", ""))
        age = stamps.age(data.get("shown", ""))
        if not self.errors and (age is None or not YOUNGEST <= age <= OLDEST):
            self.add_error(None, PRESS_AGAIN)

    def _refuse_too_much(self, frequency: str) -> None:
        """An error where the words find more than can be read, or more than can be told as it happens."""
        if too_much := frequencies.too_much(self.volume):
            self.add_error("q", too_much)
        elif refusal := frequencies.refusal(frequency, self.volume):
            self.add_error("frequency", refusal)

    @property
    def wished(self) -> dict[str, object]:
        """The hour, weekday and zone as fields of a sign-up: those that were left as usual are no wish."""
        hours = self.hours
        return {
            "delivery_time": hours.time if hours.time != USUAL.time else None,
            "delivery_weekday": hours.weekday if hours.weekday != USUAL.weekday else None,
            "timezone": hours.timezone if hours.timezone != USUAL.timezone else "",
        }

    @property
    def is_a_trap_sprung(self) -> bool:
        """Whether the field that people never see was filled in."""
        return bool(self.cleaned_data.get("website"))
