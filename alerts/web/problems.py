"""What is wrong with what was sent, as pages say it: by the id of the field where it is mended, '' where none is."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form

from alerts.models.choices import Frequency

Problems = dict[str, str]

ELSEWHERE = {NON_FIELD_ERRORS: "", "frequency": f"frequency-{Frequency.DAILY}", "shown": "send"}
"""What is mended at another id than its name: radio buttons at one that is never closed, a stamp by pressing again."""


def of_form(form: Form) -> Problems:
    """What is wrong with the form as a whole, then the first complaint about each field, in their order."""
    wrong = [field for field in (NON_FIELD_ERRORS, *form.fields) if field in form.errors]
    return {ELSEWHERE.get(field, field): form.errors[field][0] for field in wrong}
