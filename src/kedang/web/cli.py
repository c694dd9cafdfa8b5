"""The command line ``kedang``: one word, then what the part behind it wants."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

PACKS = Path(__file__).resolve().parent.parent / "policies"


def _setup() -> None:
    import django

    django.setup()


def _pack_files(which: str | None) -> list[Path]:
    """The shipped packs, or the one with this number, or the named file; law and base first."""
    shipped = sorted(path for path in PACKS.glob("[0-9][0-9]-*.yaml") if not path.name.endswith(".cases.yaml"))
    if which in (None, "--all", "all"):
        return shipped
    if Path(str(which)).is_file():
        return [Path(str(which))]
    found = [path for path in shipped if path.name.startswith(f"{which}-") or path.stem == which]
    if not found:
        raise SystemExit(f"There is no pack {which!r} in {PACKS}, and no such file.")
    return found


def _beneath(path: Path) -> list[Path]:
    """The packs of rank law and base, which bind together with ``path``."""
    return [one for one in _pack_files(None) if one.name.startswith("00-") and one.resolve() != path.resolve()]


def _policy(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="kedang policy", description="Write packs, check them, run their cases.")
    parser.add_argument("what", choices=["new", "check", "cases", "coverage", "schema"])
    parser.add_argument("which", nargs="?", help="a number such as 07, or a file; nothing means all; for new: a slug")
    parser.add_argument("--all", action="store_true", help="every shipped pack (the default)")
    parser.add_argument("--beside", action="append", default=[], help="check: also against this policy, number or file")
    parser.add_argument("--json", action="store_true", help="coverage as JSON")
    chosen = parser.parse_intermixed_args(arguments)
    from kedang.web import policy_cli

    if chosen.what == "schema":
        print(policy_cli.schema())
        return 0
    if chosen.what == "new":
        return policy_cli.new(chosen.which or "", PACKS / "skeleton", Path())
    paths = _pack_files(None if chosen.all else chosen.which)
    if chosen.what == "check":
        return policy_cli.check(paths, _beneath, [one for which in chosen.beside for one in _pack_files(which)])
    if chosen.what == "cases":
        return policy_cli.cases(paths, _beneath)
    return policy_cli.coverage(paths, _beneath, as_json=chosen.json)


def _journal(name: str) -> Callable[[Sequence[str]], int]:
    def run(arguments: Sequence[str]) -> int:
        _setup()
        from kedang.journal import backups, commands

        run_it: Callable[[Sequence[str]], int] = {
            "verify": commands.verify_main,
            "seal": commands.seal_main,
            "keys": commands.keys_main,
            "backup": backups.backup_main,
            "restore": backups.restore_main,
        }[name]
        return run_it(list(arguments))

    return run


def _migrate(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="kedang migrate", description="Bring both databases up to date.").parse_args(arguments)
    _setup()
    from django.core.management import call_command

    call_command("migrate", database="default", interactive=False, verbosity=0)
    call_command("migrate", database="keys", interactive=False, verbosity=0)
    return 0


def _tick(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="kedang tick", description="Do what has fallen due; catches up day by day.")
    parser.parse_args(arguments)
    _setup()
    from django.utils import timezone

    from kedang.web import ticking

    print(json.dumps(ticking.tick(timezone.now(), clock=timezone.now), ensure_ascii=False))
    return 0


def _serve(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="kedang serve", description="Serve the screens and run the tick beside them.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-tick", action="store_true", help="the tick runs elsewhere")
    chosen = parser.parse_args(arguments)
    _setup()
    from kedang.web import serving

    return serving.serve(chosen.host, chosen.port, chosen.workers, with_tick=not chosen.no_tick)


def _demo(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="kedang demo", description="An invented dealership, made once and served.")
    parser.add_argument("--no-serve", action="store_true", help="make the data and stop")
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(arguments)
    _setup()
    from kedang.web.demo import making

    making.make(files=chosen.files)
    if chosen.no_serve:
        return 0
    return _serve(["--port", str(chosen.port)])


def _doctor(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="kedang doctor", description="Say what this installation lacks.").parse_args(arguments)
    _setup()
    from kedang.web import doctoring

    return doctoring.report()


COMMANDS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "policy": ("write packs, check them, run their cases", _policy),
    "verify": ("say what of the journal is sealed and intact", _journal("verify")),
    "seal": ("seal what is new in the journal", _journal("seal")),
    "keys": ("make, rotate or export keys", _journal("keys")),
    "backup": ("back up data and keys, apart", _journal("backup")),
    "restore": ("restore a backup", _journal("restore")),
    "migrate": ("bring both databases up to date", _migrate),
    "tick": ("do what has fallen due", _tick),
    "serve": ("serve the screens", _serve),
    "demo": ("an invented dealership", _demo),
    "doctor": ("say what this installation lacks", _doctor),
}


def _usage() -> str:
    lines = [f"  {name:<8}  {what}" for name, (what, _run) in COMMANDS.items()]
    return "usage: kedang <command> …\n\n" + "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code.  Without a command, the list of them."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_usage())
        return 0 if arguments else 2
    found = COMMANDS.get(arguments[0])
    if found is None:
        print(f"kedang: there is no command {arguments[0]!r}\n\n{_usage()}", file=sys.stderr)
        return 2
    return found[1](arguments[1:])
