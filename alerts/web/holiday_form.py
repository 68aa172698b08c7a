"""The holiday as fields of a form."""

import datetime

from django import forms

from alerts.digests import holiday
from alerts.digests.holiday import Holiday

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
ENTER = {
    "first": "Enter the first day without emails, like {example}",
    "until": "Enter the day from which emails come again, like {example}",
}


def like(today: datetime.date) -> str:
    """A day to come, as it may be typed."""
    return f"{today + datetime.timedelta(days=7):%d/%m/%Y}"


class HolidayForm(forms.Form):
    """From when until when no emails come, and what becomes of what comes meanwhile; then it is in `holiday`."""

    use_required_attribute = False

    first = forms.DateField(required=False, input_formats=DAYS)
    until = forms.DateField(required=False, input_formats=DAYS)
    meanwhile = forms.ChoiceField(choices=[("tell", ""), ("skip", "")], required=False)

    def __init__(self, *given, today: datetime.date, **named) -> None:
        super().__init__(*given, **named)
        self.today = today

    def clean(self) -> None:
        """Days that make a holiday, from today on."""
        missing = [end for end in ENTER if self.cleaned_data.get(end) is None]
        for end in missing:
            self.errors.pop(end, None)
            self.add_error(end, ENTER[end].format(example=like(self.today)))
        for end, problem in ({} if missing else holiday.problems(self.holiday, self.today)).items():
            self.add_error(end, problem)

    @property
    def holiday(self) -> Holiday:
        """What was chosen."""
        data = self.cleaned_data
        return Holiday(data["first"], data["until"], data.get("meanwhile") == "skip")
