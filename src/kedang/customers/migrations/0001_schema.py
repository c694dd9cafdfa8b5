"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.db.models.deletion
import kedang.journal.sealed
import uuid
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('customers', '0001_initial'), ('customers', '0002_agreements')]

    initial = True

    dependencies = [
        ('staff', '0001_schema'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Customer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('person', 'person'), ('organization', 'organization')], default='person', max_length=12, verbose_name='kind')),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', kedang.journal.sealed.SealedField(null=True)),
                    ('phone', kedang.journal.sealed.SealedField(null=True)),
                    ('identity', kedang.journal.sealed.SealedField(null=True)),
                    ('status', models.CharField(choices=[('active', 'active'), ('merged', 'merged')], default='active', max_length=8, verbose_name='status')),
                    ('opened_on', models.DateField(verbose_name='known since')),
                    ('group', models.CharField(blank=True, help_text='What the packs call such a customer.', max_length=60, verbose_name='group')),
                    ('standing', models.CharField(blank=True, help_text="In the packs' own words.", max_length=60, verbose_name='standing')),
                    ('verified_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                    ('objected_on', models.DateField(blank=True, null=True, verbose_name='objected on')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='customers', to='staff.branch')),
                    ('collector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='collected by')),
                    ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='customers.customer')),
                    ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'customer',
                    'indexes': [models.Index(fields=['branch', 'id'], name='customer_by_branch')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['person', 'organization'])), name='customer_kind_is_known'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'merged'])), name='customer_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into', None), ('status', 'active')), models.Q(('merged_into__isnull', False), ('status', 'merged')), _connector='OR'), name='a_merged_customer_names_the_other')],
                },
            ),
            migrations.CreateModel(
                name='Contact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seal_ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', kedang.journal.sealed.SealedField(null=True)),
                    ('phone', kedang.journal.sealed.SealedField(null=True)),
                    ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='confirmed on')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='customers.customer')),
                ],
                options={
                    'verbose_name': 'contact person',
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='Agreement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope', models.CharField(choices=[('general', 'in general'), ('separate', 'separate, for sensitive values')], default='general', max_length=8, verbose_name='scope')),
                    ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                    ('notice', models.CharField(max_length=100, verbose_name='notice')),
                    ('version', models.CharField(max_length=40, verbose_name='version')),
                    ('how', models.CharField(choices=[('paper', 'on paper'), ('screen', 'on the screen'), ('spoken', 'spoken')], max_length=8, verbose_name='how')),
                    ('given_on', models.DateField(verbose_name='given on')),
                    ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='withdrawn on')),
                    ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='customers.customer')),
                ],
                options={
                    'verbose_name': 'agreement',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['customer', 'withdrawn_on'], name='agreement_by_customer')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('scope__in', ['general', 'separate'])), name='agreement_scope_is_known'), models.CheckConstraint(condition=models.Q(('how__in', ['paper', 'screen', 'spoken'])), name='agreement_way_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('notice', ''), _negated=True), models.Q(('version', ''), _negated=True)), name='an_agreement_names_its_notice'), models.CheckConstraint(condition=models.Q(('withdrawn_on', None), ('withdrawn_on__gte', models.F('given_on')), _connector='OR'), name='an_agreement_ends_after_it_began')],
                },
            ),
            migrations.CreateModel(
                name='CustomerToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.BigIntegerField()),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='customers.customer')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('token', 'customer'), name='one_row_per_customer_token')],
                },
            ),
        ]),
    ]
