"""The schema for editors says what the loader says, and the file in the box is the generated one."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from kedang.rulebook.bodies import READERS
from kedang.rulebook.schema import pack_schema
from tests.rulebook.small import HEAD

BOX = Path(__file__).parents[2] / "src/kedang/policies"
PACKS = sorted(path for path in BOX.glob("[0-9][0-9]-*.yaml") if not path.name.endswith(".cases.yaml"))
SCHEMA = pack_schema()


def complaints(text):
    document = yaml.load(text, Loader=yaml.CBaseLoader)
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)]


def with_rule(rule):
    return HEAD + f'  - id: "1"\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n'


def test_the_schema_is_itself_in_order():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert {next(iter(one.get("properties", {"show": 0}))) for one in SCHEMA["$defs"]["rule"]["oneOf"]} == {*READERS}


def test_the_file_in_the_box_is_the_generated_one():
    shipped = json.loads((BOX / "schema.json").read_text("utf-8"))
    assert shipped == SCHEMA, "run: python tools/pages.py"


@pytest.mark.parametrize("path", [*PACKS, BOX / "skeleton/pack.yaml"], ids=lambda path: path.name)
def test_every_pack_in_the_box_fits_the_schema(path):
    assert complaints(path.read_text("utf-8").replace("SLUG", "my-house")) == []


def test_figures_typed_as_numbers_by_an_editor_fit_too():
    text = with_rule("duty: {after: vehicle.delivered, who: [archivist], about: file, done_by: file.bound, in: [1, 2]}")
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    "rule",
    [
        "permit: {act: file.swim, who: [archivist]}",
        "permit: {who: [archivist]}",
        "duty: {after: vehicle.delivered, who: [archivist], about: file, done_by: file.bound, within_working_day: 3}",
        "duty: {after: vehicle.delivered, who: [archivist], about: file, within_days: 3}",
        "duty: {after: vehicle.delivered, who: [archivist], about: file, done_by: file.bound, within_days: 3 days}",
        "forbid: {act: file.open, when: {file.same_subject: {more_than: 0}}}",
        "sanction: {for: {tardy: x}, fine_cny: 50, per: file, decided_by: [director]}",
        "sanction: {for: {defect: unsigned}, fine_cny: fifty, per: file, decided_by: [director]}",
        "choose: {for: customer.allocate, rank: 1, pick: a, keep: b}",
        "aggravate: {who: [archivist], counts: imposed, from_nth: 2, multiply: 2}",
        "oblige: {who: [archivist]}",
    ],
)
def test_what_the_loader_refuses_by_form_the_schema_refuses_too(rule):
    assert complaints(with_rule("show")) == []
    assert complaints(with_rule(rule)) != []
