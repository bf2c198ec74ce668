"""/watches/: what a person is told of, how, and what became of each message. One sees only one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.forms import Chip, IncidentFilter
from incidents.models import Notice, Provider, User, Watch
from incidents.models.watches import Channel
from incidents.views.filtering import filter_names
from incidents.views.signing_in import person_page
from incidents.watching.looking import begin
from incidents.watching.messages import sample_message
from ingest import delivering
from ingest.forms.watches import WatchForm, new_secret

NOTICES_SHOWN = 50
TESTS_APART = timedelta(minutes=1)


@require_safe
@person_page
def index(request: HttpRequest, person: User) -> HttpResponse:
    rows = [(watch, chips_of(watch.query)) for watch in person.watches.all()]
    return render(request, "watches/index.html", {"rows": rows})


def chips_of(query: str) -> list[Chip]:
    form = IncidentFilter(QueryDict(query))
    return form.chips(filter_names(form, Provider.objects.all() if form.asked["provider"] else ()))


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def new(request: HttpRequest, person: User) -> HttpResponse:
    """With the filter of the list that was open in the address."""
    asked = request.META.get("QUERY_STRING", "")
    form = WatchForm(person, request.POST or None, initial={"query": asked, "channel": Channel.WEBHOOK})
    if request.method == "POST" and form.is_valid():
        watch = form.save()
        begin(watch, timezone.now())
        messages.success(request, "From now on you are told of what changes there.")
        return redirect("ingest:watch", watch.pk)
    context = {"form": form, "chips": chips_of(form["query"].value() or "")}
    return render(request, "watches/new.html", context, status=400 if form.errors else 200)


@require_safe
@person_page
def detail(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    watch = get_object_or_404(person.watches, pk=pk)
    told = watch.notices.filter(is_silent=False).select_related("incident")[:NOTICES_SHOWN]
    return render(
        request, "watches/watch.html", {"watch": watch, "chips": chips_of(watch.query), "notices": told}
    )


@require_POST
@person_page
def act(request: HttpRequest, person: User, pk: int, act: str) -> HttpResponse:
    watch = get_object_or_404(person.watches, pk=pk)
    if act not in ACTS:
        raise Http404
    messages.success(request, ACTS[act](watch))
    return redirect("ingest:watches") if act == "remove" else redirect("ingest:watch", pk)


def test(watch: Watch) -> str:
    """A worker sends it, as it does real ones; one a minute, for the address may be a stranger's."""
    now = timezone.now()
    if watch.notices.filter(incident=None, made_at__gt=now - TESTS_APART).exists():
        return "A test went out within the last minute: wait for it before you send another."
    Notice.objects.create(watch=watch, state="test", message=sample_message(watch).as_json(), due_at=now)
    return "A test is on its way: within half a minute this page says how it went."


def pause(watch: Watch) -> str:
    delivering.stop(watch, "you stopped it")
    return "Stopped: nothing is sent until you start it again."


def resume(watch: Watch) -> str:
    """What changed meanwhile is not told, nor what waited when it was stopped."""
    now = timezone.now()
    watch.notices.filter(due_at__isnull=False).update(due_at=None, trouble="was waiting when it stopped")
    Watch.objects.filter(pk=watch.pk).update(stopped_at=None, stopped_because="")
    begin(watch, now)
    return "Started again."


def rotate(watch: Watch) -> str:
    """Both secrets sign until the next change, so the receiver may take its time."""
    if watch.channel != Channel.WEBHOOK:
        raise Http404
    watch.former_secret, watch.secret = watch.secret, new_secret()
    watch.save(update_fields=["secret", "former_secret"])
    return "A new secret signs from now on, beside the former one."


def forget(watch: Watch) -> str:
    watch.former_secret = ""
    watch.save(update_fields=["former_secret"])
    return "The former secret signs no more."


def remove(watch: Watch) -> str:
    watch.delete()
    return "Removed, with what it told."


ACTS: dict[str, Callable[[Watch], str]] = {
    act.__name__: act for act in (test, pause, resume, rotate, forget, remove)
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: whoever has it may stop this one watch, without signing in."""
    try:
        pk = signing.loads(token, salt=delivering.STOP_SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    watch = get_object_or_404(Watch, pk=pk)
    if request.method == "POST":
        delivering.stop(watch, "stopped by the link in a mail")
    watch.refresh_from_db()
    return render(request, "watches/stop.html", {"watch": watch})
