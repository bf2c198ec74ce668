"""Starts the Celery app with Django, so that tasks find their broker."""

from django.apps import AppConfig

from config.celery import app


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Tasks are sent through our app from every program, also from one that never imports it."""
        app.set_default()
