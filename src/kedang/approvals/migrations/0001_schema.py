"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('approvals', '0001_initial'), ('approvals', '0002_reaching')]

    initial = True

    dependencies = [
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Approval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('clause', models.CharField(max_length=80, verbose_name='clause')),
                    ('act', models.CharField(max_length=80, verbose_name='act')),
                    ('about_kind', models.CharField(blank=True, max_length=40)),
                    ('about_id', models.CharField(blank=True, max_length=80)),
                    ('purpose', models.CharField(blank=True, max_length=200, verbose_name='purpose')),
                    ('asked_on', models.DateField(verbose_name='asked on')),
                    ('status', models.CharField(choices=[('waiting', 'waiting'), ('granted', 'granted'), ('denied', 'denied'), ('revoked', 'revoked')], default='waiting', max_length=10, verbose_name='state')),
                    ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('uses_left', models.PositiveIntegerField(blank=True, null=True, verbose_name='uses left')),
                    ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_approvals', to=settings.AUTH_USER_MODEL)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'approval',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', 'status', 'id'], name='approval_by_branch'), models.Index(fields=['asker', 'act', 'status'], name='approval_by_asker')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'granted', 'denied', 'revoked'])), name='approval_status_is_known'), models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('clause', 'act', 'asker', 'about_kind', 'about_id'), name='one_waiting_request_per_subject')],
                },
            ),
            migrations.CreateModel(
                name='Step',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('who', models.JSONField(default=list)),
                    ('all_of', models.BooleanField(default=False)),
                    ('people', models.JSONField(default=dict, help_text='Ids by role on the subject, as they were when it was asked.')),
                    ('approval', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='approvals.approval')),
                ],
                options={
                    'ordering': ['approval', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('approval', 'number'), name='one_step_per_number')],
                },
            ),
            migrations.CreateModel(
                name='Reply',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('selector', models.CharField(max_length=80)),
                    ('yes', models.BooleanField()),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('replied_on', models.DateField()),
                    ('proof', models.CharField(blank=True, max_length=300, verbose_name='proof')),
                    ('said_at', models.DateTimeField(blank=True, null=True, verbose_name='said at')),
                    ('confirm_by', models.DateField(blank=True, null=True, verbose_name='to be confirmed by')),
                    ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='confirmed on')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to=settings.AUTH_USER_MODEL)),
                    ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='noted_replies', to=settings.AUTH_USER_MODEL)),
                    ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='approvals.step')),
                ],
                options={
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['by', 'confirm_by'], name='reply_by_confirmation')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirm_by', None), ('noted_by', None), ('said_at', None)), models.Q(('confirm_by__isnull', False), ('noted_by__isnull', False), ('said_at__isnull', False)), _connector='OR'), name='an_oral_reply_has_name_hour_and_term'), models.UniqueConstraint(fields=('step', 'selector'), name='one_reply_per_step_and_addressee'), models.CheckConstraint(condition=models.Q(('yes', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_no_has_its_reason')],
                },
            ),
        ]),
    ]
