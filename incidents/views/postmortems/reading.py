"""The page of one post-mortem, as it was published; earlier versions, its files and its pictures."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from incidents.models import Postmortem, Publication
from incidents.permissions import may
from incidents.postmortems.choices import State
from incidents.postmortems.collecting import document_of
from incidents.postmortems.documents import Document, as_json
from incidents.postmortems.exporting import to_markdown
from incidents.postmortems.merging import compare
from incidents.views.postmortems.access import readable
from incidents.views.postmortems.article import published_article
from incidents.views.rows import when


@require_safe
@never_cache
@vary_on_cookie
@gzip_page
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """What was published. A draft leads its team to the editor; a withdrawn one tells why."""
    postmortem = readable(request, slug)
    is_team = may(request.user, "postmortem.work", postmortem)
    if postmortem.publication is None:
        return redirect("postmortems:review", slug)
    context: dict[str, Any] = {"postmortem": postmortem, "is_team": is_team}
    if postmortem.state == State.WITHDRAWN:
        context |= {"shown_at": when(postmortem.shown_at)}
        return render(request, "postmortems/withdrawn.html", context, status=410)
    return render(request, "postmortems/read.html", context | article_context(postmortem.publication))


def article_context(publication: Publication) -> dict[str, Any]:
    return {
        "publication": publication,
        "article": published_article(publication),
        "published": when(publication.published_at),
    }


@require_safe
@never_cache
@vary_on_cookie
def amendments(request: HttpRequest, slug: str) -> HttpResponse:
    """Every publication after the first: why it was made, and what it changed."""
    postmortem = out(request, slug)
    told = list(postmortem.publications.select_related("published_by", "approved_by").order_by("number"))
    pairs = [
        (later, when(later.published_at), compare(as_text(earlier), as_text(later)))
        for earlier, later in pairwise(told)
    ]
    context = {"postmortem": postmortem, "first": told[0], "first_at": when(told[0].published_at)}
    return render(request, "postmortems/amendments.html", context | {"pairs": pairs[::-1]})


@require_safe
@never_cache
@vary_on_cookie
def publication(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """As it stood before an amendment."""
    postmortem = out(request, slug)
    chosen = get_object_or_404(postmortem.publications, number=number)
    context = {
        "postmortem": postmortem,
        "is_team": may(request.user, "postmortem.work", postmortem),
        "is_old": chosen.pk != postmortem.publication_id,
    }
    return render(request, "postmortems/read.html", context | article_context(chosen))


@require_safe
@never_cache
@vary_on_cookie
def export(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The published words as a file; those who write may have the working copy."""
    postmortem = readable(request, slug)
    document = exported(request, postmortem)
    if form == "json":
        body, kind = json.dumps(as_json(document), ensure_ascii=False, indent=1), "application/json"
    else:
        body, kind = to_markdown(document), "text/markdown; charset=utf-8"
    response = HttpResponse(body, content_type=kind)
    name = "md" if form == "md" else "json"
    response["Content-Disposition"] = f'attachment; filename="{postmortem.slug}.{name}"'
    return response


def exported(request: HttpRequest, postmortem: Postmortem) -> Document:
    wants_draft = "draft" in request.GET or postmortem.publication is None
    if wants_draft and may(request.user, "postmortem.work", postmortem):
        return document_of(postmortem)
    if postmortem.publication is None or postmortem.state == State.WITHDRAWN:
        raise Http404
    return Document.from_json(postmortem.publication.document)


@require_safe
@never_cache
@vary_on_cookie
def image(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """A picture goes with its post-mortem: whoever may not read the one does not get the other."""
    postmortem = readable(request, slug)
    is_team = may(request.user, "postmortem.work", postmortem)
    if not is_team and not (postmortem.is_out and is_shown(postmortem, token)):
        raise Http404
    picture = get_object_or_404(postmortem.images, token=token)
    response = HttpResponse(bytes(picture.data), content_type="image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_shown(postmortem: Postmortem, token: str) -> bool:
    """Does the published text hold it? One that was uploaded for a draft is nobody else's yet."""
    publication = postmortem.publication
    return publication is not None and f"/images/{token}/" in publication.words


def out(request: HttpRequest, slug: str) -> Postmortem:
    """A post-mortem that is out, for whoever may read it."""
    postmortem = readable(request, slug)
    if not postmortem.is_out:
        raise Http404
    return postmortem


def as_text(publication: Publication) -> str:
    return to_markdown(Document.from_json(publication.document), with_timeline=False)
