"""What the buttons beside one's alerts do: how often, stop, pause, resume; hours, one email or several, holidays."""

import datetime
import uuid
from collections.abc import Mapping

from django import forms
from django.http import Http404

from accounts.models import User
from alerts.digests import holiday
from alerts.digests.hours import Hours
from alerts.models import Subscription
from alerts.models.choices import Frequency
from alerts.web import frequencies, preferences, problems, subscriptions, volume
from alerts.web.holiday_form import DAYS, HolidayForm, like
from alerts.web.hours_form import HoursForm
from alerts.web.problems import Problems


def act(person: User, pressed: Mapping[str, str], scope: str, now: datetime.datetime) -> Problems:
    """Do what the button says; what is wrong where it cannot be done. Raises Http404 for no button of ours."""
    action = pressed.get("do")
    if action in _FOR_ALL:
        return _FOR_ALL[action](person, pressed, scope, now)
    alert = alert_of(person, pressed.get("alert", ""))
    if action == "frequency":
        return _change_frequency(person, alert, pressed.get("frequency", ""), scope, now)
    if action == "stop":
        subscriptions.end(person, [alert.uuid], Subscription.EndReason.PERSON, scope, now)
    elif action == "undo":
        subscriptions.undo(person, [alert.uuid], scope, now)
    elif action == "pause":
        return _pause(person, alert, pressed.get("until", ""), scope, now)
    elif action == "resume":
        subscriptions.resume(person, alert.uuid, scope, now)
    return {}


def alert_of(person: User, typed: str) -> Subscription:
    """The alert of this person that a form names. Raises Http404."""
    try:
        found = person.subscriptions.filter(uuid=uuid.UUID(typed)).first()
    except ValueError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def frequency_at(alert: Subscription) -> str:
    """The id of the field where a refused frequency of this alert is mended: the one that is never closed."""
    return f"{alert.uuid}-{Frequency.DAILY}" if alert.ended_at is None else ""


def _pause(person: User, alert: Subscription, until: str, scope: str, now: datetime.datetime) -> Problems:
    """Pause for good, or up to the beginning of a day where the person is."""
    if not until.strip():
        subscriptions.pause(person, alert.uuid, scope, now)
        return {}
    today, at = holiday.today(person, now), f"until-{alert.uuid}" if alert.ended_at is None else ""
    earliest, latest = holiday.returns(today)
    try:
        day = forms.DateField(input_formats=DAYS).clean(until)
    except forms.ValidationError:
        return {at: f"Enter a day, like {like(today)}"}
    if not earliest <= day <= latest:
        return {at: "Choose a day from tomorrow on, within a year"}
    midnight = datetime.datetime.combine(day, datetime.time(), tzinfo=person.zone).astimezone(datetime.UTC)
    subscriptions.pause(person, alert.uuid, scope, now, until=midnight)
    return {}


def _change_frequency(
    person: User, alert: Subscription, frequency: str, scope: str, now: datetime.datetime
) -> Problems:
    if frequency not in Frequency.values:
        raise Http404
    refusal = frequencies.refusal(frequency, volume.of_topics([alert.topic_id], now).get(alert.topic_id))
    if refusal:
        return {frequency_at(alert): refusal}
    subscriptions.change_frequency(person, alert.uuid, frequency, scope, now)
    return {}


def _change_hours(person: User, pressed: Mapping[str, str], scope: str, now: datetime.datetime) -> Problems:
    form = HoursForm(pressed, before=Hours.of(person))
    if form.is_valid():
        preferences.change_hours(person, form.hours, scope, now)
    return problems.of_form(form)


def _change_combined(person: User, pressed: Mapping[str, str], scope: str, now: datetime.datetime) -> Problems:
    if pressed.get("combined") not in ("one", "each"):
        raise Http404
    preferences.change_combined(person, pressed["combined"] == "one", scope, now)
    return {}


def _go_away(person: User, pressed: Mapping[str, str], scope: str, now: datetime.datetime) -> Problems:
    form = HolidayForm(pressed, today=holiday.today(person, now))
    if form.is_valid():
        preferences.change_holiday(person, form.holiday, scope, now)
    return problems.of_form(form)


def _come_back(person: User, pressed: Mapping[str, str], scope: str, now: datetime.datetime) -> Problems:
    preferences.change_holiday(person, None, scope, now)
    return {}


_FOR_ALL = {"hours": _change_hours, "combined": _change_combined, "away": _go_away, "back": _come_back}
