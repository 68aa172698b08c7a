"""The subscribe form."""

import datetime

from django import forms

from accounts import addresses
from alerts.models.choices import Frequency
from alerts.query import QueryError, parse
from alerts.web import stamps
from alerts.web.reading import NOTHING_TYPED, Mistake, mistake

OFFERED = (
    (Frequency.DAILY, "Once a day", "At 07:30, only when there is something"),
    (Frequency.WEEKLY, "Once a week", "Mondays at 07:30, only when there is something"),
)
YOUNGEST, OLDEST = datetime.timedelta(seconds=2), datetime.timedelta(hours=24)
HOW_OFTEN = "Choose how often to get emails"
PRESS_AGAIN = "This form was sent very quickly or had been open for long. Check it and press the button again"


class SubscribeForm(forms.Form):
    """The words, how often, which developments, and the address; nothing typed is lost by an error.

    After `is_valid()` the query is in `query`, or its mistake in `query_mistake`.
    """

    use_required_attribute = False

    q = forms.CharField(max_length=1000, strip=False, error_messages={"required": NOTHING_TYPED})
    name = forms.CharField(max_length=120, required=False)
    frequency = forms.ChoiceField(
        choices=[(value, label) for value, label, _ in OFFERED],
        initial=Frequency.DAILY,
        error_messages={
            "required": HOW_OFTEN,
            "invalid_choice": HOW_OFTEN,
        },
    )
    wants_tabled = forms.BooleanField(required=False)
    wants_answered = forms.BooleanField(required=False, initial=True)
    wants_corrected = forms.BooleanField(required=False, initial=True)
    address = forms.CharField(max_length=320, error_messages={"required": addresses.HINT, "max_length": addresses.HINT})
    website = forms.CharField(required=False)
    shown = forms.CharField(required=False)

    query_mistake: Mistake | None = None
    query = None

    def clean_q(self) -> str:
        """The words as typed; the query they are goes to `self.query`."""
        typed = self.cleaned_data["q"]
        if not typed.strip():
            raise forms.ValidationError(NOTHING_TYPED)
        try:
            self.query = parse(typed)
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
        if not (data.get("wants_tabled") or data.get("wants_answered") or data.get("wants_corrected")):
            self.add_error("wants_tabled", "Choose at least one thing to be told about")
        age = stamps.age(data.get("shown", ""))
        if not self.errors and (age is None or not YOUNGEST <= age <= OLDEST):
            self.add_error(None, PRESS_AGAIN)

    @property
    def is_a_trap_sprung(self) -> bool:
        """Whether the field that people never see was filled in."""
        return bool(self.cleaned_data.get("website"))
