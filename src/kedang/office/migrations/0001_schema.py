"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
import kedang.journal.sealed
import uuid
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('office', '0001_log_in')]

    initial = True

    dependencies = [
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='SecondFactor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, unique=True)),
                    ('secret', kedang.journal.sealed.SealedField()),
                    ('recovery', models.JSONField(default=list)),
                    ('since', models.DateField()),
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='second_factor', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'second factor',
                },
            ),
            migrations.CreateModel(
                name='OfficeSession',
                fields=[
                    ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                    ('session_data', models.TextField(verbose_name='session data')),
                    ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                    ('started_at', models.DateTimeField(null=True)),
                    ('agent', models.CharField(blank=True, max_length=120)),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'session',
                    'indexes': [models.Index(fields=['person'], name='session_by_person')],
                },
            ),
            migrations.CreateModel(
                name='UsedCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('mark', models.CharField(max_length=80)),
                    ('used_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('person', 'mark'), name='a_code_serves_once')],
                },
            ),
        ]),
    ]
