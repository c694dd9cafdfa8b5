"""The Django app of adoptions."""

from django.apps import AppConfig


class AdoptionsConfig(AppConfig):
    """Adopted editions, and the stored text that the program runs from."""

    name = "kedang.adoptions"
    label = "adoptions"

    def ready(self) -> None:
        """Tell the journal which columns its events tell."""
        from kedang.adoptions import replay

        replay.register()
