"""The hour, weekday and time zone of a person's emails, as fields of a form."""

import datetime

from django import forms

from alerts.digests.hours import USUAL, Hours
from alerts.web import zones
from alerts.web.frequencies import WEEKDAYS

CLOCKS = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30))
CHOOSE_HOUR = "Choose an hour from the list"
CHOOSE_WEEKDAY = "Choose a day from the list"
CHOOSE_ZONE = "Choose a time zone from the list"


class HoursForm(forms.Form):
    """When emails come; what is left out stays as it was before. After `is_valid()` it is in `hours`."""

    use_required_attribute = False

    hour = forms.ChoiceField(
        choices=[(clock, clock) for clock in CLOCKS], required=False, error_messages={"invalid_choice": CHOOSE_HOUR}
    )
    weekday = forms.ChoiceField(
        choices=[(str(number), day) for number, day in enumerate(WEEKDAYS)],
        required=False,
        error_messages={"invalid_choice": CHOOSE_WEEKDAY},
    )
    zone = forms.CharField(max_length=64, required=False, error_messages={"max_length": CHOOSE_ZONE})

    def __init__(self, *given, before: Hours = USUAL, initial: dict[str, object] | None = None, **named) -> None:
        super().__init__(*given, initial={**shown(before), **(initial or {})}, **named)
        self.before = before

    def clean_zone(self) -> str:
        """A zone that may be chosen, or the one there was."""
        zone = self.cleaned_data["zone"]
        if zone and zone != self.before.timezone and zone not in zones.names():
            raise forms.ValidationError(CHOOSE_ZONE)
        return zone

    @property
    def hours(self) -> Hours:
        """What was chosen."""
        data = self.cleaned_data
        return Hours(
            datetime.time.fromisoformat(data["hour"]) if data["hour"] else self.before.time,
            int(data["weekday"]) if data["weekday"] else self.before.weekday,
            data["zone"] or self.before.timezone,
        )

    @property
    def chosen(self) -> dict[str, str]:
        """Where the selects stand: at what was chosen, or at what there was before where nothing offered was."""
        before = {name: str(self.initial[name]) for name in HoursForm.base_fields}
        return {name: was if name in self.errors else self[name].value() or was for name, was in before.items()}

    @property
    def offered(self) -> dict[str, object]:
        """What the selects offer."""
        kept = self.before.timezone
        other = () if kept in zones.names() else (("As it is", ((kept, kept),)),)
        weekdays = [(str(number), day) for number, day in enumerate(WEEKDAYS)]
        return {"clocks": CLOCKS, "weekdays": weekdays, "zones": other + zones.groups()}


def shown(hours: Hours) -> dict[str, str]:
    """The fields as they stand for these hours; an hour between two of the list is shown as the one before it."""
    minute = 30 if hours.time.minute >= 30 else 0
    return {"hour": f"{hours.time.hour:02}:{minute:02}", "weekday": str(hours.weekday), "zone": hours.timezone}
