"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('duties', '0001_initial'), ('duties', '0002_what_is_owed'), ('duties', '0003_whom_a_duty_binds_by_when'), ('duties', '0004_owed_by_person')]

    initial = True

    dependencies = [
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Duty',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=300)),
                    ('clause', models.CharField(max_length=80, verbose_name='clause')),
                    ('rule_index', models.PositiveIntegerField(default=0)),
                    ('about_kind', models.CharField(max_length=40)),
                    ('about_id', models.CharField(max_length=80)),
                    ('file', models.CharField(blank=True, help_text='Id of the file concerned, if any.', max_length=20)),
                    ('act', models.CharField(max_length=80, verbose_name='what is owed')),
                    ('pool', models.CharField(blank=True, help_text='Posts, separated by commas.', max_length=200)),
                    ('opened_by', models.BigIntegerField()),
                    ('from_on', models.DateField()),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('was_due_on', models.JSONField(default=list)),
                    ('provisional', models.BooleanField(default=False)),
                    ('number', models.PositiveIntegerField(default=0)),
                    ('status', models.CharField(choices=[('open', 'open'), ('late', 'late'), ('kept', 'kept in time'), ('kept_late', 'done late'), ('dropped', 'dropped')], default='open', max_length=10, verbose_name='state')),
                    ('done_on', models.DateField(blank=True, null=True)),
                    ('done_by', models.BigIntegerField(blank=True, null=True)),
                    ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'duty',
                    'verbose_name_plural': 'duties',
                    'indexes': [models.Index(fields=['branch', 'status', 'due_on', 'id'], name='duty_by_branch'), models.Index(fields=['branch', 'status', 'done_on', 'pool', 'due_on'], name='duty_owed'), models.Index(fields=['about_kind', 'about_id'], name='duty_by_subject'), models.Index(fields=['file'], name='duty_by_file'), models.Index(fields=['branch', 'clause', 'due_on'], name='duty_by_clause'), models.Index(fields=['branch', 'due_on', 'clause', 'status'], name='duty_by_day')],
                    'constraints': [models.UniqueConstraint(fields=('branch', 'key'), name='one_duty_per_key'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'late', 'kept', 'kept_late', 'dropped'])), name='duty_status_is_known'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('from_on'))), name='duty_is_due_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='DutyPerson',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due_on', models.DateField()),
                    ('owed', models.BooleanField()),
                    ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bound', to='duties.duty')),
                    ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bound_duties', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['person', 'owed', 'duty'], name='owed_by_person'), models.Index(fields=['person', 'due_on', 'duty'], name='due_by_person')],
                    'constraints': [models.UniqueConstraint(fields=('duty', 'person'), name='one_row_per_duty_and_person')],
                },
            ),
        ]),
        migrations.AddField(
            model_name='duty',
            name='people',
            field=models.ManyToManyField(related_name='duties', through='duties.DutyPerson', to=settings.AUTH_USER_MODEL),
        ),
    ]
