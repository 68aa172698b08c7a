"""The subscribe form."""

import datetime

from django import forms

from accounts import addresses
from alerts.digests.hours import USUAL
from alerts.web import stamps
from alerts.web.hours_form import HoursForm
from alerts.web.wanted_form import WantedForm

YOUNGEST, OLDEST = datetime.timedelta(seconds=2), datetime.timedelta(hours=24)
PRESS_AGAIN = "This form was sent very quickly or had been open for long. Check it and press the button again"


class SubscribeForm(WantedForm, HoursForm):
    """What the alert is to be, at what hour, and the address."""

    address = forms.CharField(max_length=320, error_messages={"required": addresses.HINT, "max_length": addresses.HINT})
    website = forms.CharField(required=False)
    shown = forms.CharField(required=False)

    def clean_address(self) -> str:
        """The canonical address; the typed one stays in the form's data."""
        try:
            return addresses.canonical(self.cleaned_data["address"])
        except addresses.AddressError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> None:
        """What the alert is to be is right, and it is a form that a person may have filled in."""
        super().clean()
        age = stamps.age(self.cleaned_data.get("shown", ""))
        if not self.errors and (age is None or not YOUNGEST <= age <= OLDEST):
            self.add_error("shown", PRESS_AGAIN)

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
