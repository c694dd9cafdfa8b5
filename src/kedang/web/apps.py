"""The application of the frame."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """The frame of the screens; it has no tables."""

    name = "kedang.web"
    label = "web"
    verbose_name = _("Frame")
