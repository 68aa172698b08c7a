"""The way out."""

import uuid

from django.conf import settings
from django.db import models

from alerts.models.digest import Digest
from alerts.models.sign_up import SignUp


class Message(models.Model):
    """One email to one address, of any kind, and its way out: pending, claimed, handoff, sent.

    State moves only by compare-and-set on state and `claim_token`. `body` holds the bytes, fixed once rendered;
    every attempt sends these bytes with this Message-ID. Times of leases and keys are the database's.

    A digest whose email cannot arrive because its address fails is kept for later: `unreached`. Once its person can be
    written to, another message carries it, and this one says so in `passed_on`: a digest has one message at any time.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "confirm an alert"
        ALREADY = "already", "already subscribed"
        SIGN_IN = "sign_in", "sign in"
        DIGEST = "digest", "digest"
        CHANGE = "change", "a change, with undo"
        CHECK_IN = "check_in", "an alert finds too much, or nothing"
        ADDRESS = "address", "a change of address"
        TEST = "test", "a test of an address that bounced"
        GOODBYE = "goodbye", "the account is being deleted"

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        HANDOFF = "handoff"
        SENT = "sent"
        UNCERTAIN = "uncertain"
        FAILED = "failed"
        CANCELLED = "cancelled"

    SETTLED = (State.SENT, State.FAILED, State.CANCELLED)

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    priority = models.PositiveSmallIntegerField(default=5, help_text="Lower goes first")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    digest = models.OneToOneField(Digest, null=True, blank=True, on_delete=models.CASCADE, related_name="message")
    passed_on = models.ForeignKey(
        Digest,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="passed_on_by",
        db_index=False,
        help_text="The digest it did not bring to its reader, which another message carries since",
    )
    unreached = models.BooleanField(
        default=False, db_default=False, help_text="Its digest goes anew once its reader can be written to"
    )
    sign_up = models.ForeignKey(SignUp, null=True, blank=True, on_delete=models.CASCADE, related_name="messages")
    to_address = models.EmailField(max_length=254)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    claim_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    resends = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=255, unique=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.BinaryField(null=True, blank=True)
    provider_id = models.CharField(max_length=255, blank=True, db_index=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was cancelled or failed, or waits")
    made_at = models.DateTimeField()
    handoff_at = models.DateTimeField(null=True, blank=True)
    key_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then the provider folds a repetition of the first handover into it"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="claimed") | models.Q(claim_token__isnull=False, lease_until__isnull=False),
                name="message_claimed_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["handoff", "uncertain"])
                | models.Q(body__isnull=False, handoff_at__isnull=False),
                name="message_handed_over_has_bytes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "failed", "cancelled"]) | models.Q(settled_at__isnull=False),
                name="message_settled_has_its_time",
            ),
            models.CheckConstraint(condition=models.Q(resends__lte=1), name="message_resent_once_at_most"),
            models.CheckConstraint(
                condition=~models.Q(kind="digest")
                | models.Q(user__isnull=False)
                & (
                    models.Q(digest__isnull=False, passed_on__isnull=True)
                    | models.Q(digest__isnull=True, passed_on__isnull=False)
                ),
                name="message_digest_has_its_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(passed_on__isnull=True)
                | models.Q(state__in=["sent", "failed", "cancelled"], unreached=False),
                name="message_passed_on_is_over",
            ),
            models.CheckConstraint(
                condition=models.Q(unreached=False) | models.Q(digest__isnull=False),
                name="message_unreached_has_its_digest",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "id"], condition=models.Q(state="pending"), name="message_waiting"),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=["claimed", "handoff", "uncertain"]),
                name="message_leased",
            ),
            models.Index(fields=["to_address"], name="message_by_address"),
            models.Index(fields=["user"], condition=models.Q(kind="test"), name="message_tests"),
            models.Index(
                fields=["handoff_at"], condition=models.Q(handoff_at__isnull=False), name="message_by_handover"
            ),
            models.Index(
                fields=["settled_at"],
                condition=models.Q(body__isnull=False, state__in=["sent", "failed", "cancelled"]),
                name="message_settled_bytes",
            ),
            models.Index(fields=["made_at"], name="message_by_making"),
            models.Index(fields=["made_at"], condition=models.Q(unreached=True), name="message_unreached"),
            models.Index(fields=["passed_on"], condition=models.Q(passed_on__isnull=False), name="message_passed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
