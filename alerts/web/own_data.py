"""Every row there is about a person, kind by kind: what the export holds, and what is gone once they are erased."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from accounts import address_changes, sign_ins, suppressions
from accounts.models import AddressChange, Consent, Session, SignIn, Suppression, User
from alerts.models import (
    Asked,
    Change,
    CheckIn,
    DeliveryEvent,
    Digest,
    Message,
    NotRelevant,
    Outlet,
    Schedule,
    Section,
    SignUp,
    Subscription,
)

SECRET = {
    *("password", "key_hash", "link_hash", "code_hash", "old_link_hash", "new_link_hash", "claim_token", "dedup_key"),
    *("mailbox", "address_key", "token_id", "token_version", "uuid"),
}
"""Keys and hashes of links, codes and addresses, and what links are made of."""
INNER = {
    *("id", "user", "topic", "subscription", "digest", "message", "sign_up", "item", "event", "change", "passed_on"),
    *("actor", "actor_id", "object_id", "is_staff", "is_superuser", "is_active", "last_login"),
    *("priority", "attempts", "resends", "lease_until", "not_before", "key_until", "message_id", "provider_id", "body"),
}
"""Numbers of rows, and how an email is got on its way; its words are in the mailbox of whoever got it."""


@dataclass(frozen=True)
class Part:
    """One kind of row: its name in the export, whose rows are found how, and what is said of rows it belongs to.

    `stays` says why its rows are kept when the person is erased; they hold no address.
    """

    name: str
    model: type[Model]
    of: Callable[[User], QuerySet]
    besides: tuple[str, ...] = ()
    stays: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every column but secrets and inner numbers, so that a new one is in the export too."""
        own = [field.name for field in self.model._meta.concrete_fields]
        return (*self.besides, *(name for name in own if name not in SECRET | INNER))


def _addresses(person: User) -> list[str]:
    return [person.email, *address_changes.former(person)]


def _emails(person: User) -> QuerySet[Message]:
    """Those to the person; what a change of address has another mailbox told is for its owner alone."""
    return Message.objects.filter(Q(to_address__in=_addresses(person)) | Q(user=person) & ~Q(kind=Message.Kind.ADDRESS))


PARTS = (
    Part("person", User, lambda person: User.objects.filter(pk=person.pk)),
    Part("alerts", Subscription, lambda person: person.subscriptions.order_by("position", "id")),
    Part("schedules", Schedule, lambda person: person.schedules.order_by("id")),
    Part("outlets", Outlet, lambda person: Outlet.objects.filter(subscription__user=person), ("subscription__query",)),
    Part("check_ins", CheckIn, lambda person: CheckIn.objects.filter(subscription__user=person)),
    Part(
        "not_relevant",
        NotRelevant,
        lambda person: NotRelevant.objects.filter(subscription__user=person),
        ("item__heading", "item__url"),
    ),
    Part("sign_ups", SignUp, lambda person: SignUp.objects.filter(email__in=_addresses(person))),
    Part(
        "asked",
        Asked,
        lambda person: Asked.objects.filter(mailbox=sign_ins.mailbox(person.email)),
        stays="for 30 days, so that nobody can have us fill a mailbox",
    ),
    Part("consents", Consent, lambda person: person.consents.order_by("confirmed_at")),
    Part("sessions", Session, lambda person: person.sessions.order_by("begun_at")),
    Part("address_changes", AddressChange, lambda person: person.address_changes.order_by("asked_at")),
    Part("sign_ins", SignIn, lambda person: person.sign_ins.order_by("asked_at")),
    Part("digests", Digest, lambda person: person.digests.order_by("made_at")),
    Part(
        "told",
        Section,
        lambda person: Section.objects.filter(digest__user=person).order_by("digest__made_at", "position"),
        ("digest__made_at",),
    ),
    Part("emails", Message, lambda person: _emails(person).order_by("made_at")),
    Part(
        "deliveries",
        DeliveryEvent,
        lambda person: DeliveryEvent.objects.filter(message__in=_emails(person)).order_by("received_at"),
        ("message__subject",),
    ),
    Part(
        "suppressions",
        Suppression,
        lambda person: Suppression.objects.filter(address_key=suppressions.address_key(person.email)),
        stays="so that the address is never written to again",
    ),
    Part(
        "changes",
        Change,
        lambda person: Change.objects.filter(actor=Change.Actor.PERSON, actor_id=person.pk).order_by("at", "id"),
        stays="as numbers that lead to nobody",
    ),
)
