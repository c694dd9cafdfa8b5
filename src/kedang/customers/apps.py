"""The Django app of customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers, their contact persons and how they are found."""

    name = "kedang.customers"
    label = "customers"

    def ready(self) -> None:
        """Tell the gate where facts come from, and the journal which columns its events tell."""
        from kedang.customers import replay, rules

        rules.register()
        replay.register()
