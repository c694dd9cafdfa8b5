"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('sanctions', '0001_initial')]

    initial = True

    dependencies = [
        ('duties', '0001_schema'),
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Breach',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(help_text='What it came from; the same thing is one breach only.', max_length=200)),
                    ('kind', models.CharField(choices=[('late', 'late'), ('defect', 'defect'), ('incident', 'incident')], max_length=10, verbose_name='kind')),
                    ('name', models.CharField(help_text="Clause of the late duty, or the pack's key.", max_length=120)),
                    ('about_kind', models.CharField(blank=True, max_length=40)),
                    ('about_id', models.CharField(blank=True, max_length=80)),
                    ('file', models.CharField(blank=True, max_length=20)),
                    ('units', models.PositiveIntegerField(default=1)),
                    ('happened_on', models.DateField(verbose_name='happened on')),
                    ('status', models.CharField(choices=[('proposed', 'proposed'), ('heard', 'heard'), ('imposed', 'imposed'), ('waived', 'waived'), ('quashed', 'quashed')], default='proposed', max_length=10, verbose_name='state')),
                    ('statement', models.TextField(blank=True, verbose_name='statement at the hearing')),
                    ('heard_on', models.DateField(blank=True, null=True)),
                    ('ordered_on', models.DateField(blank=True, null=True, verbose_name='correction ordered on')),
                    ('corrected_on', models.DateField(blank=True, null=True, verbose_name='corrected on')),
                    ('review', models.BooleanField(default=False, verbose_name='to be looked at again')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to='staff.branch')),
                    ('duty', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to='duties.duty')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to=settings.AUTH_USER_MODEL)),
                    ('same_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='sanctions.breach')),
                ],
                options={
                    'verbose_name': 'breach',
                    'verbose_name_plural': 'breaches',
                    'ordering': ['-happened_on', '-pk'],
                    'indexes': [models.Index(fields=['branch', 'status', 'happened_on', 'id'], name='breach_by_branch'), models.Index(fields=['person', 'happened_on'], name='breach_by_person')],
                    'constraints': [models.UniqueConstraint(fields=('branch', 'source'), name='one_breach_per_source'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'heard', 'imposed', 'waived', 'quashed'])), name='breach_status_is_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['late', 'defect', 'incident'])), name='breach_kind_is_known'), models.CheckConstraint(condition=models.Q(('units__gte', 1)), name='breach_counts_something'), models.CheckConstraint(condition=models.Q(('corrected_on', None), ('ordered_on__isnull', False), _connector='OR'), name='only_what_was_ordered_is_corrected')],
                },
            ),
            migrations.CreateModel(
                name='Sanction',
                fields=[
                    ('breach', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sanction', serialize=False, to='sanctions.breach')),
                    ('amount_cny', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='amount')),
                    ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='share of pay')),
                    ('measure', models.CharField(blank=True, max_length=200)),
                    ('multiplier', models.PositiveIntegerField(default=1)),
                    ('clauses', models.JSONField(default=list)),
                    ('adds_to_count', models.BooleanField(default=True)),
                    ('reason', models.TextField(blank=True, verbose_name='reason')),
                    ('decided_on', models.DateField()),
                    ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'sanction',
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_cny', None), ('amount_cny__gte', 0), _connector='OR'), name='a_fine_is_not_negative'), models.CheckConstraint(condition=models.Q(('percent', None), models.Q(('percent__gte', 0), ('percent__lte', 100)), _connector='OR'), name='a_share_is_within_a_hundred')],
                },
            ),
        ]),
    ]
