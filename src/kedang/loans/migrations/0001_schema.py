"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('loans', '0001_initial'), ('loans', '0002_homes_of_lent_volumes'), ('loans', '0003_incidents')]

    initial = True

    dependencies = [
        ('files', '0001_schema'),
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Loan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                    ('status', models.CharField(choices=[('requested', 'requested'), ('issued', 'lent'), ('returned', 'back, to be checked'), ('closed', 'back in its place'), ('withdrawn', 'withdrawn')], default='requested', max_length=9, verbose_name='status')),
                    ('slip', models.BooleanField(default=False, verbose_name='by slip')),
                    ('requested_on', models.DateField(verbose_name='requested on')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('was_due_on', models.JSONField(default=list)),
                    ('issued_on', models.DateField(blank=True, null=True, verbose_name='issued on')),
                    ('returned_on', models.DateField(blank=True, null=True, verbose_name='returned on')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                    ('recalled_on', models.DateField(blank=True, null=True, verbose_name='recalled on')),
                    ('recall_reason', models.CharField(blank=True, max_length=200)),
                    ('renewals', models.PositiveIntegerField(default=0, verbose_name='renewals')),
                    ('pages_out', models.PositiveIntegerField(default=0, verbose_name='pages at issue')),
                    ('pages_back', models.PositiveIntegerField(default=0, verbose_name='pages at return')),
                    ('complete', models.BooleanField(default=True, verbose_name='complete')),
                    ('unmarked', models.BooleanField(default=True, verbose_name='without marks')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('pages_lost', models.PositiveIntegerField(default=0, verbose_name='pages lost')),
                    ('kind', models.CharField(blank=True, max_length=60, verbose_name='kind of loan')),
                    ('borrower', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to=settings.AUTH_USER_MODEL, verbose_name='borrower')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to='staff.branch')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to='files.file')),
                    ('home', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.place')),
                    ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('loss', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.incident')),
                    ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('volume', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to='files.volume')),
                ],
                options={
                    'verbose_name': 'loan',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', 'status', 'due_on'], name='loan_by_due_day'), models.Index(fields=['borrower', 'status'], name='loan_by_borrower')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['requested', 'issued', 'returned', 'closed', 'withdrawn'])), name='loan_status_is_known'), models.UniqueConstraint(condition=models.Q(('status__in', ('issued', 'returned'))), fields=('volume',), name='one_open_loan_per_volume'), models.UniqueConstraint(condition=models.Q(('status', 'requested')), fields=('volume', 'borrower'), name='one_request_per_borrower'), models.CheckConstraint(condition=models.Q(('status__in', ['requested', 'withdrawn']), models.Q(('issued_by__isnull', False), ('issued_on__isnull', False)), _connector='OR'), name='an_issued_loan_says_by_whom'), models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='a_loan_has_a_purpose')],
                },
            ),
            migrations.CreateModel(
                name='LoanPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pages', models.PositiveIntegerField(default=0)),
                    ('state', models.CharField(choices=[('unseen', 'not counted yet'), ('found', 'found'), ('missing', 'missing')], default='unseen', max_length=7)),
                    ('loan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='loans.loan')),
                    ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.record')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('loan', 'record'), name='one_line_per_lent_record'), models.CheckConstraint(condition=models.Q(('state__in', ['unseen', 'found', 'missing'])), name='loan_paper_state_is_known')],
                },
            ),
            migrations.CreateModel(
                name='Consultation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                    ('opened_at', models.DateTimeField(verbose_name='begun')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('effect', models.CharField(blank=True, max_length=200, verbose_name='what came of it')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='staff.branch')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='files.file')),
                    ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to=settings.AUTH_USER_MODEL, verbose_name='reader')),
                ],
                options={
                    'verbose_name': 'consultation',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', '-id'], name='consultation_by_branch')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('file', 'reader'), name='one_open_consultation_per_reader'), models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='a_consultation_has_a_purpose')],
                },
            ),
        ]),
    ]
