#!/usr/bin/env python
"""Django's commands, once what they need is there: servers and a prepared record, or nothing at all."""

import os
import sys

from django.core.management import execute_from_command_line

from config.env import ConfigurationError
from config.errors import ServerTrouble
from config.providing import provided


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with provided(arguments):
            execute_from_command_line(arguments)
    except (ServerTrouble, ConfigurationError) as trouble:
        sys.exit(f"faultline: {trouble}")
    except BrokenPipeError:
        # Our reader has had enough (`export | head`). Python would complain of it once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv)
