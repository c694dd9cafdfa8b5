"""A database of an earlier main: filled to its end it goes on, stopped halfway it is refused."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


OURS = {app.label for app in apps.get_app_configs() if app.name.startswith("kedang.")}


def replaced() -> set[tuple[str, str]]:
    """Every step that stands in one of today's."""
    steps = MigrationLoader(connection).replacements.values()
    return {step for migration in steps for step in migration.replaces if migration.app_label in OURS}


def applied(monkeypatch, names: set[tuple[str, str]]) -> None:
    """The database says that of our steps it went through these."""
    theirs = {key: one for key, one in MigrationRecorder(connection).applied_migrations().items() if key[0] not in OURS}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: theirs | dict.fromkeys(names))


def test_a_database_that_went_through_all_steps_makes_no_table_again(monkeypatch):
    applied(monkeypatch, replaced())
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert [step for step, _back in plan if step.name == "0001_schema"] == []


def test_a_new_database_makes_each_app_in_one_step(monkeypatch):
    applied(monkeypatch, set())
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    steps = [(step.app_label, step.name) for step, _back in plan]
    assert ("files", "0001_schema") in steps and not replaced() & set(steps)


@pytest.mark.parametrize("lacks", [("files", "0007_volumes_by_holder_and_status"), ("custody", "0005_locked_lists")])
def test_a_database_that_stopped_halfway_is_refused(monkeypatch, lacks):
    applied(monkeypatch, replaced() - {lacks})
    with pytest.raises(CommandError, match=f"{lacks[0]}.{lacks[1]} has not run"):
        call_command("migrate", verbosity=0)
