"""The pages that are made from the packs and the engine: ``python tools/pages.py [NN…]`` writes them.

- ``src/kedang/policies/schema.json``: the form of a pack, for editors
- the tables of acts and facts in ``src/kedang/policies/README.md``
- ``docs/events.md``: each event with its sentence in both languages, and what of it is shredded
- ``docs/clauses/NN.md``: each clause of a pack with its home, its acts and commands, its screens, its cases

Tests compare each file with what is made here. With numbers only these packs' pages are written.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.settings")

from kedang.rulebook import Pack, homes, load_file, run_cases  # noqa: E402
from kedang.rulebook.casefile import Case, read_cases  # noqa: E402
from kedang.rulebook.coverage import rule_acts  # noqa: E402
from kedang.rulebook.rules import Permit  # noqa: E402
from kedang.rulebook.schema import pack_schema  # noqa: E402
from kedang.rulebook.vocabulary import ACTS, CLOSED, FACTS, THINGS  # noqa: E402
from kedang.web.policy_cli import cases_file, commands  # noqa: E402
from kedang.web.screens import LABELS, of_rules  # noqa: E402

BOX = ROOT / "src/kedang/policies"
CLAUSES = ROOT / "docs/clauses"
EVENTS = ROOT / "docs/events.md"
README = BOX / "README.md"
SCHEMA = BOX / "schema.json"
HOME = {
    "proved": "proved by its cases",
    "declared": "declared: a record, form, field, register or post",
    "inspection": "a line on a round",
    "shown": "shown: a principle or definition",
    "homeless": "without a home",
}


def packs() -> list[Path]:
    """The packs in the box."""
    return sorted(path for path in BOX.glob("[0-9][0-9]-*.yaml") if not path.name.endswith(".cases.yaml"))


def page_of(path: Path) -> Path:
    """The page of a pack: 07.md, 00-law.md."""
    return CLAUSES / f"{path.stem if path.name.startswith('00-') else path.name[:2]}.md"


def schema_text() -> str:
    """schema.json as it is to be."""
    return json.dumps(pack_schema(), ensure_ascii=False, indent=1) + "\n"


def permitted() -> dict[str, str]:
    """By act, the office posts to which the common rules permit it."""
    found: dict[str, dict[str, None]] = {}
    for clause in load_file(BOX / "00-base.yaml").clauses.values():
        for rule in clause.rules:
            if isinstance(rule, Permit):
                found.setdefault(rule.act, {}).update(dict.fromkeys(rule.who))
    return {act: ", ".join(who) for act, who in found.items()}


def acts_table() -> str:
    """The acts with their events, the things whose ids the event carries, whom the base lets do it, and the screen."""
    offered, who = commands(), permitted()
    rows = [
        f"| `{act.name}` | `{act.event}` | {', '.join([*act.about, *(f'({one})' for one in act.also)])} "
        f"| {who.get(act.name, '')} | {'yes' if act.name in offered else 'not yet'} |"
        for act in ACTS.values()
    ]
    head = ["| act | event | about | permitted by `00-base` to | a screen |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def facts_table() -> str:
    """The facts by thing, with the type of each and its values where these are closed."""
    lines = []
    for thing in sorted(THINGS):
        facts = {name: kind for name, kind in FACTS.items() if name.startswith(f"{thing}.")}
        told = ", ".join(f"`{name}` {_values(name, kind)}" for name, kind in sorted(facts.items()))
        lines += [f"- **{thing}**: {told}"] if told else []
    return "\n".join(lines)


def _values(fact: str, kind: str) -> str:
    """The type of a fact, and its values where these are the program's own."""
    closed = f" ({', '.join(CLOSED[fact])})" if fact in CLOSED else ""
    return kind.replace("yes_no", "yes/no") + closed


def readme_text(old: str) -> str:
    """The README of packs with its tables written anew."""
    for name, table in (("acts", acts_table()), ("facts", facts_table())):
        old = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda match, table=table: match[1] + table + "\n" + match[2],  # type: ignore[misc]
            old,
            flags=re.DOTALL,
        )
    return old


def clauses_text(path: Path, by_command: Mapping[str, str]) -> str:
    """The page of one pack."""
    pack = load_file(path)
    beneath = [load_file(one) for one in packs() if one.name.startswith("00-") and one != path]
    beside = cases_file(path)
    source = beside.read_bytes() if beside.exists() else b"[]\n"
    cases = read_cases(source, beside.name, pack, beneath)
    home = homes(pack, run_cases(pack, source, beside.name, beneath))
    lines = [
        f"# {pack.number} {pack.title.en} {pack.title.zh}",
        "",
        f"Edition {pack.edition}, {len(pack.clauses)} clauses. Written by `python tools/pages.py` from "
        f"`{path.name}` and its cases; do not edit.",
        "",
        "| clause | home | rules | acts (command) | screens | cases |",
        "|---|---|---|---|---|---|",
        *(_row(pack, id_, home[id_], cases, by_command) for id_ in pack.clauses),
    ]
    return "\n".join(lines) + "\n"


def events_text(by_command: Mapping[str, str]) -> str:
    """docs/events.md: each event with its sentence in both languages, its act, ids and command."""
    from django.utils import translation

    from kedang.web.sentences import sentence

    lines = [
        "# Events",
        "",
        f"{len(ACTS)} events, each left by one act. Written by `python tools/pages.py`; do not edit. A milestone",
        "that a pack declares is an event too (`tenancy.ended`), left by `file.reach` or `job.reach`.",
        "",
        "What is shredded: an event names things and people by their ids and a customer's field by its name, never by",
        "its value; a purpose or reason is what a member of staff wrote.",
        "A value that must travel with an event stands in its `secrets`, encrypted under the key of its subject; the",
        "chain hashes the encrypted bytes. Destroying the key destroys the value, and the event, its place in",
        "the chain and its seal stay as they were.",
        "",
        "| event | 中文 | English | act | ids | offered by |",
        "|---|---|---|---|---|---|",
    ]
    for act in ACTS.values():
        with translation.override("zh-hans"):
            zh = sentence(act.event)
        with translation.override("en"):
            en = sentence(act.event)
        told = by_command.get(act.name, "no command yet")
        lines.append(f"| `{act.event}` | {zh} | {en} | `{act.name}` | {', '.join(act.about)} | {told} |")
    return "\n".join(lines) + "\n"


def _row(pack: Pack, id_: str, home: str, cases: list[Case], by_command: Mapping[str, str]) -> str:
    from django.utils import translation

    clause = pack.clauses[id_]
    rules = sorted({type(rule).__name__.lower() for rule in clause.rules})
    acts = sorted({act for rule in clause.rules for act in rule_acts(rule)})
    told = [f"`{act}` ({by_command.get(act, 'no command yet')})" for act in acts]
    with translation.override("en"):
        screens = [str(LABELS[name]) for name in of_rules(clause.rules, frozenset(by_command))]
    proving = [f"{case.name} ({case.line})" for case in cases if id_ in case.proves]
    law = f"; superseded by {clause.superseded_by}" if clause.superseded_by else ""
    cells = [id_, HOME[home] + law, ", ".join(rules), ", ".join(told), ", ".join(screens), "; ".join(proving)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def pages(numbers: list[str]) -> dict[Path, str]:
    """Every page that is to be, by its path; with numbers only those of these packs."""
    by_command = commands()
    wanted = [path for path in packs() if not numbers or page_of(path).stem in numbers]
    made = {page_of(path): clauses_text(path, by_command) for path in wanted}
    if numbers:
        return made
    return {
        SCHEMA: schema_text(), README: readme_text(README.read_text("utf-8")), EVENTS: events_text(by_command), **made
    }  # fmt: skip


def main(numbers: list[str]) -> int:
    """Write the pages."""
    CLAUSES.mkdir(parents=True, exist_ok=True)
    for path, text in pages(numbers).items():
        path.write_text(text, "utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
