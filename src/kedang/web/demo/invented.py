"""Invented values by the type of a field; valid in form, about nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any

from stdnum.cn import ric

from kedang.rulebook.pack import FieldKind

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DISTRICTS = ("310101", "310104", "310105", "310106", "310107", "310109", "310110", "310112", "310115")


class Invention:
    """Draws values from the house's lists with a fixed seed; a value of a kind that must be single is drawn once."""

    def __init__(self, lists: Mapping[str, Any], random: Random) -> None:
        self.lists = lists
        self.random = random
        self.used: set[str] = set()

    def _once(self, make: Callable[[], str]) -> str:
        while True:
            value = make()
            if value not in self.used:
                self.used.add(value)
                return value

    def name(self) -> str:
        """A person's name."""
        return self.random.choice(self.lists["surnames"]) + self.random.choice(self.lists["given"])

    def mobile(self) -> str:
        """A mobile number."""
        start = self.random.choice(("138", "139", "136", "158", "186", "189"))
        return self._once(lambda: start + f"{self.random.randrange(10**8):08d}")

    def identity(self) -> str:
        """An identity number with a right check digit."""
        born = date(self.random.randint(1962, 2002), self.random.randint(1, 12), self.random.randint(1, 28))
        head = f"{self.random.choice(DISTRICTS)}{born:%Y%m%d}{self.random.randint(1, 998):03d}"
        return head + str(ric.calc_check_digit(head + "0"))

    def serial(self) -> str:
        """A number of seventeen signs."""
        return self._once(lambda: self.lists["number_prefix"] + f"{self.random.randrange(10**9):09d}")

    def plate(self) -> str:
        """A registration with the house's region."""
        signs = LETTERS + "0123456789"
        return self._once(
            lambda: (
                self.lists["plate"] + self.random.choice("ABCDE") + "".join(self.random.choice(signs) for _ in range(5))
            )
        )

    def address(self) -> str:
        """An address."""
        house, floor = self.random.randint(1, 1999), self.random.randint(1, 24)
        return f"上海市{self.random.choice(self.lists['streets'])}{house}号{floor}0{self.random.randint(1, 6)}室"

    def value(self, field: FieldKind, on: date) -> str:
        """A value for a field of a pack; empty where the type has no invented value and none is asked."""
        makers: dict[str, Callable[[], str]] = {
            "name": self.name, "customer": self.name, "mobile": self.mobile, "phone": self.mobile,
            "identity": self.identity, "id-number": self.identity, "vin": self.serial, "plate": self.plate,
            "address": self.address, "text": lambda: self.random.choice(self.lists["text"]),
            "date": on.isoformat, "money": lambda: str(self.random.randint(80, 320) * 1000),
            "number": lambda: str(self.random.randint(1, 90) * 1000),
        }  # fmt: skip
        if field.choices:
            return self.random.choice(field.choices)[0]
        make = makers.get(field.type)
        return make() if make else ""
