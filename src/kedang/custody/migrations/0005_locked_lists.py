"""A locked list never changes: the triggers that hold it."""

from django.db import migrations

from kedang.custody import locking


class Migration(migrations.Migration):
    """Install the triggers."""

    dependencies = [("custody", "0004_inner_lists")]
    operations = [migrations.RunPython(locking.forwards, locking.backwards, hints={"everywhere": True})]
