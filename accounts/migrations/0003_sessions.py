"""Signing in by mail: sessions of subscribers, sign-ins that let nobody in, and emails as text only."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_holiday")]

    operations = [
        migrations.AddField(
            "user",
            "text_only",
            models.BooleanField(db_default=False, default=False, help_text="Emails without their HTML part"),
        ),
        migrations.CreateModel(
            "Session",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                (
                    "browser",
                    models.CharField(blank=True, help_text="What it says it is, in a few words", max_length=80),
                ),
                (
                    "network",
                    models.CharField(blank=True, help_text="Shortened: /24 of IPv4, /48 of IPv6", max_length=43),
                ),
                ("begun_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("begun_at")), name="session_ends")
                ]
            },
        ),
        migrations.AddField(
            "signin",
            "mailbox",
            models.CharField(
                db_default="",
                db_index=True,
                help_text="For limits only: a keyed hash of what was typed",
                max_length=64,
            ),
        ),
        migrations.AddField("signin", "network", models.CharField(blank=True, db_default="", max_length=43)),
        migrations.AddField(
            "signin",
            "goes_to",
            models.CharField(blank=True, db_default="", help_text="The page that was asked for", max_length=200),
        ),
        migrations.AlterField("signin", "asked_at", models.DateTimeField(db_index=True)),
        migrations.AlterField("signin", "code_hash", models.CharField(blank=True, max_length=64)),
        migrations.AlterField(
            "signin",
            "user",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sign_ins",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "signin",
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(code_hash="", used_at__isnull=True),
                name="sign_in_of_nobody_is_not_used",
            ),
        ),
    ]
