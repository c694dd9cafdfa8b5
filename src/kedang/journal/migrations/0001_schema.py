"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from kedang.journal import triggers
from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('journal', '0001_initial')]

    initial = True

    dependencies = [
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='ChainHead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_kind', models.CharField(max_length=40)),
                    ('subject_id', models.CharField(max_length=80)),
                    ('seq', models.PositiveBigIntegerField(default=0)),
                    ('hash', models.BinaryField(default=b'', max_length=32)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('subject_kind', 'subject_id'), name='one_head_per_chain')],
                },
            ),
            migrations.CreateModel(
                name='DestroyedKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_kind', models.CharField(max_length=40)),
                    ('subject_id', models.CharField(max_length=80)),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('subject_kind', 'subject_id'), name='a_key_is_destroyed_only_once')],
                },
            ),
            migrations.CreateModel(
                name='Seal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveBigIntegerField(unique=True)),
                    ('text', models.TextField(help_text='The signed line as exported.')),
                    ('leaves', models.BinaryField(help_text='The sealed leaves, one a line, compressed with zlib.')),
                    ('event_to', models.BigIntegerField(default=0)),
                    ('refusal_to', models.BigIntegerField(default=0)),
                    ('access_to', models.BigIntegerField(default=0)),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name': 'seal',
                    'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='seals_count_from_one')],
                },
            ),
            migrations.CreateModel(
                name='SubjectKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_kind', models.CharField(max_length=40)),
                    ('subject_id', models.CharField(max_length=80)),
                    ('master', models.CharField(max_length=40)),
                    ('wrapped', models.BinaryField(help_text='Empty once destroyed.', null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('subject_kind', 'subject_id'), name='one_key_per_subject')],
                },
            ),
            migrations.CreateModel(
                name='AccessLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('page', models.CharField(help_text="Name of the page's address, never the address with values.", max_length=100)),
                    ('subject_kind', models.CharField(blank=True, max_length=40)),
                    ('subject_ids', models.TextField(blank=True, help_text='Ids separated by commas.')),
                    ('hash', models.BinaryField(max_length=32)),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'access line',
                    'indexes': [models.Index(fields=['actor', 'id'], name='access_by_actor')],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_kind', models.CharField(max_length=40)),
                    ('subject_id', models.CharField(max_length=80)),
                    ('seq', models.PositiveBigIntegerField()),
                    ('act_id', models.UUIDField()),
                    ('act', models.CharField(max_length=80)),
                    ('name', models.CharField(max_length=80)),
                    ('happened_on', models.DateField()),
                    ('recorded_at', models.DateTimeField()),
                    ('prev_hash', models.BinaryField(max_length=32)),
                    ('hash', models.BinaryField(max_length=32)),
                    ('body', models.BinaryField()),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'event',
                    'indexes': [models.Index(fields=['act_id'], name='event_by_act'), models.Index(fields=['name', 'happened_on'], name='event_by_name'), models.Index(fields=['branch', 'id'], name='event_by_branch')],
                    'constraints': [models.UniqueConstraint(fields=('subject_kind', 'subject_id', 'seq'), name='one_event_per_place_in_chain'), models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='chains_count_from_one')],
                },
            ),
            migrations.CreateModel(
                name='Refusal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('act_id', models.UUIDField(default=uuid.uuid4)),
                    ('act', models.CharField(max_length=80)),
                    ('subject_kind', models.CharField(max_length=40)),
                    ('subject_id', models.CharField(blank=True, max_length=80)),
                    ('recorded_at', models.DateTimeField()),
                    ('clauses', models.TextField(help_text='References of the clauses, one a line.')),
                    ('hash', models.BinaryField(max_length=32)),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'refusal',
                    'indexes': [models.Index(fields=['subject_kind', 'subject_id', 'id'], name='refusal_by_subject'), models.Index(fields=['branch', 'id'], name='refusal_by_branch')],
                },
            ),
        ]),
        migrations.RunPython(triggers.forwards, triggers.backwards, hints={'everywhere': True}),
    ]
