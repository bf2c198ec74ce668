"""Links by mail, where the operator has a mail server; without one they are passed on by hand."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail

log = logging.getLogger(__name__)


def has_mail() -> bool:
    return bool(settings.EMAIL_HOST)


def mail_link(to: str, *, subject: str, text: str, link: str) -> bool:
    """False when it was not sent: the page then says so and shows the link."""
    if not has_mail():
        return False
    # A line break in a subject would be a header.
    line = " ".join(subject.split())
    try:
        send_mail(line, f"{text}\n\n{link}\n\nThe link works once.\n", None, [to])
    except (smtplib.SMTPException, OSError):
        log.exception("a link could not be mailed")
        return False
    return True
