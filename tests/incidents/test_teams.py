"""Teams: invitations, roles, who sees what, and links that work once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from incidents.choices import Role
from incidents.models import AccountLink, Invitation, Membership, Team, User
from incidents.permissions import may
from incidents.teams import links, roles
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def team() -> Team:
    return make_team("matching", lea="lead", rita="reviewer", max="member")


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def membership(username: str) -> Membership:
    return Membership.objects.get(user__username=username)


def link_on(page: Any) -> str:
    """The path of the link that the page shows."""
    found = re.search(r'id="link"[^>]*value="https?://[^/]+([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def invited(role: str = "member", email: str = "new@b.example") -> str:
    return link_on(signed_in("lea").post("/teams/matching/invitations/", {"email": email, "role": role}))


def join(client: Client, link: str) -> Any:
    return client.post(link, {"name": "Neo", "password": PASSWORD}, follow=True)


class TestFounding:
    def test_who_founds_a_team_leads_it(self, client: Client) -> None:
        client.force_login(make_user("ada", is_analyst=False))
        page = client.post("/teams/", {"name": "Matching engine", "about": "orders"}, follow=True)
        assert "Matching engine" in page.content.decode()
        assert Membership.objects.get().role == Role.LEAD

    def test_the_address_does_not_tell_which_names_are_taken(self) -> None:
        ada = make_user("ada")
        first, second = (roles.found("Matching", "", ada).slug for _ in range(2))
        assert first != second
        assert all(re.fullmatch(r"matching-\w{6}", slug) for slug in (first, second))

    def test_a_name_without_letters_gets_an_address(self) -> None:
        assert re.fullmatch(r"team-\w{6}", roles.found("取引所", "", make_user("ada")).slug)

    def test_a_new_name_keeps_the_address(self, team: Team) -> None:
        signed_in("lea").post("/teams/matching/edit/", {"name": "Orders", "about": ""})
        assert Team.objects.get(slug="matching").name == "Orders"


class TestInviting:
    def test_the_link_makes_an_account_and_a_member(self, team: Team, client: Client) -> None:
        link = invited("reviewer")
        assert "lea invites new@b.example" in client.get(link).content.decode()
        assert "matching" in join(client, link).content.decode().lower()
        neo = User.objects.get(email="new@b.example")
        assert (neo.name, neo.roles) == ("Neo", {team.pk: Role.REVIEWER})
        assert not neo.is_staff and not neo.is_analyst
        assert client.get("/account/").status_code == 200

    def test_it_works_once(self, team: Team, client: Client) -> None:
        link = invited()
        join(client, link)
        spent = join(Client(), link)
        assert spent.status_code == 404 and "opens nothing" in spent.content.decode()
        assert User.objects.filter(name="Neo").count() == 1

    def test_it_ends_after_a_week(self, team: Team, client: Client) -> None:
        link = invited()
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert client.get(link).status_code == 404
        assert join(client, link).status_code == 404

    def test_a_newer_link_ends_the_older(self, team: Team, client: Client) -> None:
        old, new = invited(), invited()
        assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
        again = link_on(
            signed_in("lea").post(f"/teams/matching/invitations/{Invitation.objects.get().pk}/renew/")
        )
        assert (client.get(new).status_code, client.get(again).status_code) == (404, 200)

    def test_withdrawn_it_opens_nothing(self, team: Team, client: Client) -> None:
        link = invited()
        signed_in("lea").post(f"/teams/matching/invitations/{Invitation.objects.get().pk}/withdraw/")
        assert client.get(link).status_code == 404

    def test_who_has_an_account_signs_in_and_joins(self, team: Team, client: Client) -> None:
        ada = make_user("ada", email="new@b.example")
        link = invited()
        page = client.get(link).content.decode()
        assert f"/accounts/login/?next={link}" in page and 'name="password"' not in page
        assert join(client, link).status_code == 200 and not ada.memberships.exists()
        client.force_login(ada)
        client.post(link)
        assert ada.memberships.get().team == team

    def test_a_member_keeps_the_higher_role(self, team: Team) -> None:
        signed_in("rita").post(invited("member"))
        assert membership("rita").role == Role.REVIEWER
        signed_in("max").post(invited("reviewer"))
        assert membership("max").role == Role.REVIEWER

    def test_the_database_holds_no_secret(self, team: Team) -> None:
        token = invited().rstrip("/").rsplit("/", 1)[1]
        assert len(token) >= 43, "256 bits: not to be guessed"
        assert token not in str(list(Invitation.objects.values_list()))

    @pytest.mark.parametrize("token", ["x", "0" * 43, "%00", "a" * 5000, "é"])
    def test_a_guess_opens_nothing(self, team: Team, client: Client, token: str) -> None:
        invited()
        assert client.get(f"/teams/invitations/{token}/").status_code == 404

    def test_with_a_mail_server_it_is_mailed_as_well(self, team: Team, settings: Any) -> None:
        settings.EMAIL_HOST = "mail.example"
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        Team.objects.update(name="Orders\nBcc: eve@b.example")
        link = invited()
        (sent,) = mail.outbox
        assert sent.to == ["new@b.example"] and link in str(sent.body)
        assert "\n" not in sent.subject

    def test_a_mail_server_that_fails_costs_nothing(self, team: Team, settings: Any) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        assert invited()

    @pytest.mark.django_db(transaction=True)
    def test_of_two_who_open_it_at_once_one_joins(self, team: Team) -> None:
        token = invited().rstrip("/").rsplit("/", 1)[1]
        people = [make_user(name, is_analyst=False) for name in ("one", "two")]

        def accept(person: User) -> bool:
            try:
                links.accept(token, person)
            except links.LinkSpent:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(accept, people)) == [False, True]


class TestRoles:
    def test_a_lead_changes_a_role(self, team: Team) -> None:
        signed_in("lea").post(f"/teams/matching/members/{membership('max').pk}/role/", {"role": "lead"})
        assert membership("max").role == Role.LEAD

    @pytest.mark.parametrize("role", ["owner", "", "LEAD"])
    def test_a_role_that_does_not_exist_is_refused(self, team: Team, role: str) -> None:
        signed_in("lea").post(f"/teams/matching/members/{membership('max').pk}/role/", {"role": role})
        assert membership("max").role == Role.MEMBER

    def test_a_member_of_another_team_is_out_of_reach(self, team: Team) -> None:
        make_team("elsewhere", eve="member")
        response = signed_in("lea").post(f"/teams/matching/members/{membership('eve').pk}/remove/")
        assert response.status_code == 404 and membership("eve")

    def test_who_is_removed_sees_the_team_no_more(self, team: Team) -> None:
        max_ = signed_in("max")
        signed_in("lea").post(f"/teams/matching/members/{membership('max').pk}/remove/")
        assert max_.get("/teams/matching/").status_code == 404

    def test_the_last_lead_stays(self, team: Team) -> None:
        lea = signed_in("lea")
        assert "keeps a lead" in lea.post("/teams/matching/leave/", follow=True).content.decode()
        lea.post(f"/teams/matching/members/{membership('lea').pk}/role/", {"role": "member"})
        assert membership("lea").role == Role.LEAD

    def test_with_another_lead_one_may_leave(self, team: Team) -> None:
        roles.change_role(membership("rita"), Role.LEAD)
        signed_in("lea").post("/teams/matching/leave/")
        assert not Membership.objects.filter(user__username="lea").exists()

    def test_a_lead_whose_account_is_closed_counts_for_nothing(self, team: Team) -> None:
        roles.change_role(membership("rita"), Role.LEAD)
        User.objects.filter(username="rita").update(is_active=False)
        with pytest.raises(roles.LastLead):
            roles.remove(membership("lea"))

    @pytest.mark.django_db(transaction=True)
    def test_of_two_last_leads_who_leave_at_once_one_stays(self, team: Team) -> None:
        roles.change_role(membership("rita"), Role.LEAD)
        leads = [membership("lea"), membership("rita")]

        def leave(one: Membership) -> bool:
            try:
                roles.remove(one)
            except roles.LastLead:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, leads)) == [False, True]


class TestStrangers:
    ADDRESSES = ("", "edit/", "history/")

    @pytest.mark.parametrize("rest", ADDRESSES)
    def test_a_team_is_answered_like_one_that_is_not_there(self, team: Team, rest: str) -> None:
        make_user("eve", is_analyst=False)
        for client in (Client(), signed_in("eve")):
            there = client.get(f"/teams/matching/{rest}")
            nowhere = client.get(f"/teams/nothing1/{rest}")
            assert there.status_code == nowhere.status_code == 404
            assert without_path(there) == without_path(nowhere)

    def test_a_list_holds_only_teams_of_ones_own(self, team: Team) -> None:
        make_team("elsewhere", eve="lead")
        assert "Matching" not in signed_in("eve").get("/teams/").content.decode()

    def test_a_member_sees_no_email_of_others_and_no_invitation(self, team: Team) -> None:
        User.objects.filter(username="lea").update(email="lea@b.example")
        invited(email="secret@b.example")
        page = signed_in("max").get("/teams/matching/").content.decode()
        assert "lea" in page and "lea@b.example" not in page and "secret@b.example" not in page


def without_path(page: Any) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    return text.replace("matching", "").replace("nothing1", "")


class TestPasswordLinks:
    def made(self, of: str, by: str = "root") -> Any:
        if by == "root":
            make_user("root", is_superuser=True, is_staff=True, is_analyst=False)
        return signed_in(by).post(f"/people/{User.objects.get(username=of).pk}/password-link/")

    def test_the_link_sets_a_password_once_and_ends_other_sessions(self, team: Team, client: Client) -> None:
        open_elsewhere = signed_in("max")
        link = link_on(self.made("max"))
        assert client.post(link, {"password": PASSWORD})["Location"] == "/accounts/login/"
        assert User.objects.get(username="max").check_password(PASSWORD)
        assert open_elsewhere.get("/account/").status_code == 302
        assert client.post(link, {"password": "another long one"}).status_code == 404

    def test_a_lead_makes_none_for_a_member(self, team: Team) -> None:
        assert self.made("max", by="lea").status_code == 404
        assert "password" not in signed_in("lea").get("/teams/matching/").content.decode().lower()
        assert not AccountLink.objects.exists()

    def test_a_weak_password_leaves_the_link_open(self, team: Team, client: Client) -> None:
        link = link_on(self.made("max"))
        assert 'class="error"' in client.post(link, {"password": "short"}).content.decode()
        assert client.post(link, {"password": PASSWORD}).status_code == 302

    def test_the_link_opens_a_brake_on_tries(self, team: Team, client: Client) -> None:
        for _ in range(6):
            last = client.post("/accounts/login/", {"login": "max", "password": "guess"})
        assert last.status_code == 429
        client.post(link_on(self.made("max")), {"password": PASSWORD})
        assert client.post("/accounts/login/", {"login": "max", "password": PASSWORD}).status_code == 302


class TestAdmins:
    def link(self, capsys: Any, *arguments: str) -> str:
        call_command("admin_link", *arguments)
        found = re.search(r"https?://[^/]+(/accounts/link/\S+)", capsys.readouterr().out)
        assert found is not None
        return found[1]

    def make(self, client: Client, link: str, email: str = "root@b.example") -> Any:
        return client.post(link, {"email": email, "name": "Root", "password": PASSWORD})

    def test_the_first_is_made_by_a_link_that_works_once(self, client: Client, capsys: Any) -> None:
        link = self.link(capsys)
        assert "The first account" in client.get(link).content.decode()
        self.make(client, link)
        root = User.objects.get()
        assert root.is_admin and root.is_staff and root.email == "root@b.example"
        assert client.get("/people/").status_code == 200
        assert self.make(Client(), link, "eve@b.example").status_code == 404
        with pytest.raises(CommandError, match="name an EMAIL"):
            call_command("admin_link")

    def test_a_new_link_ends_the_one_before(self, client: Client, capsys: Any) -> None:
        old, new = self.link(capsys), self.link(capsys)
        assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)

    def test_with_an_email_it_makes_that_person_an_admin(self, client: Client, capsys: Any) -> None:
        make_user("ada", email="ada@b.example")
        client.post(self.link(capsys, "ADA@b.example"), {"password": PASSWORD})
        ada = User.objects.get()
        assert ada.is_admin and ada.check_password(PASSWORD)

    def test_an_admin_gives_rights_and_the_last_admin_keeps_his(self, client: Client) -> None:
        root = make_user("root", is_superuser=True, is_staff=True, is_analyst=False)
        ada = make_user("ada", is_analyst=False)
        client.force_login(root)
        client.post(f"/people/{ada.pk}/", {"is_analyst": "on", "is_active": "on"})
        assert may(User.objects.get(username="ada"), "record.judge")
        told = client.post(f"/people/{root.pk}/", {"is_active": "on"}, follow=True)
        assert "keeps an admin" in told.content.decode()
        assert User.objects.get(username="root").is_admin

    def test_an_admin_adds_a_person_who_belongs_to_no_team(self, client: Client) -> None:
        client.force_login(make_user("root", is_superuser=True))
        link = link_on(client.post("/people/", {"email": "ana@b.example", "name": "Ana"}))
        Client().post(link, {"password": PASSWORD})
        assert User.objects.get(email="ana@b.example").check_password(PASSWORD)

    @pytest.mark.parametrize("words", ["ana", "ANA@B", "nobody", "%"])
    def test_people_are_found_by_name_or_address(self, client: Client, words: str) -> None:
        make_user("ana", email="ana@b.example")
        client.force_login(make_user("root", is_superuser=True))
        page = client.get("/people/", {"q": words})
        assert page.status_code == 200
        assert ("ana@b.example" in page.content.decode()) == (words.lower() in "ana@b.example")

    def test_a_sign_that_the_database_takes_nowhere_finds_everybody(self, client: Client) -> None:
        client.force_login(make_user("root", is_superuser=True))
        assert "root" in client.get("/people/", {"q": "\0"}).content.decode()


class TestRightsThatEnd:
    """A link is as good as the right of who made it, on the day when it is opened."""

    @pytest.mark.parametrize("role", ["lead", "member"])
    def test_a_removed_lead_does_not_come_back_by_an_own_invitation(self, team: Team, role: str) -> None:
        link = invited(role)
        roles.change_role(membership("rita"), Role.LEAD)
        roles.remove(membership("lea"))
        assert join(Client(), link).status_code == 404
        assert signed_in("lea").post(link).status_code == 404
        assert not team.memberships.filter(user__username="lea").exists()

    def test_a_closed_accounts_invitation_opens_nothing(self, team: Team) -> None:
        link = invited()
        User.objects.filter(username="lea").update(is_active=False)
        assert join(Client(), link).status_code == 404

    def test_a_password_link_ends_with_the_right_of_the_admin_who_made_it(self, team: Team) -> None:
        root = make_user("root", is_superuser=True, is_staff=True)
        link = link_on(signed_in("root").post(f"/people/{membership('max').user_id}/password-link/"))
        assert Client().get(link).status_code == 200
        User.objects.filter(pk=root.pk).update(is_superuser=False)
        assert Client().post(link, {"password": PASSWORD}).status_code == 404
        assert not User.objects.get(username="max").check_password(PASSWORD)
