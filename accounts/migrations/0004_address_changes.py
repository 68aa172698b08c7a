"""Changing one's address, by the word of both ends; and what was typed when a session ended."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ADDRESS_CHANGES_BY_BOTH_ENDS = """
CREATE FUNCTION hark_address_is_its_owners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.email <> OLD.email AND NOT EXISTS (
        SELECT FROM accounts_addresschange
        WHERE user_id = OLD.id AND old_address = OLD.email AND new_address = NEW.email AND done_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'person %: an address changes when both ends have said yes', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER address_is_its_owners BEFORE UPDATE OF email ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION hark_address_is_its_owners();
"""
UNDO = "DROP TRIGGER address_is_its_owners ON accounts_user; DROP FUNCTION hark_address_is_its_owners();"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("old_address", models.EmailField(max_length=254)),
                ("new_address", models.EmailField(max_length=254)),
                ("new_as_typed", models.CharField(max_length=254)),
                (
                    "mailbox",
                    models.CharField(
                        db_index=True, help_text="For limits only: a keyed hash of the new one", max_length=64
                    ),
                ),
                (
                    "needs_old",
                    models.BooleanField(default=True, help_text="Whether the former address has to say yes too"),
                ),
                ("old_link_hash", models.CharField(max_length=64, unique=True)),
                ("new_link_hash", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField(db_index=True)),
                ("expires_at", models.DateTimeField()),
                ("old_yes_at", models.DateTimeField(blank=True, null=True)),
                ("new_yes_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="signin",
            name="typed",
            field=models.JSONField(
                blank=True,
                help_text="What this person had typed when their session ended, until this is over",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="signin",
            index=models.Index(
                condition=models.Q(("typed__isnull", False)), fields=["expires_at"], name="sign_in_with_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(("user__isnull", False), ("typed__isnull", True), _connector="OR"),
                name="sign_in_of_nobody_keeps_nothing",
            ),
        ),
        migrations.AddField(
            model_name="addresschange",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="address_changes", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("done_at__isnull", True)),
                fields=("user",),
                name="address_change_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("done_at__isnull", True),
                    models.Q(
                        ("new_yes_at__isnull", False),
                        models.Q(("old_yes_at__isnull", False), ("needs_old", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="address_change_done_by_both_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at__isnull", True), ("cancelled_at__isnull", True), _connector="OR"),
                name="address_change_done_or_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("old_address", models.F("new_address")), _negated=True),
                name="address_change_goes_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("asked_at"))), name="address_change_ends"
            ),
        ),
        migrations.RunSQL(ADDRESS_CHANGES_BY_BOTH_ENDS, UNDO),
    ]
