"""The house of two managers with a safe of three compartments and a project whose certificates are in hand."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from kedang.certificates import services
from kedang.certificates.models import Certificate
from kedang.files.models import Place
from kedang.files.place_parts import make_place
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.journal.replay import disagreements
from tests.apps.founded import tell_the_founding
from tests.apps.lender_world import make_lender, project

DEED = {"name": "房屋所有权证", "number": "沪房地浦字2026第001234号", "quantity": "1", "owner": "单雄信"}
RIGHT = {"name": "他项权证", "number": "沪房他证2026第5678号", "quantity": "2", "owner": "鸿借公司"}


def make_safe() -> SimpleNamespace:
    """The branch, a safe ``B1`` with compartments ``c1`` to ``c3``, a shelf, a numbered project and its title file."""
    world = make_lender()
    with writing():
        world.shelf = make_place(world.branch, "A-01")
        world.safe = make_place(world.branch, "B1", kind="safe")
        for no in (1, 2, 3):
            place = make_place(world.branch, f"B1-{no}", kind="compartment", parent=world.safe)
            setattr(world, f"c{no}", place)
    tell_the_founding()
    world.project = project(world)
    with writing():
        world.project.number = "鸿借字第001号"
        world.project.save(update_fields=["number"])
    world.file = title(world)
    world.later = lambda hours: world.now + timedelta(hours=hours)
    return world


def title(world: SimpleNamespace, name: str = "城东建材周转"):
    """The title file of a project, opened by A."""
    roles = {"manager-a": world.ai, "manager-b": world.bo}
    return open_file(
        **world.by(world.ai), branch=world.branch, kind="title", values={"project": name}, roles=roles
    ).result


def receive(world, file=None, kind="customer-title", who=None, **changes: str) -> Certificate:
    """A certificate taken in."""
    given = (RIGHT if kind == "other-rights" else DEED) | changes
    return services.receive_certificate(
        **world.by(who or world.ai), file=file or world.file, kind=kind, values=given
    ).result


def listed(world, file=None, who=None, **said):
    """The transfer list of what is in hand; ``said`` corrects."""
    return services.write_transfer(**world.by(who or world.ai), file=file or world.file, said=said).result


def found(inner, numbers: dict[int, str] | None = None, **otherwise: str) -> dict[str, dict[str, str]]:
    """What somebody finds who reads every paper right, but for what is said ``otherwise``."""
    from kedang.journal.sealed import Purpose

    return {
        str(line.certificate_id): {
            "name": "yes", "quantity": str(line.certificate.quantity),
            "number": (numbers or {}).get(
                line.certificate_id, line.certificate.number.reveal(Purpose(viewer="test", why="test"))
            ),
        } | otherwise
        for line in inner.lines.select_related("certificate")
    }  # fmt: skip


def check(world, who, inner, **otherwise: str):
    """A check of every line."""
    return services.check_certificates(**world.by(who), inner=inner, found=found(inner, **otherwise))


def sign(world, who, inner):
    """A signature under the list."""
    return services.sign_transfer(**world.by(who), inner=inner, how="password").result


def signed(world, file=None):
    """A list that A, B and the archivist have checked and signed."""
    inner = listed(world, file)
    for who in (world.ai, world.bo, world.shu):
        check(world, who, inner)
        sign(world, who, inner)
    inner.refresh_from_db()
    return inner


def stored(world, file=None, place: Place | None = None):
    """What is in hand of a file, locked into a compartment."""
    inner = signed(world, file)
    return services.store_certificates(**world.by(world.shu), inner=inner, place=place or world.c1).result


def unexplained() -> list[str]:
    """What rows and journal disagree about, but for the file's number, which this world gave by hand."""
    return [one.what for one in disagreements() if not one.what.startswith("files.File:")]
