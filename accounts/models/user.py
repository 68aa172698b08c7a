"""The person."""

import datetime
import uuid
import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class UserManager(BaseUserManager):
    """Makes people, and locks them."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A new person at the canonical address `email`; without a password they sign in by mail only."""
        user = self.model(email=email, **{"email_as_typed": email, **fields})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields) -> "User":
        """A new member of staff with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def subscribers(self) -> models.QuerySet:
        """People who sign in by mail: confirmed, not staff, and not about to be deleted."""
        return self.filter(is_active=True, is_staff=False, confirmed_at__isnull=False, delete_after__isnull=True)

    def locked(self, user_id: int) -> "User":
        """The person's row, locked to the end of the transaction.

        Whoever composes for a person, changes or confirms their subscriptions, suppresses their address or hands over
        a message to them takes this lock first and reads afterwards. Lock order: person, then
        counter. Raises User.DoesNotExist.
        """
        return self.select_for_update().get(pk=user_id)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a confirmed address, or a member of staff.

    The hour, weekday and zone of emails, and whether they are combined, belong to the person; the frequency belongs to
    each subscription. `token_version` rises on a change of address and on "sign out everywhere".
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("canonical address", max_length=254, unique=True)
    email_as_typed = models.CharField(max_length=254)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    token_version = models.PositiveIntegerField(default=0)
    delivery_time = models.TimeField(default=datetime.time(7, 30))
    delivery_weekday = models.PositiveSmallIntegerField(default=0, help_text="0 is Monday")
    timezone = models.CharField(max_length=64, default="Europe/London")
    combined = models.BooleanField(default=True, help_text="One email per period for all alerts, or one per alert")
    text_only = models.BooleanField(default=False, db_default=False, help_text="Emails without their HTML part")
    paused_from = models.DateField(null=True, blank=True, help_text="First day of a holiday, without emails")
    paused_until = models.DateField(null=True, blank=True, help_text="First day after it, with emails again")
    skips_pause = models.BooleanField(
        default=False, db_default=False, help_text="What comes during the holiday is left out, not told afterwards"
    )
    delete_after = models.DateTimeField(null=True, blank=True, help_text="Asked to be deleted; undone before this")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=models.Q(delivery_weekday__lte=6), name="user_weekday_exists"),
            models.CheckConstraint(condition=~models.Q(email=""), name="user_has_an_address"),
            models.CheckConstraint(
                condition=models.Q(paused_from__isnull=True, paused_until__isnull=True)
                | models.Q(
                    paused_from__isnull=False, paused_until__isnull=False, paused_from__lt=models.F("paused_until")
                ),
                name="user_holiday_has_days",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's time zone."""
        return zoneinfo.ZoneInfo(self.timezone)
