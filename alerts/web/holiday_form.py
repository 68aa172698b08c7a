"""The holiday as fields of a form."""

import datetime

from django import forms

from alerts.digests import holiday
from alerts.digests.holiday import Holiday

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
CHOOSE_DATE = "Enter both days, like {example}"


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
        data = self.cleaned_data
        first, until = data.get("first"), data.get("until")
        if first is None or until is None:
            example = self.today + datetime.timedelta(days=7)
            self.errors.clear()
            self.add_error(None, CHOOSE_DATE.format(example=f"{example:%d/%m/%Y}"))
        elif problem := holiday.problem(self.holiday, self.today):
            self.add_error(None, problem)

    @property
    def holiday(self) -> Holiday:
        """What was chosen."""
        data = self.cleaned_data
        return Holiday(data["first"], data["until"], data.get("meanwhile") == "skip")
