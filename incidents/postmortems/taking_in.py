"""Documents from elsewhere, taken in by an operator: as drafts, or published as they are."""

from __future__ import annotations

from django.db import transaction

from incidents.models import Team, User
from incidents.postmortems.choices import Visibility
from incidents.postmortems.collecting import document_of
from incidents.postmortems.documents import Document
from incidents.postmortems.filing import file_document
from incidents.postmortems.moving import publish as publish_document
from incidents.postmortems.moving import take
from incidents.postmortems.transitions import Act


@transaction.atomic
def take_in(document: Document, *, team: Team, person: User, publish: str | None = None) -> bool:
    """Whether it is new. `publish` names who may read it at once: others have reviewed it elsewhere, and
    only who runs this machine can say so.
    """
    postmortem, is_new = file_document(document, team=team, person=person)
    if not is_new or publish is None:
        return is_new
    postmortem.visibility = Visibility(publish)
    publish_document(postmortem, document_of(postmortem), person=person, note="imported")
    take(postmortem, Act.PUBLISH, person, "imported as it was published elsewhere")
    return True
