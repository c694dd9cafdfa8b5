"""The entry point of a WSGI server such as granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.settings")
application = get_wsgi_application()

from kedang.web.warming import warm  # noqa: E402  (it needs the settings)

warm()
