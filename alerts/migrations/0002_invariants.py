"""What must never happen, held by the database itself; and the counter's one row."""

from django.db import migrations

FREEZE_EVENT = """
CREATE FUNCTION hark_event_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seq IS NOT NULL AND NEW.seq IS DISTINCT FROM OLD.seq THEN
        RAISE EXCEPTION 'event % already has its seq', OLD.id;
    END IF;
    IF OLD.released_at IS NOT NULL AND (
        NEW.item_id, NEW.kind, NEW.version, NEW.heading, NEW.question, NEW.answer, NEW.text, NEW.house,
        NEW.department_id, NEW.asking_member_id, NEW.answering_member_id, NEW.happened_on, NEW.first_seen_at,
        NEW.days_late, NEW.cut, NEW.revision_id, NEW.baseline, NEW.released_at
    ) IS DISTINCT FROM (
        OLD.item_id, OLD.kind, OLD.version, OLD.heading, OLD.question, OLD.answer, OLD.text, OLD.house,
        OLD.department_id, OLD.asking_member_id, OLD.answering_member_id, OLD.happened_on, OLD.first_seen_at,
        OLD.days_late, OLD.cut, OLD.revision_id, OLD.baseline, OLD.released_at
    ) THEN
        RAISE EXCEPTION 'event % is released: its text is frozen', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_is_frozen BEFORE UPDATE ON alerts_event FOR EACH ROW EXECUTE FUNCTION hark_event_is_frozen();
"""

TOLD_THROUGH_RISES = """
CREATE FUNCTION hark_told_through_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.told_through < OLD.told_through THEN
        RAISE EXCEPTION 'subscription %: told_through only rises (% to %)', OLD.id, OLD.told_through, NEW.told_through;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER told_through_rises BEFORE UPDATE ON alerts_subscription
    FOR EACH ROW EXECUTE FUNCTION hark_told_through_rises();
"""

COUNTER_RISES = """
CREATE FUNCTION hark_counter_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq < OLD.seq OR NEW.topic_version < OLD.topic_version OR NEW.rung_through < OLD.rung_through THEN
        RAISE EXCEPTION 'the counter only rises';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER counter_rises BEFORE UPDATE ON alerts_counter FOR EACH ROW EXECUTE FUNCTION hark_counter_rises();
INSERT INTO alerts_counter (id, seq, topic_version, rung_through) VALUES (1, 0, 0, 0);
"""

LOG_IS_APPEND_ONLY = """
CREATE FUNCTION hark_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of changes is append-only';
END $$;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON alerts_change
    FOR EACH ROW EXECUTE FUNCTION hark_log_is_append_only();
"""

BYTES_ARE_FIXED = """
CREATE FUNCTION hark_message_bytes_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER message_bytes_are_fixed BEFORE UPDATE ON alerts_message
    FOR EACH ROW EXECUTE FUNCTION hark_message_bytes_are_fixed();
"""


def undo(table: str, trigger: str) -> str:
    return f"DROP TRIGGER {trigger} ON {table}; DROP FUNCTION hark_{trigger}();"


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]

    operations = [
        migrations.RunSQL(FREEZE_EVENT, undo("alerts_event", "event_is_frozen")),
        migrations.RunSQL(TOLD_THROUGH_RISES, undo("alerts_subscription", "told_through_rises")),
        migrations.RunSQL(COUNTER_RISES, undo("alerts_counter", "counter_rises") + "DELETE FROM alerts_counter;"),
        migrations.RunSQL(LOG_IS_APPEND_ONLY, undo("alerts_change", "log_is_append_only")),
        migrations.RunSQL(BYTES_ARE_FIXED, undo("alerts_message", "message_bytes_are_fixed")),
    ]
