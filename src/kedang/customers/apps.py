"""The Django app of customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers, their contact persons and how they are found."""

    name = "kedang.customers"
    label = "customers"
