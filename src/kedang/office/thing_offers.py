"""What a thing that a policy declares may name, in plain words: its posts, departments, files, papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from kedang.office.places import Path
from kedang.office.rule_offers import Group, Offers
from kedang.rulebook.declared_words import declared_choice
from kedang.rulebook.pack import FileKind, Named, Pack
from kedang.rulebook.vocabulary import OFFICE_POSTS
from kedang.rulebook.words import NOUNS, SELECTOR_WORDS

SUBJECTS = ("customer", "none")
PARTIES = {"customer": ("客户", "the customer"), "staff": ("经办人员", "staff")}
NONE = {"none": ("不按对象（如本单位证照）", "nothing (the house's own papers)")}


class ThingOffers(Offers):
    """The names that one thing may use; ``path`` says where it stands, so that a field sees the parts of its file."""

    def __init__(self, pack: Pack, language: str, path: Path = ()) -> None:
        super().__init__(pack, language)
        self.path = path

    def choice_words(self, key: str, value: str) -> str:
        """A choice of a key in words."""
        pair = declared_choice(key, value)
        return self.namer.say(*pair) if pair else self.choice(value)

    def record_name(self, key: str) -> str:
        """A kind of record; its key where there is none."""
        return self.pack.records[key].text.get("zh" if self.zh else "en") if key in self.pack.records else key

    def _named(self, found: Mapping[str, Named]) -> tuple[Group, ...]:
        language = "zh" if self.zh else "en"
        return (("", tuple((key, one.text.get(language)) for key, one in found.items())),)

    @cached_property
    def own_posts(self) -> tuple[Group, ...]:
        """The posts of the policy."""
        return self._named(self.pack.posts)

    @cached_property
    def own_units(self) -> tuple[Group, ...]:
        """Its departments."""
        return self._named(self.pack.units)

    @cached_property
    def own_records(self) -> tuple[Group, ...]:
        """Its kinds of record."""
        return self._named(self.pack.records)

    @cached_property
    def own_files(self) -> tuple[Group, ...]:
        """Its kinds of file."""
        return self._named(self.pack.files)

    @cached_property
    def grants(self) -> tuple[Group, ...]:
        """The common posts, whose rights a post can have, and the posts of the policy itself."""
        common = tuple((key, self.word(SELECTOR_WORDS, key)) for key in sorted(OFFICE_POSTS))
        own = tuple(one for one in self.own_posts[0][1] if one[0] not in OFFICE_POSTS)
        return (*self._group("office", common), *self._group("posts", own))

    def _kinds(self) -> Iterable[FileKind]:
        """The kind of file in which the thing stands, or to which its checklist belongs; else all."""
        head, key = (*self.path, "", "")[:2]
        if head == "checklists" and key in self.pack.checklists:
            head, key = "files", self.pack.checklists[str(key)].file
        one = self.pack.files.get(str(key)) if head == "files" else None
        return [one] if one else self.pack.files.values()

    @cached_property
    def own_parts(self) -> tuple[Group, ...]:
        """The parts of the file."""
        return self._named({key: part for kind in self._kinds() for key, part in kind.parts.items()})

    @cached_property
    def own_jobs(self) -> tuple[Group, ...]:
        """The jobs on the file."""
        return self._named({key: job for kind in self._kinds() for key, job in kind.jobs.items()})

    @cached_property
    def own_milestones(self) -> tuple[Group, ...]:
        """The milestones of the file."""
        return self._named({key: one for kind in self._kinds() for key, one in kind.milestones.items()})

    @cached_property
    def own_kinds(self) -> tuple[Group, ...]:
        """The kinds of these jobs."""
        jobs = [job for kind in self._kinds() for job in kind.jobs.values()]
        return self._named({key: one for job in jobs for key, one in job.kinds.items()})

    @cached_property
    def one_per(self) -> tuple[Group, ...]:
        """What there can be one file about: a thing of the program, or a field of the file."""
        nouns = {**{key: (zh, key) for key, zh in NOUNS.items()}, **NONE}
        plain = tuple((key, self.word(nouns, key)) for key in SUBJECTS)
        own = self._named({key: one for kind in self._kinds() for key, one in kind.fields.items()})[0][1]
        return (("", plain), *self._group("fields", own if self.path[1:] else ()))

    @cached_property
    def parties(self) -> tuple[Group, ...]:
        """Who may sign a paper."""
        return (("", tuple((key, self.word(PARTIES, key)) for key in PARTIES)),)
