"""What people type about themselves and their teams."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from django import forms
from django.contrib.auth.password_validation import validate_password

from incidents.choices import Role
from incidents.models import Team, User

NAME_HELP = "As others see it on what you write."
PASSWORD_HELP = "At least 10 characters; no common one, and nothing like your name or address."


def password_field(label: str = "Password") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=PASSWORD_HELP)


class NameField(forms.CharField):
    def __init__(self) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(label="Your name", max_length=150, help_text=NAME_HELP, widget=widget)


class EmailField(forms.EmailField):
    def __init__(self) -> None:
        super().__init__(
            label="Email", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
        )


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """allauth's form in our words: labels instead of placeholders, which vanish as one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email or username"
        self.fields["remember"].label = "Keep me signed in here"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth has no types
    """Where the operator opened the door: allauth's form, and a name to show."""

    name = NameField()
    field_order = ["name", "email", "password1"]


class NewPasswordForm(forms.Form):
    """A password that is good enough for this person."""

    password = password_field("New password")

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password" in data:
            try:
                validate_password(data["password"], self.user_like(data))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data

    def user_like(self, data: dict[str, Any]) -> User:
        """Who the password may not be like."""
        return self.person or User(email=data.get("email", ""), name=data.get("name", ""))


class JoinForm(NewPasswordForm):
    """An account for who was invited; the address is the invited one."""

    name = NameField()
    password = password_field()
    field_order = ["name", "password"]


class FirstAdminForm(NewPasswordForm):
    email = EmailField()
    name = NameField()
    password = password_field()
    field_order = ["email", "name", "password"]

    def clean_email(self) -> str:
        return free_address(self.cleaned_data["email"])


def free_address(email: str, but: User | None = None) -> str:
    taken = User.objects.filter(email__iexact=email)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise forms.ValidationError("This address cannot be used.")
    return email


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = User
        fields = ["name"]

    name = NameField()


class EmailChangeForm(forms.Form):
    email = EmailField()

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        return free_address(self.cleaned_data["email"], but=self.person)


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = Team
        fields = ["name", "about"]
        labels = {"name": "Name of the team", "about": "What it looks after"}


class InvitationForm(forms.Form):
    email = EmailField()
    role = forms.ChoiceField(choices=Role.choices)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A person's rights on the site, as an admin gives them."""

    class Meta:
        model = User
        fields = ["is_analyst", "is_superuser", "is_active"]
        labels = {"is_analyst": "analyst", "is_superuser": "admin", "is_active": "may sign in"}
        help_texts = {
            "is_analyst": "Answers the review queue and judges incidents.",
            "is_superuser": "Sees every team, gives rights, and opens the record's tables.",
            "is_active": "Without it the account is closed; what it wrote stays.",
        }


class NewPersonForm(forms.Form):
    """A person without a team, such as an analyst; a link lets them choose a password."""

    email = EmailField()
    name = forms.CharField(max_length=150)

    def clean_email(self) -> str:
        return free_address(self.cleaned_data["email"])
