"""What a page by hand would tell, for correction before it is linked: each account, and each of its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms

from incidents.amending import Amendment
from incidents.choices import VerdictKind
from incidents.desk.value_forms import read_value
from incidents.histories import account_key
from incidents.models import Organisation, Provider
from incidents.profiles import owner_of
from incidents.quoting import shorten
from incidents.reports import NewAccount, NewReport
from nlp.document import INCIDENT, Fact, Field, Relevance

LABELS = {
    Field.PROVIDER: "Provider",
    Field.REGION: "Region",
    Field.SERVICE: "Service",
    Field.IMPACT: "Organisation hit",
    Field.STARTED_AT: "Start",
    Field.ENDED_AT: "End",
    Field.CAUSE: "Cause",
    Field.SEVERITY: "Severity",
}
"""What can be changed or added; whatever else was found can only be left out."""
ROWS_TO_ADD = 3
OWNERS: Mapping[str, type[Provider | Organisation]] = {"provider": Provider, "organisation": Organisation}


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact: its fields on the form, and the words that prove it. `value` is None where it is fixed."""

    label: str
    about: str
    shown: str
    sentence: str
    keep: forms.BoundField
    value: forms.BoundField | None


@dataclass(frozen=True, slots=True)
class AccountRows:
    key: str
    keep: forms.BoundField
    owner: forms.BoundField
    relevance: forms.BoundField
    facts: tuple[FactRow, ...]
    added: tuple[tuple[forms.BoundField, forms.BoundField], ...]


def mark_of(proposed: NewReport) -> str:
    """Equal for equal proposals: corrections of one do not fit another."""
    return sha256(repr(proposed.accounts).encode()).hexdigest()


class ProposalForm(forms.Form):
    """The fields of account 0 start with "0-"; those of its fact 2 with "0-2-"."""

    mark = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, proposed: NewReport, data: Any = None) -> None:
        super().__init__(data, initial={"mark": mark_of(proposed)}, prefix="proposal")
        self.proposed = proposed
        for number, account in enumerate(proposed.accounts):
            self.add_fields(number, account)

    def add_fields(self, number: int, account: NewAccount) -> None:
        fields = self.fields
        fields[f"{number}-keep"] = forms.BooleanField(required=False, initial=True, label="It tells of this")
        fields[f"{number}-owner"] = forms.CharField(
            max_length=140, label="Whose outage", initial=owner_of(self.proposed, account), required=False
        )
        fields[f"{number}-relevance"] = forms.ChoiceField(
            choices=[(one.value, one.value.replace("-", " ")) for one in Relevance],
            label="Kind",
            initial=account.relevance.value,
        )
        for place, fact in enumerate(account.facts):
            fields[f"{number}-{place}-keep"] = forms.BooleanField(required=False, initial=True, label="Keep")
            if is_editable(fact):
                fields[f"{number}-{place}-value"] = forms.CharField(
                    max_length=300, initial=written(fact), label=LABELS[fact.field], required=False
                )
        choices = [("", "—"), *((field.value, label) for field, label in LABELS.items())]
        for place in range(ROWS_TO_ADD):
            fields[f"{number}-add{place}-field"] = forms.ChoiceField(
                choices=choices, required=False, label="One more fact"
            )
            fields[f"{number}-add{place}-value"] = forms.CharField(
                max_length=300, required=False, label="Its value"
            )

    def accounts(self) -> Iterator[AccountRows]:
        for number, account in enumerate(self.proposed.accounts):
            yield AccountRows(
                key=account_key(self.proposed.key, account.slot),
                keep=self[f"{number}-keep"],
                owner=self[f"{number}-owner"],
                relevance=self[f"{number}-relevance"],
                facts=tuple(
                    FactRow(
                        label=LABELS.get(fact.field, fact.field.replace("_", " ")),
                        about="" if fact.subject == INCIDENT else fact.subject.partition(":")[2],
                        shown=fact.value,
                        sentence=sentence_of(self.proposed, fact),
                        keep=self[f"{number}-{place}-keep"],
                        value=self[f"{number}-{place}-value"] if is_editable(fact) else None,
                    )
                    for place, fact in enumerate(account.facts)
                ),
                added=tuple(
                    (self[f"{number}-add{place}-field"], self[f"{number}-add{place}-value"])
                    for place in range(ROWS_TO_ADD)
                ),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("mark") != mark_of(self.proposed):
            raise forms.ValidationError("The page was read differently this time: look at it again.")
        self.amendments = [
            one
            for number, account in enumerate(self.proposed.accounts)
            for one in self.amend(number, account, given)
        ]
        return given

    def amend(self, number: int, account: NewAccount, given: dict[str, Any]) -> Iterator[Amendment]:
        """What the form says otherwise than the proposal."""
        key = account_key(self.proposed.key, account.slot)
        if not given.get(f"{number}-keep"):
            yield Amendment(VerdictKind.ACCOUNT, key, 0, accepts=False)
            return
        owner = given.get(f"{number}-owner", "").strip()
        if owner != owner_of(self.proposed, account) and self.is_owner(number, owner):
            yield Amendment(VerdictKind.OWNER, key, 0, key=owner)
        relevance = given.get(f"{number}-relevance", account.relevance.value)
        if relevance != account.relevance:
            yield Amendment(VerdictKind.RELEVANCE, key, 0, key=relevance)
        for place, fact in enumerate(account.facts):
            name, is_kept = f"{number}-{place}-value", given.get(f"{number}-{place}-keep")
            value = given.get(name, "").strip() if is_editable(fact) else written(fact)
            if not is_kept or value != written(fact):
                yield Amendment(
                    VerdictKind.FACT,
                    key,
                    0,
                    accepts=False,
                    subject=fact.subject,
                    field=fact.field,
                    key=fact.key,
                )
                if is_kept and value:
                    yield from self.state(name, key, fact.field, value)
        for place in range(ROWS_TO_ADD):
            field, value = given.get(f"{number}-add{place}-field"), given.get(f"{number}-add{place}-value")
            if field and value:
                yield from self.state(f"{number}-add{place}-value", key, Field(field), value)

    def is_owner(self, number: int, owner: str) -> bool:
        kind, _, slug = owner.partition(":")
        if kind in OWNERS and OWNERS[kind].objects.filter(slug=slug).exists():
            return True
        self.add_error(f"{number}-owner", "Name one that is known: provider:aws, organisation:coinbase.")
        return False

    def state(self, name: str, account: str, field: Field, value: str) -> Iterator[Amendment]:
        """A fact in the person's own name, where the value can be read."""
        subject, key = INCIDENT, ""
        try:
            if field is Field.IMPACT:
                subject, key = f"organisation:{known(Organisation, value.strip())}", "affected"
            elif field is Field.PROVIDER:
                key = known(Provider, value.strip())
            else:
                key = read_value(field, value).key
        except forms.ValidationError as error:
            self.add_error(name, error)
            return
        yield Amendment(VerdictKind.FACT, account, 0, subject=subject, field=field, key=key)


def known(table: type[Provider | Organisation], slug: str) -> str:
    if not table.objects.filter(slug=slug).exists():
        raise forms.ValidationError(f"No {table._meta.verbose_name} has the slug “{slug}”.")
    return slug


def is_editable(fact: Fact) -> bool:
    return fact.field in LABELS and (fact.field is not Field.IMPACT or fact.key == "affected")


def written(fact: Fact) -> str:
    """A fact's value as a person writes it: of an organisation hit its slug."""
    return fact.subject.partition(":")[2] if fact.field is Field.IMPACT else fact.key


def sentence_of(proposed: NewReport, fact: Fact) -> str:
    """The words that prove it; empty where a field of the source does."""
    evidence = fact.evidence
    if evidence.start is None:
        return ""
    text = proposed.title if evidence.passage is None else proposed.posts[evidence.passage].text
    return shorten(text[evidence.start : evidence.end])
