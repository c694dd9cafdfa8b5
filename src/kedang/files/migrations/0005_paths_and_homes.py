"""Places known so far stand on their own; what stands in one belongs there."""

from django.db import migrations
from django.db.models import F


def fill(apps, _schema):
    Place = apps.get_model("files", "Place")
    for place in Place.objects.filter(path=""):
        place.path = f"/{place.pk}/"
        place.save(update_fields=["path"])
    apps.get_model("files", "Volume").objects.filter(home=None).update(home=F("place"))


class Migration(migrations.Migration):

    dependencies = [
        ("files", "0004_places_in_places"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
