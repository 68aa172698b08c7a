"""Where a message goes: to the address its person has when it leaves, also where they moved while it waited."""

from django.db import migrations, models

ADDRESS_FOLLOWS_ITS_PERSON = """
CREATE OR REPLACE FUNCTION hark_message_bytes_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.message_id IS DISTINCT FROM OLD.message_id THEN
        RAISE EXCEPTION 'message %: its Message-ID is fixed', OLD.id;
    END IF;
    IF NEW.to_address IS DISTINCT FROM OLD.to_address AND (
        OLD.handoff_at IS NOT NULL OR (OLD.body IS NOT NULL AND NEW.body IS NOT DISTINCT FROM OLD.body)
    ) THEN
        RAISE EXCEPTION 'message %: its address is fixed once it was handed over, and with its bytes', OLD.id;
    END IF;
    IF OLD.handoff_at IS NOT NULL AND OLD.body IS NOT NULL AND NEW.body IS NOT NULL AND NEW.body <> OLD.body THEN
        RAISE EXCEPTION 'message % was handed over: its bytes are fixed', OLD.id;
    END IF;
    IF OLD.state IN ('sent', 'cancelled') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'message % is % for good', OLD.id, OLD.state;
    END IF;
    RETURN NEW;
END $$;
"""
FIXED_AGAIN = """
CREATE OR REPLACE FUNCTION hark_message_bytes_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.message_id IS DISTINCT FROM OLD.message_id OR NEW.to_address IS DISTINCT FROM OLD.to_address THEN
        RAISE EXCEPTION 'message %: its Message-ID and address are fixed', OLD.id;
    END IF;
    IF OLD.handoff_at IS NOT NULL AND OLD.body IS NOT NULL AND NEW.body IS NOT NULL AND NEW.body <> OLD.body THEN
        RAISE EXCEPTION 'message % was handed over: its bytes are fixed', OLD.id;
    END IF;
    IF OLD.state IN ('sent', 'cancelled') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'message % is % for good', OLD.id, OLD.state;
    END IF;
    RETURN NEW;
END $$;
"""

NONE_LEAVES_FOR_A_FORMER_ADDRESS = """
CREATE FUNCTION hark_message_goes_to_its_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM accounts_user WHERE id = NEW.user_id AND email = NEW.to_address) THEN
        RAISE EXCEPTION 'message %: this is not the address of its person', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_goes_to_its_person BEFORE UPDATE OF state ON alerts_message FOR EACH ROW
    WHEN (NEW.state = 'handoff' AND OLD.state <> 'handoff' AND NEW.user_id IS NOT NULL AND NEW.kind <> 'address')
    EXECUTE FUNCTION hark_message_goes_to_its_person();
"""
ANYWHERE_AGAIN = """
DROP TRIGGER message_goes_to_its_person ON alerts_message;
DROP FUNCTION hark_message_goes_to_its_person();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0022_retention"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirm", "confirm an alert"),
                    ("already", "already subscribed"),
                    ("sign_in", "sign in"),
                    ("digest", "digest"),
                    ("change", "a change, with undo"),
                    ("check_in", "an alert finds too much, or nothing"),
                    ("address", "a change of address"),
                    ("test", "a test of an address that bounced"),
                    ("goodbye", "the account is being deleted"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("kind", "test")), fields=["user"], name="message_tests"),
        ),
        migrations.RunSQL(ADDRESS_FOLLOWS_ITS_PERSON, FIXED_AGAIN),
        migrations.RunSQL(NONE_LEAVES_FOR_A_FORMER_ADDRESS, ANYWHERE_AGAIN),
    ]
