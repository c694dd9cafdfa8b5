"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('inspections', '0001_initial')]

    initial = True

    dependencies = [
        ('files', '0001_schema'),
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Inspection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('round', models.CharField(max_length=60, verbose_name='round')),
                    ('held_on', models.DateField(verbose_name='held on')),
                    ('findings', models.PositiveIntegerField(default=0, verbose_name='findings')),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                    ('mended_on', models.DateField(blank=True, null=True, verbose_name='mended on')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='staff.branch')),
                    ('held_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='held by')),
                    ('mended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='files.place')),
                ],
                options={
                    'verbose_name': 'inspection',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', '-id'], name='inspection_by_branch')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('mended_by', None), ('mended_on', None)), models.Q(('mended_by__isnull', False), ('mended_on__isnull', False)), _connector='OR'), name='who_mended_stands_beside_when'), models.CheckConstraint(condition=models.Q(('mended_on', None), ('findings__gte', 1), _connector='OR'), name='only_findings_are_mended'), models.CheckConstraint(condition=models.Q(('mended_on', None), ('mended_on__gte', models.F('held_on')), _connector='OR'), name='nothing_is_mended_before_it_is_found')],
                },
            ),
            migrations.CreateModel(
                name='InspectionLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField()),
                    ('clause', models.CharField(blank=True, max_length=80)),
                    ('asked', models.JSONField(blank=True, default=dict)),
                    ('thing', models.CharField(blank=True, max_length=30)),
                    ('ref', models.PositiveBigIntegerField(blank=True, null=True)),
                    ('title', models.CharField(blank=True, max_length=120)),
                    ('home', models.CharField(blank=True, max_length=40)),
                    ('place', models.CharField(blank=True, max_length=40)),
                    ('outcome', models.CharField(choices=[('fine', 'in order'), ('wrong', 'not in order'), ('unseen', 'not looked at'), ('found', 'found'), ('away', 'away by the books'), ('missing', 'missing'), ('elsewhere', 'belongs elsewhere'), ('unknown', 'unknown label')], max_length=9)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('mended', models.CharField(blank=True, max_length=200)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file')),
                    ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inspections.inspection')),
                ],
                options={
                    'ordering': ['inspection', 'no'],
                    'constraints': [models.UniqueConstraint(fields=('inspection', 'no'), name='one_inspection_line_per_number'), models.CheckConstraint(condition=models.Q(('outcome__in', ['fine', 'wrong', 'unseen', 'found', 'away', 'missing', 'elsewhere', 'unknown'])), name='inspection_outcome_is_known')],
                },
            ),
        ]),
    ]
