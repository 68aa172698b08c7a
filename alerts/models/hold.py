"""A halt of all sending."""

from django.db import models


class Hold(models.Model):
    """Nothing is claimed for sending until this time, and why; one row for each cause. What waits stays pending.

    A row whose time is over halts nothing and stays as the latest of its kind; one without an end waits for staff to
    take it away.
    """

    class Cause(models.TextChoices):
        PROVIDER = "provider", "the provider's limit"
        BRAKE = "brake", "our own limit"
        STAFF = "staff", "staff"
        RESTORED = "restored", "a restored backup"

    cause = models.CharField(max_length=8, choices=Cause.choices, unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until staff take it away")
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cause__in=["staff", "restored"]) | models.Q(until__isnull=False),
                name="hold_of_a_machine_ends",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="hold_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.reason}"
