"""What people said of how a report is to be read, laid over what was read in it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from incidents.choices import VerdictKind
from incidents.histories import account_key
from incidents.reports import NewAccount, NewReport
from incidents.telling import TIMES, moment_of
from nlp.document import INCIDENT, UNKNOWN_NAME, EntityKind, Evidence, Fact, Field, Origin, Relevance

NAMED = {Field.REGION: EntityKind.REGION, Field.SERVICE: EntityKind.SERVICE}


@dataclass(frozen=True, slots=True)
class Amendment:
    """A person's standing word on one account. `key` is the value, the owner or the relevance it names.

    `order` grows with time: of two words on the same thing the newer holds.
    """

    kind: VerdictKind
    account: str
    order: int
    accepts: bool = True
    subject: str = INCIDENT
    field: str = ""
    key: str = ""

    @property
    def is_about(self) -> tuple[str, ...]:
        value = self.key if self.kind == VerdictKind.FACT else ""
        return (self.kind, self.account, self.subject, self.field, value)


def amend(
    state: NewReport, amendments: Iterable[Amendment], names: Mapping[str, str], speaker: str
) -> NewReport:
    """The state as people read it. `names` leads from an unknown name's key to the slug it stands for.

    `speaker` is for whom the source speaks ("provider:aws"): an account that is given another owner is a
    record of the owner's own only if he speaks.
    """
    standing = {one.is_about: one for one in sorted(amendments, key=lambda one: one.order)}
    accounts = (
        amend_account(
            renamed(account, names),
            [one for one in standing.values() if one.account == account_key(state.key, account.slot)],
            speaker,
        )
        for account in state.accounts
    )
    return replace(state, accounts=tuple(account for account in accounts if account))


def amend_account(account: NewAccount, amendments: Collection[Amendment], speaker: str) -> NewAccount | None:
    """None for one that a person leaves out."""
    for one in amendments:
        if one.kind == VerdictKind.ACCOUNT and not one.accepts:
            return None
        if one.kind == VerdictKind.OWNER:
            account = owned(account, one.key, speaker)
        elif one.kind == VerdictKind.RELEVANCE:
            account = replace(account, relevance=Relevance(one.key))
            account = without(account, Field.RELEVANCE)
            account = replace(account, facts=(*account.facts, stated(Field.RELEVANCE, one.key)))
    facts = [one for one in amendments if one.kind == VerdictKind.FACT]
    for one in facts:
        account = without(account, Field(one.field), one.subject, one.key)
    added = (stated(Field(one.field), one.key, one.subject) for one in facts if one.accepts)
    return replace(account, facts=(*account.facts, *added))


def owned(account: NewAccount, owner: str, speaker: str) -> NewAccount:
    kind, _, slug = owner.partition(":")
    return replace(
        account,
        provider=slug if kind == "provider" else "",
        organisation=slug if kind == "organisation" else "",
        is_strong=owner == speaker,
    )


def without(account: NewAccount, field: Field, subject: str = INCIDENT, key: str | None = None) -> NewAccount:
    """The account without its facts of that field, or those of that value of it."""
    kept = (
        fact
        for fact in account.facts
        if (fact.field, fact.subject) != (field, subject) or key not in (None, fact.key)
    )
    return replace(account, facts=tuple(kept))


def stated(field: Field, key: str, subject: str = INCIDENT) -> Fact:
    """A fact in the name of whoever corrected the report."""
    value, precision = moment_of(key) if field in TIMES else (key, None)
    return Fact(
        field=field,
        value=value,
        key=key,
        evidence=Evidence(path="a person"),
        rule="person",
        subject=subject,
        origin=Origin.PERSON,
        precision=precision,
    )


def renamed(account: NewAccount, names: Mapping[str, str]) -> NewAccount:
    """With the codes that a person has explained under the slugs that they stand for."""
    if not names:
        return account
    return replace(account, facts=tuple(renamed_fact(fact, names) for fact in account.facts))


def renamed_fact(fact: Fact, names: Mapping[str, str]) -> Fact:
    slug = names.get(name_key(fact)) if fact.rule == UNKNOWN_NAME else None
    return replace(fact, value=slug, key=slug) if slug else fact


def name_key(fact: Fact) -> str:
    return f"{NAMED[fact.field]}:{fact.key}" if fact.field in NAMED else ""
