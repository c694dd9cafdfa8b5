"""What a pack is: a written policy as frozen values.

Nothing here decides anything; `loading` makes these values from YAML, `book` joins packs, and the other modules
read them. Ids of clauses are the written policy's own ("7.4.1a"); a reference across packs is
``"<pack number or slug>:<clause id>"`` (`ClauseRef`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kedang.rulebook.rules import (
    BODIES,
    GRADES,
    RIGHTS,
    STRENGTHS,
    Aggravate,
    Choose,
    Classify,
    ClauseRef,
    Conditions,
    Consent,
    Declare,
    Duty,
    Forbid,
    Inspect,
    Limit,
    Measure,
    Permit,
    Repeat,
    Require,
    Reward,
    Rule,
    Sanction,
    Settle,
    Show,
    Step,
    Test,
    Text,
    Who,
)

__all__ = [
    "BODIES",
    "GRADES",
    "RIGHTS",
    "STRENGTHS",
    "Aggravate",
    "Checklist",
    "ChecklistLine",
    "Choose",
    "Classify",
    "Clause",
    "ClauseRef",
    "Conditions",
    "Consent",
    "Declare",
    "Default",
    "Duty",
    "FieldKind",
    "FileKind",
    "Forbid",
    "Inspect",
    "JobKind",
    "Limit",
    "Measure",
    "Milestone",
    "Named",
    "Pack",
    "Permit",
    "Post",
    "RecordKind",
    "Repeat",
    "Require",
    "Reward",
    "Role",
    "Rule",
    "Sanction",
    "Settle",
    "Show",
    "Step",
    "Test",
    "Text",
    "Unit",
    "Who",
]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that a pack declares with nothing but a name: a register, a round, an incident, a word."""

    key: str
    text: Text
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unit(Named):
    """A department; `head` is the post that leads it."""

    head: str = ""


@dataclass(frozen=True, slots=True)
class Post(Named):
    """A post; `is_` names a post of the base pack whose rights it inherits."""

    unit: str = ""
    reports_to: str = ""
    is_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role(Named):
    """A role that one person has on one file (file.consultant), held by people of one of the posts.

    One that is `optional` may stay open when the file is opened, until somebody is put into it.
    """

    posts: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Milestone(Named):
    """What happens to a file; `event` is "<kind>.<key>", `date` the name of its date fact."""

    event: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class FieldKind(Named):
    """A field of a file or record: its type, grade, how it can be found and how strongly it is asked.

    `part` is the part of the file to which the field belongs; rules ask which parts are being filled in.
    """

    type: str = "text"
    grade: str = ""
    find: str = "none"
    strength: str = "complete"
    choices: tuple[tuple[str, Text], ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class JobKind(Named):
    """Something that recurs on a file (a visit): its own milestones, roles, fields and kinds."""

    milestones: Mapping[str, Milestone] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    fields: Mapping[str, FieldKind] = field(default_factory=dict)
    kinds: Mapping[str, Named] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileKind(Named):
    """A kind of file: one per what, with roles, milestones, jobs, parts and fields.

    `one_until` is the milestone with which a file makes room for the next one about the same.
    """

    one_per: str = ""
    one_until: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    milestones: Mapping[str, Milestone] = field(default_factory=dict)
    jobs: Mapping[str, JobKind] = field(default_factory=dict)
    parts: Mapping[str, Named] = field(default_factory=dict)
    fields: Mapping[str, FieldKind] = field(default_factory=dict)
    one_per_line: int = 0


@dataclass(frozen=True, slots=True)
class RecordKind(Named):
    """A kind of record: its type (document, identity, photo, form …), grade and, for a form, its fields.

    `made_by` names the act that makes it where it is not entered on a line of a checklist.
    """

    type: str = "document"
    grade: str = ""
    made_by: str = ""
    fields: Mapping[str, FieldKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line of a checklist; `any_of` names the record kinds of which one satisfies it."""

    key: str
    any_of: tuple[str, ...]
    form: str = "unspecified"  # original | copy | unspecified
    sides: int = 1
    signed_by: tuple[str, ...] = ()
    inspection: bool = False
    strength: str = "complete"
    when: str = ""  # "asked": the person says whether it arises
    part: str = ""  # the part of the file in which it lies
    line: int = 0


@dataclass(frozen=True, slots=True)
class Checklist(Named):
    """The papers that a file, or a kind of job on it, must hold."""

    file: str = ""
    job: str = ""
    kind: str = ""
    lines: tuple[ChecklistLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Default:
    """A value that the source leaves open; `may_be` bounds what an adoption can set instead."""

    key: str
    value: str | int
    may_be: tuple[str | int, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered rule of the policy with its text and what a machine can apply of it."""

    id: str
    pack: str
    text: Text
    rules: tuple[Rule, ...]
    superseded_by: str = ""
    default: bool = False
    note: str = ""
    line: int = 0

    @property
    def ref(self) -> ClauseRef:
        """The clause's reference across packs."""
        return f"{self.pack}:{self.id}"


@dataclass(frozen=True, slots=True)
class Pack:
    """A written policy as data. `number` is its two digits in the box or its slug; immutable once adopted."""

    number: str
    slug: str
    rank: str  # law (above every policy) | policy | base (below)
    language: int
    edition: str
    title: Text
    calendar: str
    time_zone: str
    stance: Mapping[str, str]
    units: Mapping[str, Unit]
    posts: Mapping[str, Post]
    words: Mapping[str, Text]
    files: Mapping[str, FileKind]
    records: Mapping[str, RecordKind]
    checklists: Mapping[str, Checklist]
    registers: Mapping[str, Named]
    defects: Mapping[str, Named]
    incidents: Mapping[str, Named]
    rounds: Mapping[str, Named]
    segments: Mapping[str, Named]
    defaults: Mapping[str, Default]
    clauses: Mapping[str, Clause]
    bases: tuple[str, ...]
    sha256: str
    canonical: str
    name: str

    def rules(self) -> tuple[Rule, ...]:
        """Every rule of every clause, in the order of writing."""
        return tuple(rule for clause in self.clauses.values() for rule in clause.rules)
