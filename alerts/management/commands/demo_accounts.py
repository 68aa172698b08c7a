"""Makes the accounts of the demonstration and prints how to use them."""

import datetime
import json
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts import addresses
from accounts.models import User
from alerts.digests import links
from alerts.query import parse, topic_key
from alerts.web import confirming, signing_up
from alerts.web.signing_up import Asker
from config import clock
from config.instance import write_whole

READERS = {
    "demo@hark.example": {
        "maternity OR neonatal": "Births",
        '"young people"': "",
        "flooding OR flood": "Floods",
        "housing AND repairs": "",
        '"health inequalities"': "",
    },
    "press@hark.example": {"rail OR bus": "Public transport", '"Port Calder"': ""},
}
STAFF = "staff@hark.example"


class Command(BaseCommand):
    """Two readers with confirmed alerts and a member of staff; made once, printed at every start."""

    help = "Make the demonstration's accounts, or find them made, and print how to use them (embedded mode only)."

    def handle(self, *args: object, **options: object) -> None:
        """Make what is missing; alerts that somebody stopped since stay stopped."""
        if not settings.EMBEDDED:
            raise CommandError("These accounts are for demonstrations; production has none of them.")
        now = clock.now()
        for address, alerts in READERS.items():
            person = reader(address, alerts, now)
            self.stdout.write(f"  {address}, {len(alerts)} alerts:\n             {links.manage(person, now)}")
        admin = f"{settings.SITE_URL}{reverse('admin:index')}"
        waiting = f"{settings.SITE_URL}{reverse('admin:alerts_event_changelist')}?stands=waiting"
        self.stdout.write(f"  {STAFF}, password {staff()}:\n             {admin}, and what waits: {waiting}")


def reader(address: str, alerts: dict[str, str], now: datetime.datetime) -> User:
    """The person at this address, who confirmed these alerts (words and name) as everybody does, once a day."""
    for words, name in alerts.items():
        key = topic_key(parse(words).tree)
        if not User.objects.filter(email=address, subscriptions__topic__key=key).exists():
            what = {"query": words, "name": name, "wants_tabled": address.startswith("press")}
            sign_up = signing_up.record(what, Asker(addresses.canonical(address), address, "", "/subscribe"), now)
            confirming.confirm(sign_up.uuid, now, scope="demo")
    return User.objects.get(email=address)


def staff() -> str:
    """The password of the member of staff, who is made if need be; kept in the instance folder for the next start."""
    file = Path(settings.INSTANCE, "staff.json")
    person = User.objects.filter(email=STAFF).first()
    if person and file.exists():
        return json.loads(file.read_text())["password"]
    password = secrets.token_urlsafe(12)
    write_whole(file, {"address": STAFF, "password": password})
    if person is None:
        User.objects.create_superuser(STAFF, password)
    else:
        person.set_password(password)
        person.save(update_fields=["password"])
    return password
