"""The database knows itself, so that a restored one is told from it; and may hold all sending until it is released."""

from django.db import migrations, models


HERE = """
    UPDATE alerts_counter SET home = concat_ws('/',
        (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'alerts_message'::regclass::oid)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0024_unreached'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='hold',
            name='hold_of_a_machine_ends',
        ),
        migrations.AddField(
            model_name='counter',
            name='home',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=80),
        ),
        migrations.AlterField(
            model_name='hold',
            name='cause',
            field=models.CharField(choices=[('provider', "the provider's limit"), ('brake', 'our own limit'), ('staff', 'staff'), ('restored', 'a restored backup')], max_length=8, unique=True),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['staff', 'restored']), ('until__isnull', False), _connector='OR'), name='hold_of_a_machine_ends'),
        ),
        migrations.RunSQL(HERE, migrations.RunSQL.noop),
    ]
