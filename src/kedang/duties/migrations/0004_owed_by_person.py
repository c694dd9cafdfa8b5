import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("duties", "0003_whom_a_duty_binds_by_when"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("dutyperson", "duty_by_person"),
        migrations.AlterField("dutyperson", "due_on", models.DateField()),
        migrations.AlterField("dutyperson", "owed", models.BooleanField()),
        migrations.AlterField(
            "dutyperson",
            "person",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="bound_duties",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex("dutyperson", models.Index(fields=["person", "owed", "duty"], name="owed_by_person")),
        migrations.AddIndex("dutyperson", models.Index(fields=["person", "due_on", "duty"], name="due_by_person")),
    ]
