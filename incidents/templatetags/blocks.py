"""What a page says in one block, said a second time: its title, for those who show a link to it."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """The text of that block as the page fills it; it was escaped when it was written."""
    assert context.render_context is not None
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    with context.push():
        return SafeString(block.nodelist.render(context).strip())
