"""The web application, as granian loads it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Only the web needs a pool: more connections than a process has threads.
os.environ.setdefault("FAULTLINE_DATABASE_POOL", "6")
application = get_wsgi_application()
