"""What is away belongs where it stood when it went out."""

from django.db import migrations


def fill(apps, _schema):
    Volume = apps.get_model("files", "Volume")
    for loan in apps.get_model("loans", "Loan").objects.filter(status__in=["issued", "returned"], home__isnull=False):
        Volume.objects.filter(pk=loan.volume_id, home=None).update(home=loan.home_id)


class Migration(migrations.Migration):

    dependencies = [
        ("files", "0005_paths_and_homes"),
        ("loans", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
