import pytest

from alerts.digests.bounce import HARD, NEITHER, SOFT, of_event, of_reply

OF_SPARKPOST = {"msys": {"message_event": {"bounce_class": "10"}}}


@pytest.mark.parametrize(
    ("code", "words", "meaning"),
    [
        (550, "5.1.1 No such user here", HARD),
        (550, "5.1.10 Recipient address has null MX", HARD),
        (553, "5.1.8 Sender address rejected", NEITHER),
        (552, "5.2.2 Mailbox full", SOFT),
        (452, "4.2.2 Mailbox full", SOFT),
        (450, "5.1.1 try again later", SOFT),
        (550, "5.7.1 Your host 192.0.2.5 is on a list", NEITHER),
        (554, "5.6.0 Message refused", NEITHER),
        (550, "No such user", SOFT),
        (550, "Blocked by our policy", NEITHER),
        (550, "refused, see 5.1.1.20", SOFT),
        (451, "try later", NEITHER),
    ],
)
def test_a_servers_refusal_is_of_the_address_its_mailbox_or_neither(code, words, meaning):
    assert of_reply(code, words) == meaning


@pytest.mark.parametrize(
    ("esp", "event_type", "reason", "said", "payload", "meaning"),
    [
        # The receiver's own code outweighs what the provider makes of it.
        ("Amazon SES", "bounced", "bounced", "550 5.7.1 blocked", {"bounce": {"bounceType": "Permanent"}}, NEITHER),
        ("Brevo", "bounced", "bounced", "550 5.1.1 unknown", {"event": "soft_bounce"}, HARD),
        # Anymail says `bounced` of all of these, or nothing.
        ("Amazon SES", "bounced", "bounced", "", {"bounce": {"bounceType": "Permanent"}}, HARD),
        ("Amazon SES", "bounced", "bounced", "", {"bounce": {"bounceType": "Transient"}}, SOFT),
        ("Brevo", "bounced", "bounced", "", {"event": "hard_bounce"}, HARD),
        ("Brevo", "bounced", "bounced", "", {"event": "soft_bounce"}, SOFT),
        ("MailerSend", "bounced", "bounced", "", {"data": {"type": "soft_bounced"}}, SOFT),
        ("Mailjet", "bounced", "bounced", "", {"hard_bounce": True}, HARD),
        ("Mailjet", "bounced", "bounced", "", {"hard_bounce": False}, SOFT),
        ("Mandrill", "bounced", "", "", {"event": "hard_bounce"}, HARD),
        ("Mandrill", "bounced", "", "", {"event": "soft_bounce"}, SOFT),
        ("Postmark", "bounced", "bounced", "", {"Type": "SoftBounce"}, SOFT),
        ("Resend", "bounced", "bounced", "", {"data": {"bounce": {"type": "Transient"}}}, SOFT),
        ("SendGrid", "bounced", "", "", {"type": "bounce"}, HARD),
        ("SendGrid", "bounced", "", "", {"type": "blocked"}, SOFT),
        ("SparkPost", "bounced", "invalid", "", OF_SPARKPOST, HARD),
        ("SparkPost", "bounced", "bounced", "", {"msys": {"message_event": {"bounce_class": "22"}}}, SOFT),
        # Where the provider says no more, Anymail's word counts.
        ("Postal", "bounced", "bounced", "", {}, HARD),
        ("Resend", "bounced", "bounced", "", {"data": {"bounce": {}}}, HARD),
        ("Postmark", "bounced", "timed_out", "", {}, SOFT),
        ("Postmark", "bounced", "spam", "", {}, NEITHER),
        ("SendGrid", "rejected", "bounced", "", {"type": "whatever"}, HARD),
        ("Postal", "failed", "", "", {}, NEITHER),
        ("Brevo", "delivered", "", "250 2.1.5 ok 5.1.1", {}, NEITHER),
        ("Brevo", "deferred", "", "450 4.2.2 full", {}, NEITHER),
    ],
)  # fmt: skip
def test_every_provider_is_understood_in_its_own_words(esp, event_type, reason, said, payload, meaning):
    assert of_event(esp, event_type, reason, said, payload) == meaning
