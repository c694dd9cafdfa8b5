"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.custody import locking
from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('custody', '0001_initial'), ('custody', '0002_initial'), ('custody', '0003_withdrawn_papers'), ('custody', '0004_inner_lists'), ('custody', '0005_locked_lists'), ('custody', '0006_record_numbers'), ('custody', '0007_what_waits_for_a_receiver')]

    initial = True

    dependencies = [
        ('files', '0001_schema'),
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Handover',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('checklist', models.CharField(max_length=60, verbose_name='set')),
                    ('status', models.CharField(choices=[('offered', 'offered'), ('received', 'received'), ('checked', 'checked'), ('returned', 'returned')], default='offered', max_length=8, verbose_name='status')),
                    ('offered_on', models.DateField(verbose_name='offered on')),
                    ('received_on', models.DateField(blank=True, null=True, verbose_name='received on')),
                    ('checked_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                    ('missing', models.PositiveIntegerField(default=0, verbose_name='missing')),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='staff.branch')),
                    ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='files.file')),
                    ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given_handovers', to=settings.AUTH_USER_MODEL)),
                    ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='files.job')),
                    ('receiver', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='received_handovers', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'handover',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', 'offered_on'], name='handover_by_day'), models.Index(fields=['branch', 'status'], name='handover_by_status'), models.Index(fields=['receiver', 'status'], name='handover_by_receiver')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['offered', 'received', 'checked', 'returned'])), name='handover_status_is_known'), models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='nobody_hands_over_to_himself'), models.CheckConstraint(condition=models.Q(('status__in', ['offered', 'returned']), ('received_on__isnull', False), _connector='OR'), name='a_received_handover_has_its_day'), models.UniqueConstraint(condition=models.Q(('job', None), ('status', 'offered')), fields=('file', 'checklist'), name='one_open_handover_per_set'), models.UniqueConstraint(condition=models.Q(('job__isnull', False), ('status', 'offered')), fields=('job', 'checklist'), name='one_open_handover_per_job_set')],
                },
            ),
            migrations.CreateModel(
                name='HandoverLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('missing', 'missing'), ('present', 'present'), ('to_follow', 'to follow'), ('not_applicable', 'does not apply'), ('defective', 'defective'), ('withdrawn', 'withdrawn')], max_length=16)),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('found', models.CharField(blank=True, help_text='Defects found by the check.', max_length=200)),
                    ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='custody.handover')),
                    ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.record')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('handover', 'record'), name='one_line_per_record'), models.CheckConstraint(condition=models.Q(('state__in', ['missing', 'present', 'to_follow', 'not_applicable', 'defective', 'withdrawn'])), name='handover_line_state_is_known')],
                },
            ),
            migrations.CreateModel(
                name='InnerList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField(verbose_name='version')),
                    ('status', models.CharField(choices=[('written', 'written'), ('locked', 'locked'), ('replaced', 'replaced')], default='written', max_length=8)),
                    ('written_on', models.DateField()),
                    ('locked_on', models.DateField(blank=True, null=True)),
                    ('pages', models.PositiveIntegerField(default=0)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inner_lists', to='files.file')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [models.UniqueConstraint(fields=('file', 'no'), name='one_inner_list_per_version'), models.UniqueConstraint(condition=models.Q(('status__in', ['written', 'locked'])), fields=('file',), name='one_inner_list_in_use'), models.CheckConstraint(condition=models.Q(models.Q(('locked_on__isnull', False), ('status', 'locked')), models.Q(('locked_on', None), ('status__in', ['written', 'replaced'])), _connector='OR'), name='a_locked_list_has_its_day')],
                },
            ),
            migrations.CreateModel(
                name='InnerListLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField()),
                    ('pages', models.PositiveIntegerField()),
                    ('coding', models.CharField(choices=[('open', 'not coded'), ('coded', 'coded'), ('exempt', 'is not coded')], default='open', max_length=6)),
                    ('sheet_from', models.PositiveIntegerField(blank=True, null=True)),
                    ('sheet_to', models.PositiveIntegerField(blank=True, null=True)),
                    ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='custody.innerlist')),
                    ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.record')),
                ],
                options={
                    'ordering': ['no'],
                    'constraints': [models.UniqueConstraint(fields=('list', 'record'), name='one_inner_line_per_record'), models.UniqueConstraint(fields=('list', 'no'), name='one_inner_line_per_number'), models.CheckConstraint(condition=models.Q(('pages__gte', 1)), name='an_inner_line_has_pages'), models.CheckConstraint(condition=models.Q(models.Q(('coding', 'coded'), ('sheet_from__gte', 1), ('sheet_to__gte', models.F('sheet_from'))), models.Q(('coding__in', ['open', 'exempt']), ('sheet_from', None), ('sheet_to', None)), _connector='OR'), name='coded_sheets_have_their_numbers')],
                },
            ),
            migrations.CreateModel(
                name='ListCheck',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('found', models.CharField(choices=[('found', 'found'), ('missing', 'missing'), ('wrong', 'wrong'), ('unsigned', 'unsigned')], max_length=8)),
                    ('pages', models.PositiveIntegerField(default=0)),
                    ('checked_on', models.DateField()),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='custody.innerlistline')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('line', 'person'), name='one_check_per_line_and_person'), models.CheckConstraint(condition=models.Q(('found__in', ['found', 'missing', 'wrong', 'unsigned'])), name='list_check_is_known')],
                },
            ),
            migrations.CreateModel(
                name='ListPrint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('copies', models.PositiveIntegerField()),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='custody.innerlist')),
                ],
                options={
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='ListSignature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('party', models.CharField(max_length=60)),
                    ('at', models.DateTimeField()),
                    ('how', models.CharField(max_length=20)),
                    ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='custody.innerlist')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('list', 'person'), name='nobody_signs_a_list_twice'), models.UniqueConstraint(fields=('list', 'party'), name='one_list_signature_per_party')],
                },
            ),
            migrations.CreateModel(
                name='RecordNumber',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=80)),
                    ('given_on', models.DateField()),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.branch')),
                    ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='files.record')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('branch', 'number'), name='one_record_per_number'), models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='a_record_number_says_something')],
                },
            ),
            migrations.CreateModel(
                name='Signature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('party', models.CharField(choices=[('giver', 'giver'), ('receiver', 'receiver')], max_length=8)),
                    ('at', models.DateTimeField()),
                    ('how', models.CharField(max_length=20)),
                    ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='custody.handover')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('handover', 'party'), name='one_signature_per_party'), models.CheckConstraint(condition=models.Q(('party__in', ['giver', 'receiver'])), name='signature_party_is_known')],
                },
            ),
            migrations.CreateModel(
                name='Supplement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_on', models.DateField()),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplements', to='custody.innerlist')),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('asked_on'))), name='a_supplement_is_due_later')],
                },
            ),
            migrations.CreateModel(
                name='SupplementLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('lacks', models.CharField(choices=[('found', 'found'), ('missing', 'missing'), ('wrong', 'wrong'), ('unsigned', 'unsigned')], max_length=8)),
                    ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.record')),
                    ('supplement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='custody.supplement')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('supplement', 'record'), name='one_supplement_line_per_record'), models.CheckConstraint(condition=models.Q(('lacks__in', ['missing', 'wrong', 'unsigned'])), name='supplement_lack_is_known')],
                },
            ),
        ]),
        migrations.RunPython(locking.forwards, locking.backwards, hints={'everywhere': True}),
    ]
