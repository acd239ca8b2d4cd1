"""What providers hold and make: plain facts with ids, no secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NewType, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from tokentui.domain.account import AccountAbility
    from tokentui.domain.errors import ProviderError
    from tokentui.domain.lifetime import LifetimePolicy, Term
    from tokentui.domain.secret import Secret

ProviderKey = NewType("ProviderKey", str)
ProfileName = NewType("ProfileName", str)
InstanceId = NewType("InstanceId", str)
AccountId = NewType("AccountId", str)
CredentialId = NewType("CredentialId", str)
KindKey = NewType("KindKey", str)

T = TypeVar("T")
FieldValue = str | bool | tuple[str, ...]
Facts = tuple[tuple[str, str], ...]
"""Harmless labels and values worth showing."""


class Ability(StrEnum):
    """What a provider lets one do with a credential after it was made."""

    LIST = "list"
    VERIFY = "verify"
    RENAME = "rename"
    MOVE_END = "move end"
    SWITCH = "switch off and on"
    REGENERATE = "regenerate"
    REVOKE = "revoke"
    TWO_AT_ONCE = "two valid at once"


class Form(StrEnum):
    """What the secret of a kind is; decides where it can be delivered.

    A key file is a document of one or more lines; a password goes with the user name that is
    the credential's name.
    """

    TOKEN = "token"  # noqa: S105  # a word, not a value
    KUBECONFIG = "kubeconfig"
    KEY_FILE = "key file"
    PASSWORD = "password"  # noqa: S105  # a word, not a value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of credential that a provider knows.

    `key` is the stable word of the command line (`--kind token`), `label` the provider's own
    word in its portal, `noun` what lists call it. `cannot` says for an ability that is missing
    why it is, in the words that a person gets who tries, `needs` for one that a profile has only
    with a setting, which that is. `end_verb` is the provider's word for
    ending one. `made_for` are the nouns of the targets that it is made for; empty: any. One
    that is `shared` exists once for its target under an id that stays: making it hands out a
    copy, and ending it ends all copies and puts another in its place.
    """

    key: KindKey
    label: str
    noun: str
    form: Form
    abilities: frozenset[Ability]
    cannot: Mapping[Ability, str] = field(default_factory=dict)
    end_verb: str = "delete"
    made_for: tuple[str, ...] = ()
    shared: bool = False
    needs: Mapping[Ability, str] = field(default_factory=dict)

    def fits(self, target: Target) -> bool:
        """Say whether it is made for targets like this one."""
        return not self.made_for or target.noun in self.made_for


class InstanceState(StrEnum):
    """The states that the interface knows how to draw; the provider's own word stays beside it."""

    ACTIVE = "active"
    BUSY = "busy"
    ENDING = "ending"
    FAILED = "failed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Instance:
    """What a credential opens.

    `id` is unique within the profile and means something to the adapter alone; `native_id` is
    the id as the provider shows it. `scope` is the project or organization.
    """

    profile: ProfileName
    provider: ProviderKey
    id: InstanceId
    native_id: str
    name: str
    noun: str
    state: InstanceState
    state_text: str
    scope: str = ""
    region: str = ""
    plan: str = ""
    description: str = ""
    ui_url: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A non-human identity that owns credentials.

    `group` is what gives it its rights, `groups` what it can be given instead. `is_own`: it is
    the one that the profile is signed in as. `also_ends` says in words what ends with it.
    `cannot` are abilities that its kind has and this account has not, with the reason.
    """

    profile: ProfileName
    provider: ProviderKey
    id: AccountId
    native_id: str
    name: str
    noun: str
    scope: str = ""
    group: str = ""
    groups: tuple[str, ...] = ()
    state_text: str = ""
    created_at: datetime | None = None
    is_own: bool = False
    also_ends: str = ""
    cannot: Mapping[AccountAbility, str] = field(default_factory=dict)


Target = Instance | Account


class CredentialState(StrEnum):
    """What a provider says of a credential that it lists."""

    ACTIVE = "active"
    SWITCHED_OFF = "off"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential as its provider lists it; never its secret. `ends_at` None: it never ends.

    `id` is unique for its kind and target. `is_own`: the profile is signed in with it.
    `also_ends` says in words what ends with it. `cannot` are abilities that its kind has and
    this credential has not, with the reason.
    """

    profile: ProfileName
    provider: ProviderKey
    kind: KindKey
    id: CredentialId
    name: str
    state: CredentialState
    made_at: datetime | None = None
    ends_at: datetime | None = None
    roles: tuple[str, ...] = ()
    target_id: str = ""
    target_name: str = ""
    target_noun: str = ""
    scope: str = ""
    state_text: str = ""
    description: str = ""
    is_own: bool = False
    also_ends: str = ""
    cannot: Mapping[Ability, str] = field(default_factory=dict)
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, as soon as it is known; `failed` are the sources that did not answer.

    `silent` are kinds of which this list says nothing, so that one which is not in it may exist.
    `whole_of` are nouns and scopes that it is all of, though other sources may fail.
    """

    items: tuple[T, ...] = ()
    failed: tuple[ProviderError, ...] = ()
    silent: frozenset[KindKey] = frozenset()
    whole_of: frozenset[tuple[str, str]] = frozenset()


class FieldType(StrEnum):
    """How a field of an offer is asked for.

    `TEXTS` are choices that others can be added to. Of a `FILE` the person gives the path, and
    the provider gets the text.
    """

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXTS = "texts"
    FLAG = "flag"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class OfferField:
    """One thing that an offer asks for beside kind and lifetime.

    `pattern` and `longest`, in characters, are for what the provider gets.
    """

    key: str
    label: str
    type: FieldType
    help: str = ""
    required: bool = False
    default: FieldValue = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    longest: int = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """A thing that a provider can make for a target, now, with this identity.

    `impossible` is empty, or the reason why it cannot be made.
    """

    kind: Kind
    target: Target
    lifetime: LifetimePolicy
    fields: tuple[OfferField, ...] = ()
    warnings: tuple[str, ...] = ()
    impossible: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One fact about a target that its lists do not tell; `group` says what it is for."""

    group: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Order:
    """An offer with everything decided: what a provider is asked to make."""

    offer: Offer
    term: Term
    values: Mapping[str, FieldValue] = field(default_factory=dict)


class EndSource(StrEnum):
    """Where the end of a credential was read."""

    CREDENTIAL = "read from the credential"
    ANSWER = "from the provider's answer"
    COMPUTED = "computed from the request"


@dataclass(frozen=True, slots=True)
class Issued:
    """A credential just made, with the secret that its provider shows once.

    For `Form.KUBECONFIG` the secret is the provider's document as JSON text. `ends_at` None: it
    never ends. `name` is what the provider's lists call it, for a password its user name. `notes`
    say what the system made otherwise than it was asked to.
    """

    kind: Kind
    target: Target
    secret: Secret
    ends_at: datetime | None
    end_source: EndSource
    made_at: datetime
    remote_id: str = ""
    facts: Facts = ()
    name: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What a harmless call with a new credential showed; `ok` None: it could not be asked."""

    ok: bool | None
    sentence: str
    took: timedelta | None = None
    clock_off: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a profile is signed in as. `may_issue` None: only trying will tell."""

    name: str
    may_issue: bool | None = None
    clock_off: timedelta | None = None
    facts: Facts = ()
