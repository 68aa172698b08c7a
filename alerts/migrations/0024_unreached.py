"""A digest kept from its reader by a failing address goes to them later, by another message."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0023_address_of_messages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_digest_has_its_digest',
        ),
        migrations.AddField(
            model_name='digest',
            name='passed_on_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='passed_on',
            field=models.ForeignKey(blank=True, db_index=False, help_text='The digest it did not bring to its reader, which another message carries since', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passed_on_by', to='alerts.digest'),
        ),
        migrations.AddField(
            model_name='message',
            name='unreached',
            field=models.BooleanField(db_default=False, default=False, help_text='Its digest goes anew once its reader can be written to'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('unreached', True)), fields=['made_at'], name='message_unreached'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('passed_on__isnull', False)), fields=['passed_on'], name='message_passed_on'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'digest'), _negated=True), models.Q(('user__isnull', False), models.Q(models.Q(('digest__isnull', False), ('passed_on__isnull', True)), models.Q(('digest__isnull', True), ('passed_on__isnull', False)), _connector='OR')), _connector='OR'), name='message_digest_has_its_digest'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('passed_on__isnull', True), models.Q(('state__in', ['sent', 'failed', 'cancelled']), ('unreached', False)), _connector='OR'), name='message_passed_on_is_over'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('unreached', False), ('digest__isnull', False), _connector='OR'), name='message_unreached_has_its_digest'),
        ),
    ]
