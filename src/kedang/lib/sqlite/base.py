"""Django's SQLite backend with a fair queue for writers.

``BEGIN IMMEDIATE`` alone lets one of eight busy processes starve: it polls, and whoever has just
committed is always faster.  A blocking ``flock`` taken before BEGIN makes the kernel wake the waiters.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; holds the queue's lock from BEGIN to COMMIT or ROLLBACK."""

    _queue: int | None = None

    def _queue_path(self) -> str | None:
        name = str(self.settings_dict["NAME"])
        in_memory = name == ":memory:" or "mode=memory" in name or name.startswith("file:")
        return None if in_memory else name + ".queue"

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_queue()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave_queue()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            if self.connection is None or not self.connection.in_transaction:
                self._leave_queue()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_queue()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave_queue()

    def _enter_queue(self) -> None:
        path = self._queue_path()
        if path is None or self._queue is not None:
            return
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except BaseException:
            os.close(handle)
            raise
        self._queue = handle

    def _leave_queue(self) -> None:
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None
