"""Review: what a reviewer looks at, what was remarked, and the moves from draft to withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from incidents.models import Comment, Postmortem, User
from incidents.permissions import may
from incidents.postmortems.choices import ReviewVerdict, Visibility
from incidents.postmortems.collecting import document_of
from incidents.postmortems.completeness import CHECKLIST, completeness
from incidents.postmortems.forms import CommentForm, ReasonForm, ReviewForm
from incidents.postmortems.moving import approval_of, move, review, show_to, situation_of
from incidents.postmortems.transitions import Act, Refused
from incidents.views.postmortems.access import team_page
from incidents.views.postmortems.article import article_of
from incidents.views.postmortems.workbench import acts

MOVED = {
    Act.SUBMIT: "It is in review: somebody who has written nothing of it reads it now.",
    Act.RECALL: "It is a draft again.",
    Act.PUBLISH: "It is published. This address lasts.",
    Act.AMEND: "The amendment is published.",
    Act.WITHDRAW: "It is withdrawn; its address tells why.",
    Act.DELETE: "The draft is deleted.",
}


@require_safe
@team_page("work")
def review_page(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    """The words as readers would see them, with remarks beside each section and the verdict below."""
    document = document_of(postmortem)
    approval = approval_of(postmortem, document)
    situation = situation_of(postmortem, document, approval)
    sections = list(postmortem.sections.order_by("position", "pk"))
    comments = list(postmortem.comments.select_related("person", "resolved_by", "section"))
    context = {
        "postmortem": postmortem,
        "article": article_of(document),
        "sections": [
            (section, [one for one in comments if one.section_id == section.pk]) for section in sections
        ],
        "general": [one for one in comments if one.section_id is None],
        "open": sum(one.resolved_at is None for one in comments),
        "complete": completeness(document, frozenset(one.kind for one in sections if one.is_optional)),
        "checklist": CHECKLIST.items(),
        "digest": document.digest,
        "situation": situation,
        "approval": approval,
        "acts": acts(postmortem, situation, person),
        "may_review": may(person, "postmortem.approve", postmortem),
        "may_comment": may(person, "postmortem.comment", postmortem),
        "reviews": postmortem.reviews.select_related("person"),
    }
    return render(request, "postmortems/review.html", context)


@require_POST
@team_page("work")
def give_verdict(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise Refused("Approve it, or say what should change")
    given = form.cleaned_data
    verdict = ReviewVerdict(given["verdict"])
    review(
        postmortem,
        verdict,
        person=person,
        checklist=given["checklist"],
        note=given["note"],
        digest=given["digest"],
    )
    if verdict == ReviewVerdict.APPROVE:
        messages.info(request, "Approved, word for word. It can be published now.")
    else:
        messages.info(request, "Sent back to its authors.")
    return to_review(postmortem)


@require_POST
@team_page("work")
def move_on(request: HttpRequest, person: User, postmortem: Postmortem, act: str) -> HttpResponse:
    if act not in MOVED:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("The reason has 2,000 characters at most")
    moved = move(postmortem, Act(act), person=person, reason=form.cleaned_data["reason"])
    messages.info(request, MOVED[Act(act)])
    if act == Act.DELETE:
        return redirect("postmortems:mine")
    if act in (Act.PUBLISH, Act.AMEND, Act.WITHDRAW):
        return redirect(moved)
    return to_review(moved)


@require_POST
@team_page("change-visibility")
def change_visibility(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    word = request.POST.get("visibility", "")
    if word not in Visibility.values:
        raise Refused("Private, internal or public")
    show_to(postmortem, Visibility(word), person=person)
    return redirect("postmortems:edit", postmortem.slug)


@require_POST
@team_page("comment")
def comment(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise Refused("A remark has 1 to 4,000 characters")
    section = postmortem.sections.filter(pk=form.cleaned_data["section"]).first()
    made = Comment.objects.create(
        postmortem=postmortem, section=section, text=form.cleaned_data["text"], person=person
    )
    return to_review(postmortem, f"comment-{made.pk}")


@require_POST
@team_page("comment")
def resolve(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    """Or open it again."""
    remark = get_object_or_404(postmortem.comments, pk=pk)
    is_open = remark.resolved_at is None
    remark.resolved_at, remark.resolved_by = (timezone.now(), person) if is_open else (None, None)
    remark.save(update_fields=["resolved_at", "resolved_by"])
    return to_review(postmortem, f"comment-{pk}")


def to_review(postmortem: Postmortem, anchor: str = "") -> HttpResponse:
    address = reverse("postmortems:review", args=[postmortem.slug])
    return redirect(f"{address}#{anchor}" if anchor else address)
