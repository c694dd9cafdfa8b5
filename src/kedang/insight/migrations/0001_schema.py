"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('insight', '0001_initial')]

    initial = True

    dependencies = [
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Frozen',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('clause', models.CharField(max_length=80, verbose_name='clause')),
                    ('name', models.CharField(max_length=80)),
                    ('every', models.CharField(max_length=10)),
                    ('first', models.DateField()),
                    ('last', models.DateField()),
                    ('figures', models.JSONField(default=dict)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frozen_figures', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'frozen figure',
                    'constraints': [models.UniqueConstraint(fields=('branch', 'clause', 'name', 'first'), name='a_figure_is_frozen_once'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='a_frozen_period_has_days')],
                },
            ),
        ]),
    ]
