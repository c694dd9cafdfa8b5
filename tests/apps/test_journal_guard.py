"""The write guard: each way of changing rows outside an act raises."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, login
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

import kedang
from kedang.journal.guard import WriteRefused, allowed_outside, is_writing, writing
from kedang.journal.management.commands import flush
from kedang.journal.models import SubjectKey
from kedang.staff.models import Branch, Person, PostHolding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def south() -> Branch:
    with writing():
        return Branch.objects.create(code="south", name_zh="南店")


@pytest.fixture
def li() -> Person:
    with writing():
        return Person.objects.create_user("li", "correct horse battery", name="李")


WAYS_BY_ORM = {
    "create": lambda b: Branch.objects.create(code="north", name_zh="北店"),
    "save": lambda b: b.save(),
    "update": lambda b: Branch.objects.update(name_zh="东店"),
    "delete": lambda b: b.delete(),
    "query delete": lambda b: Branch.objects.all().delete(),
    "raw delete": lambda b: Branch.objects.all()._raw_delete("default"),
    "bulk create": lambda b: Branch.objects.bulk_create([Branch(code="north", name_zh="北店")]),
    "bulk update": lambda b: Branch.objects.bulk_update([b], ["name_zh"]),
    "get or create": lambda b: Branch.objects.get_or_create(code="north", defaults={"name_zh": "北店"}),
    "upsert": lambda b: Branch.objects.bulk_create(
        [Branch(code="south", name_zh="东店")], update_conflicts=True, unique_fields=["code"], update_fields=["name_zh"]
    ),
    "another database": lambda b: SubjectKey.objects.create(subject_kind="file", subject_id="1", master="m1"),
}


@pytest.mark.parametrize("way", WAYS_BY_ORM.values(), ids=WAYS_BY_ORM.keys())
def test_the_orm_changes_nothing_outside_an_act(south, way):
    with pytest.raises(WriteRefused), transaction.atomic():
        way(south)
    assert list(Branch.objects.values_list("code", "name_zh")) == [("south", "南店")]


WAYS_BY_SQL = [
    "UPDATE staff_branch SET name_zh = 'x'",
    "update staff_branch set name_zh = 'x'",
    "/* SELECT */ UPDATE staff_branch SET name_zh = 'x'",
    "-- SELECT\nDELETE FROM staff_branch",
    " \n\t DELETE FROM staff_branch",
    "INSERT INTO staff_branch (code) VALUES ('x')",
    "INSERT INTO \"staff_branch\" (code) VALUES ('x')",
    "REPLACE INTO staff_branch (code) VALUES ('x')",
    "SELECT REPLACE(code, 'a', 'b') FROM staff_branch; REPLACE INTO staff_branch (code) VALUES ('x')",
    "WITH gone AS (DELETE FROM staff_branch RETURNING *) SELECT * FROM gone",
    "WITH x AS (SELECT 1) UPDATE staff_branch SET name_zh = 'x'",
    "SELECT 1; DELETE FROM staff_branch",
    "(SELECT 1); DELETE FROM staff_branch",
    "(WITH gone AS (DELETE FROM staff_branch RETURNING *) SELECT * FROM gone)",
    "SELECT ';'; DELETE FROM staff_branch",
    "EXPLAIN ANALYZE DELETE FROM staff_branch",
    "CREATE TABLE evil (id int)",
    "CREATE TABLE evil AS SELECT * FROM staff_branch",
    "SELECT * INTO evil FROM staff_branch",
    "ALTER TABLE staff_branch ADD COLUMN evil int",
    "DROP TABLE staff_branch",
    "DROP TRIGGER journal_event_no_UPDATE",
    "ALTER TABLE journal_event DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "TRUNCATE staff_branch",
    "COPY staff_branch FROM STDIN",
    "MERGE INTO staff_branch USING x ON true WHEN MATCHED THEN DELETE",
    "DO $$ BEGIN DELETE FROM staff_branch; END $$",
    "CALL evil()",
    "PREPARE p AS DELETE FROM staff_branch",
    "VACUUM",
    "ATTACH DATABASE 'x' AS y",
    "PRAGMA writable_schema = ON",
    "PRAGMA ignore_check_constraints = ON",
    "GRANT ALL ON staff_branch TO PUBLIC",
    "LOCK TABLE staff_branch",
    # what is free for sessions must carry nothing else
    "INSERT INTO django_session SELECT * FROM staff_branch; DELETE FROM staff_branch",
    'WITH x AS (DELETE FROM staff_branch RETURNING 1) INSERT INTO "django_session" SELECT 1',
    'INSERT INTO "django_session" (a) SELECT 1 FROM (DELETE FROM staff_branch) x',
    'UPDATE "staff_person" SET "password" = %s WHERE "id" = %s',
    'UPDATE "staff_person" SET "last_login" = %s, "is_staff_admin" = %s WHERE "id" = %s',
    'UPDATE "staff_person" SET "is_staff_admin" = %s, "last_login" = %s WHERE "id" = %s',
    'UPDATE "django_session"."staff_branch" SET x = 1',
    'UPDATE "django_session2" SET x = 1',
]


@pytest.mark.parametrize("sql", WAYS_BY_SQL)
def test_raw_sql_changes_nothing_outside_an_act(south, sql):
    assert not allowed_outside(sql)
    with pytest.raises(WriteRefused), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Branch.objects.get().name_zh == "南店"


def test_executemany_is_guarded_too(south):
    with pytest.raises(WriteRefused), connection.cursor() as cursor:
        cursor.executemany("UPDATE staff_branch SET name_zh = %s", [("x",), ("y",)])


def test_the_store_of_keys_is_guarded_too():
    with pytest.raises(WriteRefused), connections["keys"].cursor() as cursor:
        cursor.execute("DELETE FROM journal_subjectkey")


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "x"."update" FROM "x" WHERE "a" = \'delete from y; drop\'',
        'SELECT * FROM "journal_chainhead" WHERE "id" = 1 FOR UPDATE',
        'SELECT * FROM "journal_chainhead" FOR NO KEY UPDATE',
        "SAVEPOINT s1",
        "EXPLAIN QUERY PLAN SELECT 1",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "SELECT 1 FROM x WHERE a LIKE REPLACE(REPLACE(%s, '%%', '\\%%'), '_', '\\_') || '%%' ESCAPE '\\'",
        "BEGIN DEFERRED",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "PRAGMA table_info(staff_branch)",
        'INSERT INTO "django_session" ("a") VALUES (%s) ON CONFLICT("a") DO UPDATE SET "a" = EXCLUDED."a"',
        'DELETE FROM "axes_accessattempt" WHERE "id" IN (%s)',
        'UPDATE "staff_person" SET "last_login" = %s WHERE "staff_person"."id" = %s',
    ],
)
def test_reading_sessions_and_counting_log_ins_stay_free(sql):
    assert allowed_outside(sql)


def test_a_log_in_writes_its_session_and_nothing_of_the_person(rf, li):
    old = li.password
    request = rf.post("/login/")
    assert authenticate(request, username="li", password="wrong") is None
    request.session = SessionStore()
    login(request, authenticate(request, username="li", password="correct horse battery"))
    assert li.last_login is None
    session = SessionStore()
    session["x"] = 1
    session.save()
    session["x"] = 2
    session.save()
    session.delete()
    li.refresh_from_db()
    assert li.password == old


def test_last_login_may_be_written_and_the_password_may_not(li):
    li.last_login = None
    li.save(update_fields=["last_login"])
    li.set_password("another long password")
    with pytest.raises(WriteRefused), transaction.atomic():
        li.save(update_fields=["password"])


def test_an_old_hash_is_accepted_without_being_written_again(li, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    assert li.check_password("correct horse battery")
    assert not li.check_password("wrong")


def test_the_permission_ends_with_its_block_even_after_an_error(south):
    with pytest.raises(RuntimeError), writing():
        raise RuntimeError
    assert not is_writing()
    with pytest.raises(WriteRefused):
        south.save()


def test_the_permission_of_one_thread_is_not_anothers():
    import threading

    seen: list[bool] = []
    with writing():
        thread = threading.Thread(target=lambda: seen.append(is_writing()))
        thread.start()
        thread.join()
    assert seen == [False]


def test_a_real_journal_is_never_flushed(monkeypatch):
    monkeypatch.setattr(flush, "is_test_database", lambda connection: False)
    with pytest.raises(CommandError, match="never emptied"):
        call_command("flush", interactive=False, verbosity=0)


MAY_OPEN = {
    "acts/command.py": "every act of a person, of the clock through ``clockwork``, and of a branch's first day",
}


def openers(source: str) -> bool:
    """Whether a module gets hold of the guard, by its name or through its module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(alias.name == "kedang.journal.guard" for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            if names & {"kedang.journal.guard", "kedang.journal.guard.writing", "kedang.journal.guard._permission"}:
                return True
    return False


def test_writing_is_opened_by_the_acts_the_journal_and_the_first_day_only():
    root = Path(kedang.__file__).parent
    found = {str(path.relative_to(root)) for path in root.rglob("*.py") if openers(path.read_text("utf-8"))}
    assert {path for path in found if not path.startswith("journal/")} == set(MAY_OPEN)


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        ("from kedang.journal.guard import writing", True),
        ("from kedang.journal.guard import writing as w", True),
        ("from kedang.journal import guard", True),
        ("import kedang.journal.guard", True),
        ("from kedang.journal.guard import WriteRefused", False),
        ("from kedang.journal import parts", False),
    ],
)
def test_no_way_of_importing_the_guard_is_overlooked(line, opens):
    assert openers(line) is opens


def test_a_holding_cannot_end_before_it_begins(south, li):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), writing(), transaction.atomic():
        PostHolding.objects.create(
            person=li, branch=south, post="archivist", since=date(2026, 3, 2), until=date(2026, 3, 1)
        )
