"""The write guard: rows change inside ``writing()`` only, which the acts open, and nowhere else.

A wrapper on each database connection looks at every statement, ORM or raw, ``executemany`` included.  It is put
there when a connection is made; Django's ``connection_created`` is the only hook in Kedang, because there is no
other place that no caller can forget.  Statements sent through the driver's own connection are out of its sight:
the triggers and the chains answer for those.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import NO_DB_ALIAS

FREE_TABLES = re.compile(
    r"(?:django_session|django_migrations|django_content_type|auth_permission|axes_\w+|office_usedcode|"
    r"office_officesession)\Z"
)
_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"|`([^`]*)`|\[(\w+)\]')
_LOCKING = re.compile(r"\bfor\s+(?:no\s+key\s+)?update\b")
_WRITES = re.compile(
    r"\b(?:insert|update|delete|replace(?!\s*\()|merge|truncate|create|alter|drop|grant|revoke|copy|into|do|call|vacuum|"
    r"reindex|cluster|attach|detach|lock|setval|set_config|lo_import|lo_export|dblink|execute|prepare|comment|import|"
    r"security|reassign|session_replication_role|refresh|load)\b"
)
_READS = re.compile(
    r"[\s(]*(?:select|with|values|explain|show|savepoint|release|rollback|begin|commit|start|set|reset|fetch|close|"
    r"declare|table|pragma|analyze)\b"
)
_PRAGMAS = re.compile(
    r"\s*pragma\s+(?:(?:foreign_keys|foreign_key_check|foreign_key_list|table_info|table_xinfo|table_list|index_list|"
    r"index_info|index_xinfo|integrity_check|quick_check|defer_foreign_keys|journal_mode|synchronous|cache_size|"
    r"temp_store|secure_delete|busy_timeout|database_list|wal_checkpoint|user_version|data_version|page_count|page_size"
    r")(?:\s*\(\s*\S*\s*\)|\s*=\s*\w+|\s*))\s*;?\s*\Z"
)
_TARGET = re.compile(r"\s*(?:insert\s+(?:or\s+\w+\s+)?into|update|delete\s+from)\s+\x00(\w+)\x00(?!\s*\.)")
_LAST_LOGIN = re.compile(r"\s*update\s+\x00staff_person\x00\s+set\s+\x00last_login\x00\s*=\s*\S+\s+where\b[^,]*\Z")


class WriteRefused(Exception):
    """A statement would have changed rows outside an act."""


class _Permission(threading.local):
    depth = 0


_permission = _Permission()


@contextmanager
def writing() -> Iterator[None]:
    """Let this thread change rows.  Only ``acts`` and the journal's own writes open it; a test reads who does."""
    _permission.depth += 1
    try:
        yield
    finally:
        _permission.depth -= 1


def is_writing() -> bool:
    """Whether this thread may change rows just now."""
    return _permission.depth > 0


def _bare(sql: str) -> str:
    """Lower case without comments and literals; quoted names between NUL signs, so that no name passes for a word."""

    def name(match: re.Match[str]) -> str:
        found = match.group(1) or match.group(2) or match.group(3) or ""
        return "\x00" + re.sub(r"\W", "_", found) + "\x00"

    return _QUOTED.sub(name, _NOISE.sub(" ? ", sql)).lower()


@lru_cache(maxsize=4096)
def allowed_outside(sql: str) -> bool:
    """Whether a statement may run outside ``writing()``: it reads, or it keeps a session or counts a log-in."""
    bare = _bare(sql)
    words = _LOCKING.sub(" ", re.sub(r"\x00[^\x00]*\x00", " name ", bare))
    if _PRAGMAS.match(bare):
        return True
    if re.match(r"\s*pragma\b", bare):
        return False
    if _READS.match(words) and not _WRITES.search(words):
        return True
    if ";" in words.rstrip().rstrip(";"):
        return False
    if _LAST_LOGIN.match(bare):
        return True
    target = _TARGET.match(bare)
    return target is not None and FREE_TABLES.match(target.group(1)) is not None and not _second_write(words)


def _second_write(words: str) -> bool:
    """Whether more than the statement's own verb writes; an upsert's DO UPDATE SET counts as its own."""
    rest = re.sub(r"\bon\s+conflict\b.*?\bdo\s+(?:update\s+set|nothing)\b", " ", words, count=1)
    rest = re.sub(r"\A\s*(?:insert\s+(?:or\s+\w+\s+)?into|update|delete\s+from)", " ", rest)
    return _WRITES.search(rest) is not None


def _guarded(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _permission.depth == 0 and not allowed_outside(sql if isinstance(sql, str) else str(sql)):
        raise WriteRefused(f"Rows change inside acts only; refused: {str(sql)[:120]}")
    return execute(sql, params, many, context)


def install(connection: Any, **_signal: Any) -> None:
    """Put the guard on a connection, once.  Django's connection to no database (it makes test ones) has no rows."""
    if connection.alias != NO_DB_ALIAS and _guarded not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _guarded)
