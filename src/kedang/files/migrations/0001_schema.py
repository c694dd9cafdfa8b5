"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
import kedang.journal.sealed
import uuid
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('files', '0001_initial'), ('files', '0002_checked_and_closed'), ('files', '0003_numbers_later'), ('files', '0004_places_in_places'), ('files', '0005_paths_and_homes'), ('files', '0006_incidents'), ('files', '0007_volumes_by_holder_and_status')]

    initial = True

    dependencies = [
        ('customers', '0001_schema'),
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='File',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60, verbose_name='kind')),
                    ('number', models.CharField(blank=True, max_length=60, verbose_name='number')),
                    ('status', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', max_length=8, verbose_name='status')),
                    ('opened_on', models.DateField(verbose_name='opened on')),
                    ('subject_token', models.BigIntegerField(blank=True, null=True)),
                    ('electronic', models.CharField(choices=[('none', 'not filled in'), ('done', 'filled in')], default='none', max_length=8, verbose_name='electronic half')),
                    ('complete', models.BooleanField(default=False, verbose_name='complete')),
                    ('missing', models.PositiveIntegerField(default=0, verbose_name='missing')),
                    ('unit', models.CharField(blank=True, max_length=60)),
                    ('part', models.CharField(blank=True, max_length=60)),
                    ('segment', models.CharField(blank=True, max_length=60)),
                    ('secrecy', models.CharField(blank=True, max_length=20)),
                    ('sealed', models.BooleanField(default=False)),
                    ('past', models.BooleanField(default=False, verbose_name='imported as past')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                    ('close_reason', models.CharField(blank=True, max_length=200)),
                    ('declared_true', models.BooleanField(default=False, verbose_name='declared true')),
                    ('by_proxy', models.BooleanField(default=False, verbose_name='filled in for the customer')),
                    ('verified_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                    ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='confirmed on')),
                    ('confirmed_how', models.CharField(blank=True, choices=[('', 'not confirmed'), ('customer', 'by the customer'), ('visit', 'by a visit'), ('papers', 'from the papers'), ('office', 'in the office')], max_length=10, verbose_name='confirmed')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='staff.branch')),
                    ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='customers.customer')),
                    ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'file',
                    'indexes': [models.Index(fields=['branch', 'status', '-id'], name='file_by_branch'), models.Index(fields=['branch', 'complete', '-id'], name='file_by_completeness'), models.Index(fields=['customer'], name='file_by_customer')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('branch', 'kind', 'number'), name='one_file_per_kind_and_number'), models.UniqueConstraint(condition=models.Q(('subject_token__isnull', False)), fields=('branch', 'kind', 'subject_token'), name='one_file_per_subject'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'closed'])), name='file_status_is_known'), models.CheckConstraint(condition=models.Q(('electronic__in', ['none', 'done'])), name='file_electronic_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('status', 'open')), models.Q(('closed_on__isnull', False), ('status', 'closed')), _connector='OR'), name='a_closed_file_has_its_day'), models.CheckConstraint(condition=models.Q(('confirmed_how__in', ['', 'customer', 'visit', 'papers', 'office'])), name='file_confirmation_is_known')],
                },
            ),
            migrations.CreateModel(
                name='FieldValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('field', models.CharField(max_length=60)),
                    ('grade', models.CharField(max_length=8)),
                    ('text', models.TextField(blank=True)),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('sealed', kedang.journal.sealed.SealedField(null=True)),
                    ('declined', models.BooleanField(default=False)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='files.file')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('file', 'field'), name='one_value_per_field'), models.CheckConstraint(condition=models.Q(('grade__in', ['open', 'personal', 'secret'])), name='value_grade_is_known'), models.CheckConstraint(condition=models.Q(('grade', 'open'), ('text', ''), _connector='OR'), name='only_open_values_are_plain')],
                },
            ),
            migrations.CreateModel(
                name='FileRole',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(max_length=60)),
                    ('since', models.DateField()),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='files.file')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='file_roles', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['person', 'file'], name='role_by_person')],
                    'constraints': [models.UniqueConstraint(fields=('file', 'role'), name='one_person_per_role')],
                },
            ),
            migrations.CreateModel(
                name='Import',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60)),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('status', models.CharField(choices=[('checked', 'checked'), ('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='checked', max_length=8)),
                    ('past', models.BooleanField(default=False)),
                    ('mapping', models.JSONField(default=dict)),
                    ('total', models.PositiveIntegerField(default=0)),
                    ('started_at', models.DateTimeField()),
                    ('lease_until', models.DateTimeField(blank=True, null=True)),
                    ('problem', models.CharField(blank=True, max_length=300)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.branch')),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['checked', 'running', 'done', 'failed'])), name='import_status_is_known')],
                },
            ),
            migrations.CreateModel(
                name='ImportRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField()),
                    ('state', models.CharField(choices=[('good', 'good'), ('bad', 'bad'), ('made', 'made'), ('unchanged', 'unchanged'), ('refused', 'refused')], max_length=10)),
                    ('reasons', models.TextField(blank=True)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file')),
                    ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='files.import')),
                ],
                options={
                    'ordering': ['no'],
                    'constraints': [models.UniqueConstraint(fields=('job', 'no'), name='one_result_per_row'), models.CheckConstraint(condition=models.Q(('state__in', ['good', 'bad', 'made', 'unchanged', 'refused'])), name='import_row_state_is_known')],
                },
            ),
            migrations.CreateModel(
                name='Incident',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60)),
                    ('pieces', models.PositiveIntegerField(default=1)),
                    ('cause', models.CharField(blank=True, max_length=200)),
                    ('course', models.CharField(blank=True, max_length=500)),
                    ('on_loan', models.BooleanField(default=False)),
                    ('happened_on', models.DateField()),
                    ('reported_on', models.DateField()),
                    ('status', models.CharField(choices=[('open', 'open'), ('closed', 'settled')], default='open', max_length=6)),
                    ('handling', models.CharField(blank=True, max_length=500)),
                    ('measures', models.CharField(blank=True, max_length=500)),
                    ('closed_on', models.DateField(blank=True, null=True)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='staff.branch')),
                    ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='files.file')),
                    ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', 'status'], name='incident_by_status')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('status', 'open')), models.Q(('closed_on__isnull', False), ('status', 'closed')), _connector='OR'), name='a_closed_incident_has_its_day'), models.CheckConstraint(condition=models.Q(('pieces__gte', 1)), name='an_incident_counts_something')],
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=60)),
                    ('what', models.CharField(max_length=60)),
                    ('kinds', models.CharField(blank=True, max_length=200)),
                    ('status', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', max_length=8)),
                    ('opened_on', models.DateField()),
                    ('contact_verified', models.BooleanField(default=False)),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('contact_name', kedang.journal.sealed.SealedField(null=True)),
                    ('contact_phone', kedang.journal.sealed.SealedField(null=True)),
                    ('complete', models.BooleanField(default=False)),
                    ('missing', models.PositiveIntegerField(default=0)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='files.file')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='one_job_per_number'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'closed'])), name='job_status_is_known')],
                },
            ),
            migrations.CreateModel(
                name='Milestone',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=60)),
                    ('date', models.DateField()),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='files.file')),
                    ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='files.job')),
                ],
                options={
                    'ordering': ['date', 'pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('job', None)), fields=('file', 'key'), name='a_file_reaches_once'), models.UniqueConstraint(condition=models.Q(('job__isnull', False)), fields=('job', 'key'), name='a_job_reaches_once')],
                },
            ),
            migrations.CreateModel(
                name='Place',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, verbose_name='code')),
                    ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                    ('kind', models.CharField(choices=[('storeroom', 'storeroom'), ('rack', 'rack'), ('cabinet', 'cabinet'), ('safe', 'safe'), ('shelf', 'shelf'), ('compartment', 'compartment'), ('box', 'box')], default='shelf', max_length=12, verbose_name='kind')),
                    ('path', models.CharField(blank=True, db_index=True, max_length=200)),
                    ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='room for')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='staff.branch')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='files.place')),
                ],
                options={
                    'verbose_name': 'place',
                    'ordering': ['branch', 'code'],
                    'constraints': [models.UniqueConstraint(fields=('branch', 'code'), name='one_place_per_code'), models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='place_has_a_code'), models.CheckConstraint(condition=models.Q(('kind__in', ['storeroom', 'rack', 'cabinet', 'safe', 'shelf', 'compartment', 'box'])), name='place_kind_is_known'), models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('pk')), _negated=True), _connector='OR'), name='a_place_does_not_stand_in_itself'), models.CheckConstraint(condition=models.Q(('capacity', None), ('capacity__gte', 1), _connector='OR'), name='place_capacity_counts')],
                },
            ),
            migrations.CreateModel(
                name='Record',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('checklist', models.CharField(blank=True, max_length=60)),
                    ('line', models.CharField(max_length=60)),
                    ('kind', models.CharField(blank=True, max_length=60)),
                    ('form', models.CharField(choices=[('original', 'original'), ('copy', 'copy'), ('unspecified', 'not stated')], default='unspecified', max_length=12)),
                    ('state', models.CharField(choices=[('missing', 'missing'), ('present', 'present'), ('to_follow', 'to follow'), ('not_applicable', 'does not apply'), ('defective', 'defective'), ('withdrawn', 'withdrawn')], default='missing', max_length=16)),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('expected_on', models.DateField(blank=True, null=True)),
                    ('pages', models.PositiveIntegerField(default=0)),
                    ('counts', models.BooleanField(default=True, help_text='Whether the file is incomplete without it.')),
                    ('defects', models.CharField(blank=True, help_text="The pack's defects, separated by commas.", max_length=200)),
                    ('number', models.CharField(blank=True, max_length=60, verbose_name='number')),
                    ('signed', models.CharField(blank=True, help_text='Parties, separated by commas.', max_length=200, verbose_name='signed by')),
                    ('sides', models.PositiveSmallIntegerField(default=0, verbose_name='sides')),
                    ('copies', models.PositiveSmallIntegerField(default=1, verbose_name='copies')),
                    ('dated', models.BooleanField(default=False, verbose_name='dated')),
                    ('ink', models.CharField(blank=True, max_length=20, verbose_name='written with')),
                    ('red_stamp', models.BooleanField(default=False, verbose_name='with a stamp')),
                    ('original_place', models.CharField(blank=True, max_length=100, verbose_name='where the original is')),
                    ('origin', models.CharField(blank=True, max_length=100, verbose_name='where from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                    ('checked_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                    ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='files.file')),
                    ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='records', to='files.job')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('job', None)), fields=('file', 'checklist', 'line'), name='one_record_per_line'), models.UniqueConstraint(condition=models.Q(('job__isnull', False)), fields=('job', 'checklist', 'line'), name='one_record_per_job_line'), models.CheckConstraint(condition=models.Q(('state__in', ['missing', 'present', 'to_follow', 'not_applicable', 'defective', 'withdrawn'])), name='record_state_is_known'), models.CheckConstraint(condition=models.Q(('form__in', ['original', 'copy', 'unspecified'])), name='record_form_is_known')],
                },
            ),
            migrations.CreateModel(
                name='Scan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('type', models.CharField(max_length=20)),
                    ('size', models.PositiveBigIntegerField()),
                    ('added_at', models.DateTimeField()),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='files.record')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='SearchToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.BigIntegerField()),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='files.file')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('token', 'file'), name='one_row_per_file_token')],
                },
            ),
            migrations.CreateModel(
                name='Volume',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField(default=1)),
                    ('status', models.CharField(choices=[('held', 'held'), ('shelved', 'shelved'), ('lent', 'lent')], default='held', max_length=8)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='volumes', to='files.file')),
                    ('holder', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='held_volumes', to=settings.AUTH_USER_MODEL)),
                    ('home', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='belonging', to='files.place')),
                    ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='volumes', to='files.place')),
                ],
                options={
                    'ordering': ['file', 'no'],
                    'indexes': [models.Index(fields=['holder', 'file'], name='volume_by_holder'), models.Index(fields=['status', 'file'], name='volume_by_status')],
                    'constraints': [models.UniqueConstraint(fields=('file', 'no'), name='one_volume_per_number'), models.CheckConstraint(condition=models.Q(models.Q(('place__isnull', False), ('status', 'shelved')), models.Q(('place', None), ('status__in', ['held', 'lent'])), _connector='OR'), name='a_volume_stands_somewhere_or_is_held')],
                },
            ),
            migrations.CreateModel(
                name='Counter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('series', models.CharField(max_length=120)),
                    ('value', models.PositiveBigIntegerField(default=0)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.branch')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('branch', 'series'), name='one_counter_per_series')],
                },
            ),
        ]),
    ]
