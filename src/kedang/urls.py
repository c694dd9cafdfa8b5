"""The addresses: each layer that is installed and has pages brings its own ``urls`` module."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include(f"kedang.{layer}.urls"))
    for layer in reversed(settings.INSTALLED_LAYERS)
    if find_spec(f"kedang.{layer}.urls") is not None
]
