"""One thing that a policy declares, between the text and its form: found by its address, put, taken, judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from kedang.office import amending, candidates
from kedang.office.clause_faults import LACKS, QUOTED
from kedang.office.clause_text import Edited, Plain, Where
from kedang.office.failing import in_words
from kedang.office.places import Path, drop_in, line_of, put_in, spans, spread, tree_of, value_at
from kedang.office.rule_forms import Errors, RuleTyped, plain_of, posted, shown
from kedang.office.rule_shapes import Key
from kedang.office.thing_offers import ThingOffers
from kedang.office.thing_shapes import KEY, ROWS, Sort, sorts
from kedang.rulebook import Pack, PackErrors, load_pack
from kedang.rulebook.declared_words import DECLARED_KEYS, SORT_WORDS
from kedang.rulebook.form_words import key_words
from kedang.rulebook.reading import PackError, folded

NAMES = (KEY, "zh", "en", "default")  # its name, and where a default comes from
YES_NO = ("yes", "no")
WORDS = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Spot:
    """Where a thing stands, or is to stand: ``key`` is empty for a new one, ``path`` then that of its sort."""

    sort: Sort
    path: Path
    key: str
    value: Mapping[str, Plain]
    address: str

    def sorts(self) -> tuple[Sort, ...]:
        """The sort, and for a new thing the sorts of which it must bring a first one."""
        return (self.sort, *(() if self.key else (self.sort.inner[one] for one in self.sort.needs)))


def spot_at(tree: Mapping[str, Plain], address: str) -> Spot | None:
    """The thing at an address like ``files/vehicle/fields/vin``, or the sort at ``files/vehicle/fields``."""
    found, path, sort, key = sorts(), (), None, ""  # type: tuple[Mapping[str, Sort], Path, Sort | None, str]
    for number, step in enumerate(address.split("/")):
        if number % 2 == 0:
            if step not in found:
                return None
            sort, key, path = found[step], "", (*path, step)
            continue
        assert sort is not None
        at = dict(items(sort, value_at(tree, path))).get(step)
        if at is None:
            return None
        key, path, found = step, (*path, at), sort.inner
    value = value_at(tree, path) if key else {}
    return Spot(sort, path, key, value if isinstance(value, Mapping) else {}, address) if sort else None


def items(sort: Sort, listed: Plain) -> list[tuple[str, str | int]]:
    """The keys of the things of a sort, each with its step in a path."""
    if sort.listed:
        rows = enumerate(listed if isinstance(listed, list) else [])
        return [(str(one[sort.listed]), at) for at, one in rows if isinstance(one, Mapping) and sort.listed in one]
    return [(key, key) for key in listed] if isinstance(listed, Mapping) else []


def of_thing(spot: Spot, offers: ThingOffers) -> list[RuleTyped]:
    """The thing as its form shows it; a new one is empty."""
    return [
        RuleTyped(
            sort.name,
            {key.name: shown(key, spot.value[key.name], offers) for key in sort.keys if key.name in spot.value},
        )
        for sort in spot.sorts()
    ]


def of_post(post: QueryDict, spot: Spot) -> list[RuleTyped]:
    """The form as it was sent."""
    return [
        RuleTyped(sort.name, {key.name: posted(post, f"{number}.{key.name}", key) for key in sort.keys})
        for number, sort in enumerate(spot.sorts())
    ]


def own_faults(spot: Spot, parts: Sequence[RuleTyped], tree: Plain, offers: ThingOffers) -> Errors:
    """What the form finds wrong before the loader can: nothing to call it by, or called as another."""
    errors: Errors = {}
    for number, part in enumerate(parts):
        key = part.values.get(KEY, "")
        if not spot.key and not key:
            errors[Where(number, KEY)] = [
                _("“%(field)s” is needed here.") % {"field": offers.namer.say(*DECLARED_KEYS[KEY])}
            ]
        rows = [folded(row[KEY]) for row in part.values.get(ROWS, ())]
        if len(set(rows)) < len(rows) or "" in rows:
            errors[Where(number, ROWS)] = [_("Each choice has a key of its own.")]
    there = {folded(one): one for one, _at in items(spot.sort, value_at(tree, spot.path))} if not spot.key else {}
    twin = there.get(folded(parts[0].values.get(KEY, "")))
    if twin:
        at = dict(items(spot.sort, value_at(tree, spot.path)))[twin]
        name = name_of(spot.sort.name, twin, value_at(tree, (*spot.path, at)), offers)
        errors[Where(0, KEY)] = [_("There is already “%(name)s” of this key.") % {"name": name}]
    return errors


def value_of(spot: Spot, parts: Sequence[RuleTyped]) -> dict[str, Plain]:
    """What a new thing says."""
    own, *inner = [plain_thing(sort, part) for sort, part in zip(spot.sorts(), parts, strict=True)]
    for name, one, part in zip(spot.sort.needs, inner, parts[1:], strict=True):
        own[name] = [one] if spot.sort.inner[name].listed else {part.values[KEY]: one}
    return own


def plain_thing(sort: Sort, part: RuleTyped, key: str = "") -> dict[str, Plain]:
    """What a form says as plain values; ``key`` is that of a thing that is there already."""
    head = {sort.listed: key or part.values.get(KEY, "")} if sort.listed else {}
    said = {key.name: plain_of(key, part.values[key.name]) for key in sort.keys[1:] if part.values.get(key.name)}
    return head | said


def saved(text: str, spot: Spot, parts: Sequence[RuleTyped]) -> tuple[str, Path]:
    """The text with the thing as the form says, and where it stands in it."""
    if not spot.key:
        step = len(items(spot.sort, value_at(tree_of(text), spot.path))) if spot.sort.listed else parts[0].values[KEY]
        path = (*spot.path, step)
        return put_in(text, path, value_of(spot, parts)), path
    wanted = plain_thing(spot.sort, parts[0], spot.key)
    for key in spot.sort.keys[1:]:
        before, after = spot.value.get(key.name), wanted.get(key.name)
        if after is None and before is not None:
            text = drop_in(text, (*spot.path, key.name))
        elif after is not None and _as_list(before) != _as_list(after):
            text = put_in(text, (*spot.path, key.name), after)
    return text, spot.path


def _as_list(value: Plain) -> Plain:
    return [value] if isinstance(value, str) else value


def faults(text: str, name: str, path: Path, parts: Sequence[RuleTyped], offers: ThingOffers, spot: Spot) -> Errors:
    """What the loader says about a text with a thing put into it, by the field; nothing when it reads well."""
    wrong = _wrong(text, name)
    if not wrong:
        return {}
    value = {**spot.value, **value_of(spot, parts)} if not spot.key else _merged(spot, parts)
    probe = spread(text, path, value)
    found: Errors = {}
    lines = dict(_lines_of(probe, path, spot))
    for error in (_wrong(probe, name) or wrong)[: candidates.MOST_ERRORS]:
        where = _place(error, lines, parts)
        said = in_words(error.message)
        lacking = LACKS.search(error.message)
        if lacking and where.key and where.rule is not None:
            label = offers.namer.say(*key_words(parts[where.rule].body, where.key))
            said = _("“%(field)s” is needed here.") % {"field": label}
        elif where == Where():
            about = label_at(Edited(probe), error, offers)
            said = _("%(what)s: %(said)s") % {"what": about, "said": said} if about else said
        shown_at = Where(where.rule) if spot.key and where.key == KEY else where
        found.setdefault(shown_at, []).append(said)
    return found


def _merged(spot: Spot, parts: Sequence[RuleTyped]) -> dict[str, Plain]:
    own = {key.name for key in spot.sort.keys}
    return {
        **{key: one for key, one in spot.value.items() if key not in own},
        **plain_thing(spot.sort, parts[0], spot.key),
    }


def _wrong(text: str, name: str) -> list[PackError]:
    try:
        load_pack(text, name)
    except PackErrors as wrong:
        return wrong.errors
    return []


def _lines_of(probe: str, path: Path, spot: Spot) -> Iterator[tuple[int, Where]]:
    """Each line of the form's things with the field that it is about."""
    for number, sort in enumerate(spot.sorts()):
        here = path if not number else (*path, sort.name, *_first(probe, (*path, sort.name)))
        yield line_of(probe, here), Where(number, KEY)
        for key in (*sort.keys[1:], *((sort.keys[0],) if sort.listed else ())):
            name = sort.listed if key.name == KEY else key.name
            line = line_of(probe, (*here, name))
            if line:
                yield line, Where(number, key.name)


def _first(probe: str, path: Path) -> Path:
    """The step to the first thing at a path; a list has 0."""
    return next((one[-1:] for one, _start, _end in spans(probe) if one[:-1] == path), (0,))


def _place(error: PackError, lines: Mapping[int, Where], parts: Sequence[RuleTyped]) -> Where:
    where = lines.get(error.line, Where())
    if where.rule is None or where.key != KEY:
        return where
    part = parts[where.rule]
    lacking = LACKS.search(error.message)
    if lacking and (f"{part.body}.{lacking[1]}" in DECLARED_KEYS or lacking[1] in DECLARED_KEYS):
        return Where(where.rule, lacking[1])
    for word in QUOTED.findall(error.message):
        for key, value in part.values.items():
            if word == value or (isinstance(value, list) and word in value):
                return Where(where.rule, key)
    return where


def label_at(edited: Edited, error: PackError, offers: ThingOffers) -> str:
    """What stands at the line of an error, as a person calls it: a clause by its number, a thing by its name."""
    tree = tree_of(edited.text)
    inside = [path for path, first, last in spans(edited.text) if first <= error.line <= last]
    clauses = [path for path in inside if path[0] == "clauses" and len(path) == 2]
    if clauses:
        return _("clause %(id)s") % {"id": value_at(tree, clauses[-1])["id"]}
    quoted = set(QUOTED.findall(error.message))
    things = [path for path in inside if len(path) % 2 == 0]
    close = [path for path in things if quoted & set(scalars(value_at(tree, path)))] or things
    return label_of(tree, max(close, key=len), offers) if close else ""


def label_of(tree: Plain, path: Path, offers: ThingOffers) -> str:
    """A thing's sort and name, with what it stands in before it."""
    outer = [
        name_of(str(path[at - 1]), str(path[at]), value_at(tree, path[: at + 1]), offers)
        for at in range(1, len(path), 2)
    ]
    said = _("%(sort)s “%(name)s”") % {"sort": offers.word(SORT_WORDS, str(path[-2])), "name": outer[-1]}
    return " · ".join((*outer[:-1], said))


def name_of(sort: str, key: str, value: Plain, offers: ThingOffers) -> str:
    """What a person calls a thing: its own name, else what the policy declares under its key."""
    named = value if isinstance(value, Mapping) else {}
    said = named.get("zh" if offers.zh else "en") or named.get("zh")
    if said:
        return str(said)
    if sort == "lines":
        papers = named.get("any_of", key)
        listed = papers if isinstance(papers, list) else [papers]
        return offers.namer.any_of(offers.record_name(str(one)) for one in listed)
    return offers.setting_name(key) if sort == "defaults" else offers.namer.name(key)


def said_of(sort: Sort, value: Plain, offers: ThingOffers) -> str:
    """What is said of a thing besides its name, in one line: its keys in words, and how much lies in it."""
    found = [_said(key, value[key.name], offers) for key in sort.keys if key.name in value and key.name not in NAMES]
    for name, inner in sort.inner.items():
        number = len(items(inner, value.get(name)))
        found += [f"{offers.word(SORT_WORDS, name)} {number}"] if number else []
    return " · ".join(one for one in found if one)


def _said(key: Key, value: Plain, offers: ThingOffers) -> str:
    label = offers.namer.say(*key_words(key.body, key.name))
    if key.choices == YES_NO:
        return label if value == "yes" else ""
    if key.kind == "pairs":
        return offers.namer.say("、", ", ").join(name_of(ROWS, one, text, offers) for one, text in value.items())
    if key.kind == "choice":
        return offers.choice_words(key.name, str(value))
    known = dict(option for _group, options in offers.of(key.source) for option in options) if key.source else {}
    several = [str(one) for one in (value if isinstance(value, list) else [value])]
    listed = [known.get(one) or offers.choice(offers.namer.name(one)) for one in several]
    return f"{label}{offers.namer.say('：', ': ')}{offers.namer.say('、', ', ').join(listed)}"


def scalars(value: Plain) -> Iterator[str]:
    """Every text within a value, keys too."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from scalars(one)
    elif isinstance(value, list):
        for one in value:
            yield from scalars(one)
    else:
        yield str(value)


def still_naming(after: str, name: str, spot: Spot, offers: ThingOffers) -> list[str]:
    """What in a text without the thing still speaks of it: clauses first, then other things; nothing when none does."""
    tree = tree_of(after)
    found = [label_at(Edited(after), error, offers) or in_words(error.message) for error in _wrong(after, name)]
    if spot.key not in {key for path, _first_line, _last in spans(after) for key in path[-1:] if path[0] != "clauses"}:
        clauses = [one for one in tree["clauses"] if spot.key in set(scalars(one.get("rules")))]
        found += [_("clause %(id)s") % {"id": one["id"]} for one in clauses]
    return list(dict.fromkeys(found))


def told(tree: Mapping[str, Plain], offers: ThingOffers) -> dict[Path, tuple[str, str]]:
    """Everything that a policy declares, by where it stands: what it is called, and what is said of it in one line."""
    found: dict[Path, tuple[str, str]] = {}

    def walk(inner: Mapping[str, Sort], path: Path, around: str) -> None:
        for name, sort in inner.items():
            for key, step in items(sort, value_at(tree, (*path, name))):
                here = (*path, name, step)
                value = value_at(tree, here)
                called = around + name_of(name, key, value, offers)
                about = said_of(Sort(name, sort.keys, {}), value, offers)
                found[*path, name, key] = (
                    offers.word(SORT_WORDS, name),
                    " · ".join(one for one in (called, about) if one),
                )
                walk(sort.inner, here, f"{called} · ")

    walk(sorts(), (), "")
    return found


def compared(before: Pack, after: Pack, language: str) -> list[amending.Change]:
    """Where two editions differ: clause by clause, then what they declare, by its sort and in one line each."""
    old, new = (told(tree_of(one.canonical), ThingOffers(one, language)) for one in (before, after))
    paths = [one for one in dict.fromkeys((*new, *old)) if old.get(one) != new.get(one)]
    nothing = ("", "")
    things = [
        amending.Change((new.get(one) or old[one])[0], old.get(one, nothing)[1], new.get(one, nothing)[1], (), ())
        for one in paths
    ]
    return [*amending.compared(before, after, language), *things]


def spoken_of(tree: Mapping[str, Plain]) -> frozenset[str]:
    """Every word that a clause's rules or a role on a file uses: a post that is not among them does nothing."""
    said = [*scalars([one.get("rules", []) for one in tree["clauses"]]), *scalars(tree.get("files", {}))]
    return frozenset(word for one in said for word in WORDS.findall(one))
