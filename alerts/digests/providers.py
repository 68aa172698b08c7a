"""What is known of each mail provider: keys against doubles, headers it meddles with, how its webhook is secured.

The names are Anymail's. What is not said here of a provider is not known of it; then the general rule holds: the
message's uuid travels in the metadata, and what is uncertain waits for a delivery event and is resent once at most.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string

FOREVER = datetime.timedelta(days=36500)
_SENDGRID = {"tracking_settings": {"subscription_tracking": {"enable": False}}}


@dataclass(frozen=True)
class Provider:
    """One way out of the house.

    key_life: so long a request repeated under one key makes one copy; zero where there are no keys.
    key_header: the header that carries the key, where it is one of the mail.
    repeat_after: how long after an unclear answer it is repeated under its key.
    metadata: whether our uuid can travel with a message and comes back with its delivery events.
    untracked: whether it can be told, message by message, not to count who opens and clicks.
    extra: what else it is told of each message, in its own words (Anymail's `esp_extra`).
    webhook: Anymail's view of its delivery events; '' where it tells us nothing.
    signing_key: the setting without which Anymail takes its events unsigned, and does not say so.
    """

    key_life: datetime.timedelta = datetime.timedelta()
    key_header: str = ""
    repeat_after: datetime.timedelta = datetime.timedelta()
    metadata: bool = True
    untracked: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)
    webhook: str = ""
    signing_key: str = ""

    @property
    def folds(self) -> bool:
        """Whether a message sent again under its key is not a second copy."""
        return self.key_life > datetime.timedelta()


PROVIDERS = {
    # Our own: the same message is the same file.
    "Outbox": Provider(key_life=FOREVER),
    "Amazon SES": Provider(webhook="amazon_ses.AmazonSESTrackingWebhookView"),
    # 15 minutes by its changelog "Email API now supports idempotency", 30 by developers.brevo.com/docs/
    # heterogenous-versions-batch-emails; so the shorter, less the time an answer may take.
    "Brevo": Provider(
        key_life=datetime.timedelta(minutes=10),
        key_header="idempotencyKey",
        repeat_after=datetime.timedelta(minutes=1),
        webhook="brevo.BrevoTrackingWebhookView",
    ),
    "MailerSend": Provider(metadata=False, untracked=True, webhook="mailersend.MailerSendTrackingWebhookView"),
    "Mailgun": Provider(untracked=True, webhook="mailgun.MailgunTrackingWebhookView"),
    "Mailjet": Provider(untracked=True, webhook="mailjet.MailjetTrackingWebhookView"),
    "Mailtrap": Provider(webhook="mailtrap.MailtrapTrackingWebhookView", signing_key="MAILTRAP_TRACKING_SECRET"),
    "Mandrill": Provider(untracked=True, webhook="mandrill.MandrillCombinedWebhookView"),
    "Postal": Provider(metadata=False, webhook="postal.PostalTrackingWebhookView"),
    "Postmark": Provider(untracked=True, webhook="postmark.PostmarkTrackingWebhookView"),
    # 24 hours by resend.com/docs/dashboard/emails/idempotency-keys; less an hour for clocks that differ.
    "Resend": Provider(
        key_life=datetime.timedelta(hours=23),
        repeat_after=datetime.timedelta(minutes=15),
        webhook="resend.ResendTrackingWebhookView",
        signing_key="RESEND_SIGNING_SECRET",
    ),
    "Scaleway": Provider(),
    # Its subscription tracking puts links of its own into mails (twilio.com/docs/sendgrid/api-reference/
    # settings-tracking), so it is turned off for each.
    "SendGrid": Provider(
        untracked=True,
        extra=_SENDGRID,
        webhook="sendgrid.SendGridTrackingWebhookView",
        signing_key="SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
    ),
    # Not marked transactional, a mail gets its List-Unsubscribe in place of ours (support.sparkpost.com/docs/
    # user-guide/remove-list-unsubscribe-header).
    "SparkPost": Provider(
        untracked=True,
        extra={"options": {"transactional": True}},
        webhook="sparkpost.SparkPostTrackingWebhookView",
    ),
    "Unisender Go": Provider(untracked=True, webhook="unisender_go.UnisenderGoTrackingWebhookView"),
}


def name() -> str:
    """Anymail's name of the provider of the settings' mail backend, '' for plain SMTP."""
    return getattr(import_string(settings.EMAIL_BACKEND), "esp_name", "")


def current() -> Provider:
    """The provider of the settings' mail backend."""
    return PROVIDERS.get(name(), Provider())


def slug(provider: str) -> str:
    """The provider's name as it stands in the address of its webhook and in `HARK_WEBHOOKS`."""
    return provider.lower().replace(" ", "_")


def lacking(provider: str) -> list[str]:
    """The settings without which anybody could post delivery events in the name of `provider`."""
    secrets = settings.ANYMAIL.get("WEBHOOK_SECRET") or [""]
    secrets = [secrets] if isinstance(secrets, str) else secrets
    lacks = [] if all(":" in secret.strip(":") for secret in secrets) else ["WEBHOOK_SECRET"]
    key = PROVIDERS[provider].signing_key
    return [*lacks, key] if key and not settings.ANYMAIL.get(key) else lacks


def listened_to() -> dict[str, str]:
    """The providers of the setting WEBHOOKS: their names by slug. A word that names none is left out."""
    known = {slug(each): each for each, about in PROVIDERS.items() if about.webhook}
    return {word: known[word] for word in settings.WEBHOOKS if word in known}
