"""The templates that come with the product into the record. A team's own, and what an admin changed, stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from incidents.models import Template, TemplateSection

FILE = Path(__file__).with_name("templates.jsonl")


@transaction.atomic
def load_templates() -> int:
    """Add those that are missing; how many were added."""
    told = [json.loads(line) for line in FILE.read_text().splitlines()]
    known = set(Template.objects.values_list("slug", flat=True))
    for position, template in enumerate(told):
        if template["slug"] not in known:
            add(position, template)
    return len({template["slug"] for template in told} - known)


def add(position: int, told: dict[str, Any]) -> None:
    template = Template.objects.create(
        slug=told["slug"], name=told["name"], about=told["about"], position=position
    )
    TemplateSection.objects.bulk_create(
        TemplateSection(
            template=template,
            position=place,
            kind=kind,
            heading=heading,
            help=help_text,
            is_optional=bool(optional),
        )
        for place, (kind, heading, help_text, *optional) in enumerate(told["sections"])
    )
