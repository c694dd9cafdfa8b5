"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('adoptions', '0001_initial'), ('adoptions', '0002_office_side'), ('adoptions', '0003_interpretations')]

    initial = True

    dependencies = [
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Adoption',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.CharField(max_length=80, verbose_name='policy')),
                    ('file_name', models.CharField(max_length=120)),
                    ('edition', models.CharField(max_length=40, verbose_name='edition')),
                    ('text', models.TextField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('in_force_from', models.DateField(verbose_name='in force from')),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                    ('settings', models.JSONField(default=dict)),
                    ('hearing_record', models.TextField(blank=True, verbose_name='how staff were heard and told')),
                    ('heard_on', models.DateField(blank=True, null=True, verbose_name='heard on')),
                    ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'adoption',
                    'ordering': ['branch', 'slug', 'in_force_from'],
                    'indexes': [models.Index(fields=['branch', 'in_force_from'], name='adoption_by_branch')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('branch', 'slug'), name='one_edition_in_force_per_policy'), models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('in_force_from')), _connector='OR'), name='adoption_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='Confirmation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('confirmed_on', models.DateField()),
                    ('adoption', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='adoptions.adoption')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'confirmation of having read',
                    'ordering': ['adoption', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('adoption', 'person'), name='one_confirmation_per_person')],
                },
            ),
            migrations.CreateModel(
                name='Draft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.CharField(max_length=80, verbose_name='policy')),
                    ('file_name', models.CharField(max_length=120)),
                    ('edition', models.CharField(max_length=40, verbose_name='edition')),
                    ('text', models.TextField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('cases', models.TextField(blank=True)),
                    ('checked', models.JSONField(default=dict)),
                    ('settings', models.JSONField(default=dict)),
                    ('posts', models.JSONField(default=dict)),
                    ('in_force_from', models.DateField(blank=True, null=True, verbose_name='in force from')),
                    ('hearing_record', models.TextField(blank=True, verbose_name='how staff were heard and told')),
                    ('heard_on', models.DateField(blank=True, null=True, verbose_name='heard on')),
                    ('status', models.CharField(choices=[('draft', 'draft'), ('proposed', 'proposed'), ('adopted', 'adopted'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state')),
                    ('drafted_on', models.DateField()),
                    ('adoption', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='adoptions.adoption')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='staff.branch')),
                    ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'draft of a policy',
                    'ordering': ['branch', 'slug', '-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'proposed'])), fields=('branch', 'slug'), name='one_open_draft_per_policy'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'proposed', 'adopted', 'withdrawn'])), name='draft_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('adoption__isnull', False), ('status', 'adopted')), models.Q(models.Q(('status', 'adopted'), _negated=True), ('adoption', None)), _connector='OR'), name='an_adopted_draft_has_its_adoption')],
                },
            ),
            migrations.CreateModel(
                name='Interpretation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('clause', models.CharField(max_length=80)),
                    ('text', models.TextField()),
                    ('said_on', models.DateField()),
                    ('adoption', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interpretations', to='adoptions.adoption')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'interpretation of a clause',
                    'ordering': ['adoption', 'clause', 'said_on', 'pk'],
                    'indexes': [models.Index(fields=['adoption', 'clause'], name='interpretation_by_clause')],
                },
            ),
            migrations.CreateModel(
                name='SignOff',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_post', models.CharField(blank=True, max_length=120)),
                    ('sha256', models.CharField(max_length=64)),
                    ('signed_at', models.DateTimeField()),
                    ('how', models.CharField(default='password', max_length=20)),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='adoptions.draft')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'signature under a policy',
                    'ordering': ['draft', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('draft', 'person', 'sha256'), name='one_signature_per_person_and_wording')],
                },
            ),
        ]),
    ]
