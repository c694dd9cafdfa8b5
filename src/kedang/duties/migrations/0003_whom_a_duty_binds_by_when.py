"""What a person owes is found by the person: a duty's day and whether it is owed stand with whom it binds, too."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Subquery


def fill(apps, _schema):
    Duty, DutyPerson = apps.get_model("duties", "Duty"), apps.get_model("duties", "DutyPerson")
    own = Duty.objects.filter(pk=OuterRef("duty"))
    owed = own.filter(status__in=("open", "late"), done_on=None)
    DutyPerson.objects.update(due_on=Subquery(own.values("due_on")), owed=Exists(owed))


class Migration(migrations.Migration):

    dependencies = [
        ("duties", "0002_what_is_owed"),
    ]

    operations = [
        migrations.AddField("dutyperson", "due_on", models.DateField(null=True)),
        migrations.AddField("dutyperson", "owed", models.BooleanField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
