"""The node that a person means by what they write: a node's own name, a slug, or a name of the vocabulary."""

from __future__ import annotations

from incidents.graphing.loading import Record
from incidents.models import Alias
from nlp.vocabulary import fold


def find_node(words: str, record: Record) -> str:
    """Empty where nothing is called so. Of several, one with edges comes first, then an organisation."""
    words = words.replace("\x00", "").strip()
    if not words:
        return ""
    low = words.lower()
    if low in record.named:
        return low
    linked = {end for edge in record.edges for end in (edge.source, edge.target)}
    exact = [n for n, named in record.named.items() if low in (named.name.lower(), named.slug)]
    starting = [n for n, named in record.named.items() if named.name.lower().startswith(low)]
    found = exact or aliased(words) or starting
    return min(
        found, key=lambda node: (node not in linked, not node.startswith("organisation:"), node), default=""
    )


def aliased(words: str) -> list[str]:
    rows = Alias.objects.filter(folded=fold(words)).values_list("kind", "slug")
    return [f"{kind}:{slug}" for kind, slug in rows]
