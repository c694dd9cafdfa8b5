"""All tables of the app. A database that an earlier main filled to its end goes on; one that stopped halfway is refused."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kedang.lib.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('staff', '0001_initial'), ('staff', '0002_office_side')]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('username', models.CharField(max_length=60, unique=True, verbose_name='user name')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name in English')),
                    ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                    ('language', models.CharField(blank=True, choices=[('zh-hans', '简体中文'), ('en', 'English')], max_length=10, verbose_name='language')),
                    ('is_active', models.BooleanField(default=True, verbose_name='may log in')),
                    ('is_staff_admin', models.BooleanField(default=False, verbose_name='administers staff')),
                    ('must_change_password', models.BooleanField(default=False, verbose_name='must change the password')),
                    ('left_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ],
                options={
                    'verbose_name': 'person',
                    'ordering': ['username'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('username', ''), _negated=True), name='person_has_a_username'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='person_has_a_name'), models.CheckConstraint(condition=models.Q(('language__in', ['', 'zh-hans', 'en'])), name='person_language_is_known')],
                },
            ),
            migrations.CreateModel(
                name='Branch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                    ('name_zh', models.CharField(max_length=100, verbose_name='name in Chinese')),
                    ('name_en', models.CharField(blank=True, max_length=100, verbose_name='name in English')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='staff.branch')),
                ],
                options={
                    'verbose_name': 'branch',
                    'ordering': ['code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='branch_has_a_code'), models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('pk')), _negated=True), _connector='OR'), name='branch_is_not_its_own_parent')],
                },
            ),
            migrations.CreateModel(
                name='PostHolding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('post', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]*$', 'Write lower-case letters, digits and hyphens.')], verbose_name='post')),
                    ('unit', models.CharField(blank=True, max_length=60, verbose_name='unit')),
                    ('since', models.DateField(verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('deputy', models.BooleanField(default=False, verbose_name='as deputy')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='staff.branch')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to=settings.AUTH_USER_MODEL)),
                    ('stands_in_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entrusted', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'holding of a post',
                    'ordering': ['branch', 'post', 'deputy', 'since', 'pk'],
                    'indexes': [models.Index(fields=['branch', 'post', 'since'], name='holding_by_post'), models.Index(fields=['person', 'since'], name='holding_by_person')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('post', ''), _negated=True), name='holding_names_a_post'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='holding_ends_after_it_begins'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('person', 'branch', 'post'), name='one_open_holding_per_post')],
                },
            ),
            migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]*$', 'Write lower-case letters, digits and hyphens.')], verbose_name='key in the policy')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=100, verbose_name='name in English')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='staff.branch')),
                    ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='headed_units', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'unit',
                    'ordering': ['branch', 'key'],
                    'constraints': [models.UniqueConstraint(fields=('branch', 'key'), name='one_unit_per_key_and_branch')],
                },
            ),
        ]),
    ]
