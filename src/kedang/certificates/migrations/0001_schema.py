"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
import kedang.journal.sealed
import uuid
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('certificates', '0001_initial')]

    initial = True

    dependencies = [
        ('files', '0001_schema'),
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Balance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(verbose_name='counted')),
                    ('on', models.DateField()),
                    ('booked', models.PositiveIntegerField(verbose_name='by the ledger')),
                    ('counted', models.PositiveIntegerField(verbose_name='counted')),
                    ('differences', models.PositiveIntegerField(verbose_name='differences')),
                    ('in_hand', models.PositiveIntegerField(default=0, verbose_name='not in the safe yet')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='balances', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'balance',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', '-id'], name='balance_by_branch')],
                },
            ),
            migrations.CreateModel(
                name='BalanceLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(blank=True, max_length=60)),
                    ('booked', models.PositiveIntegerField()),
                    ('counted', models.PositiveIntegerField()),
                    ('balance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='certificates.balance')),
                    ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.place')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), ('place__isnull', False)), models.Q(('place', None), models.Q(('kind', ''), _negated=True)), _connector='OR'), name='a_balance_line_is_of_a_place_or_a_kind'), models.UniqueConstraint(condition=models.Q(('kind', '')), fields=('balance', 'place'), name='one_balance_line_per_place'), models.UniqueConstraint(condition=models.Q(('place', None)), fields=('balance', 'kind'), name='one_balance_line_per_kind')],
                },
            ),
            migrations.CreateModel(
                name='BalanceSignature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('how', models.CharField(max_length=20)),
                    ('balance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='certificates.balance')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('balance', 'person'), name='nobody_signs_a_balance_twice')],
                },
            ),
            migrations.CreateModel(
                name='Certificate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(help_text="The pack's kind of record.", max_length=60, verbose_name='kind')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('number', kedang.journal.sealed.SealedField()),
                    ('number_token', models.BigIntegerField()),
                    ('owner', kedang.journal.sealed.SealedField(null=True)),
                    ('status', models.CharField(choices=[('received', 'in hand'), ('stored', 'in the safe'), ('returned', 'given back')], default='received', max_length=8, verbose_name='status')),
                    ('received_at', models.DateTimeField(verbose_name='received')),
                    ('stored_at', models.DateTimeField(blank=True, null=True, verbose_name='put into the safe')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='staff.branch')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='files.file')),
                    ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='files.place')),
                    ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stored_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'certificate',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['branch', 'status', '-id'], name='certificate_by_status'), models.Index(fields=['file', 'status'], name='certificate_by_file'), models.Index(fields=['place', 'status'], name='certificate_by_place')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['received', 'stored', 'returned'])), name='certificate_status_is_known'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='a_certificate_is_at_least_one_piece'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='a_certificate_has_a_name'), models.UniqueConstraint(condition=models.Q(('status__in', ('received', 'stored'))), fields=('branch', 'number_token'), name='one_certificate_per_number'), models.CheckConstraint(condition=models.Q(models.Q(('place', None), ('status', 'received'), ('stored_at', None), ('stored_by', None)), models.Q(('place__isnull', False), ('status', 'stored'), ('stored_at__isnull', False), ('stored_by__isnull', False)), models.Q(('place', None), ('status', 'returned'), ('stored_at__isnull', False), ('stored_by__isnull', False)), _connector='OR'), name='a_certificate_is_in_hand_in_the_safe_or_gone')],
                },
            ),
            migrations.CreateModel(
                name='CertificateCheck',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name_agrees', models.BooleanField()),
                    ('number_agrees', models.BooleanField()),
                    ('quantity_agrees', models.BooleanField()),
                    ('checked_on', models.DateField()),
                    ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='certificates.certificate')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('certificate', 'person'), name='one_check_per_certificate_and_person')],
                },
            ),
            migrations.CreateModel(
                name='CertificateField',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('field', models.CharField(max_length=60)),
                    ('text', models.TextField(blank=True)),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('sealed', kedang.journal.sealed.SealedField(null=True)),
                    ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fields', to='certificates.certificate')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('certificate', 'field'), name='one_value_per_certificate_field'), models.CheckConstraint(condition=models.Q(('sealed', None), ('text', ''), _connector='OR'), name='a_sealed_certificate_field_is_not_plain')],
                },
            ),
            migrations.CreateModel(
                name='CertificateToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.BigIntegerField()),
                    ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='certificates.certificate')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('token', 'certificate'), name='one_row_per_certificate_token')],
                },
            ),
            migrations.CreateModel(
                name='Return',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('taker', kedang.journal.sealed.SealedField()),
                    ('authority', kedang.journal.sealed.SealedField(null=True)),
                    ('id_checked', models.BooleanField()),
                    ('at', models.DateTimeField(verbose_name='given back')),
                    ('how', models.CharField(help_text='By what the keeper was known; the other signs the receipt.', max_length=20)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='files.file')),
                    ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'return',
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='ReturnLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('certificate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returned', to='certificates.certificate')),
                    ('given', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='certificates.return')),
                    ('record', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.record')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('certificate',), name='a_certificate_is_given_back_once'), models.UniqueConstraint(fields=('given', 'record'), name='one_return_line_per_record'), models.CheckConstraint(condition=models.Q(models.Q(('certificate__isnull', False), ('record', None)), models.Q(('certificate', None), ('record__isnull', False)), _connector='OR'), name='a_return_line_names_one_thing')],
                },
            ),
            migrations.CreateModel(
                name='TransferList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField(verbose_name='version')),
                    ('status', models.CharField(choices=[('written', 'written'), ('signed', 'signed'), ('stored', 'in the safe'), ('replaced', 'replaced')], default='written', max_length=8)),
                    ('written_on', models.DateField()),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfer_lists', to='files.file')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [models.UniqueConstraint(fields=('file', 'no'), name='one_transfer_list_per_version'), models.UniqueConstraint(condition=models.Q(('status__in', ['written', 'signed'])), fields=('file',), name='one_transfer_list_in_use'), models.CheckConstraint(condition=models.Q(('status__in', ['written', 'signed', 'stored', 'replaced'])), name='transfer_list_status_is_known')],
                },
            ),
            migrations.CreateModel(
                name='TransferLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField()),
                    ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='certificates.certificate')),
                    ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='certificates.transferlist')),
                ],
                options={
                    'ordering': ['no'],
                    'constraints': [models.UniqueConstraint(fields=('list', 'certificate'), name='one_transfer_line_per_certificate'), models.UniqueConstraint(fields=('list', 'no'), name='one_transfer_line_per_number')],
                },
            ),
            migrations.CreateModel(
                name='TransferSignature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('party', models.CharField(max_length=60)),
                    ('at', models.DateTimeField()),
                    ('how', models.CharField(max_length=20)),
                    ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='certificates.transferlist')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('list', 'person'), name='nobody_signs_a_transfer_twice'), models.UniqueConstraint(fields=('list', 'party'), name='one_transfer_signature_per_party')],
                },
            ),
        ]),
    ]
