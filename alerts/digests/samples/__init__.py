"""Every kind of email in every state: fictional, made as values by what makes the real ones, and kept nowhere.

Staff see them in the admin, `manage.py preview_digest --sample` writes them, and the tests read them.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from alerts.digests.mail import Letter, as_bytes
from alerts.digests.samples import digests, service
from alerts.digests.samples.values import MORNING
from alerts.models import Message


@dataclass(frozen=True)
class Sample:
    """One email in one state: the name in its address, the kind of message, what it shows, and what writes it.

    Its letter has no HTML where the reader wants none.
    """

    name: str
    kind: Message.Kind
    title: str
    write: Callable[[], Letter]

    def as_sent(self) -> bytes:
        """The email with all its headers, as it would go out."""
        ident, written = uuid.UUID(int=4), self.write()
        whose = User(email="reader@example.org", text_only=not written.html)
        message = Message(
            uuid=ident,
            kind=self.kind,
            user=whose,
            to_address=whose.email,
            message_id=f"<{ident}@{settings.MAIL_DOMAIN}>",
        )
        return as_bytes(written, message, MORNING)


def _all(kind: Message.Kind, written: dict[str, Callable[[], Letter]]) -> list[Sample]:
    return [Sample(write.__name__.replace("_", "-"), kind, title, write) for title, write in written.items()]


SAMPLES = {
    sample.name: sample
    for sample in (
        *_all(
            Message.Kind.CONFIRM,
            {
                "Confirm an alert": service.confirm,
                "Confirm one without a name, as it happens": service.confirm_without_name,
            },
        ),
        *_all(Message.Kind.ALREADY, {"Already subscribed": service.already}),
        *_all(Message.Kind.SIGN_IN, {"Sign in": service.sign_in}),
        *_all(
            Message.Kind.ADDRESS,
            {
                "Change of address: to the one there is": service.address_old,
                "Change of address: to the new one": service.address_new,
                "Change of address: to the new one, where the other bounces": service.address_new_alone,
                "Change of address: to one with an account of its own": service.address_taken,
                "Address changed: the first email here": service.address_changed_here,
                "Address changed: the last email there": service.address_changed_there,
            },
        ),
        *_all(Message.Kind.TEST, {"A test of an address that bounced": service.test}),
        *_all(Message.Kind.GOODBYE, {"The account is being deleted": service.goodbye}),
        *_all(
            Message.Kind.CHANGE,
            {
                "One change, with undo": service.one_change,
                "Everything that can be changed": service.every_change,
            },
        ),
        *_all(
            Message.Kind.CHECK_IN,
            {
                "An alert that finds too much": service.finds_too_much,
                "One that asks for its heading only already": service.finds_too_much_as_narrow_as_it_is,
                "A year without news": service.silent,
                "A year since it was set up, with nothing ever": service.silent_from_the_beginning,
            },
        ),
        *_all(
            Message.Kind.DIGEST,
            {
                "Catch-up after a holiday: four alerts, ten questions, a newsletter": digests.catch_up,
                "One answer": digests.one_answer,
                "Five questions with one answer": digests.group_of_five,
                "Two alerts that match the same": digests.also_matches,
                "Several days and departments": digests.days_and_departments,
                "Corrected answer: was, now": digests.correction,
                "Holding answer": digests.holding,
                "Final answer after a holding one": digests.final_answer,
                "Tabled, without a heading yet": digests.tabled,
                "Withdrawn": digests.withdrawn,
                "Answered by a reply sent before": digests.late_sibling,
                "Older items now available": digests.older_items,
                "Newsletters: in two, by email only, changed": digests.newsletters,
                "Sources in trouble": digests.sources_in_trouble,
                "An email that is late": digests.late_email,
                "First email of an alert": digests.first,
                "After a pause of over 30 days": digests.after_a_pause,
                "After a holiday that was to be left out": digests.after_a_holiday_that_was_skipped,
                "After it was stopped and switched on again": digests.after_it_was_stopped,
                "After emails could not be delivered": digests.after_mails_failed,
                "More than one email shows": digests.overflow,
                "Headings only, where an alert finds too much": digests.headings_only,
                "One email for each alert": digests.one_of_several,
                "Once a week": digests.weekly,
                "As it happens": digests.as_it_happens,
                "Signs that would be markup": digests.markup,
                "Plain text only, as its reader chose": digests.text_only,
            },
        ),
    )
}
"""All of them by name, in the order of a reader's life with Hark."""
