"""Who is signed in: a member of staff with one of their posts, as the directory had it when it was last asked."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from shared.auth import SYSTEMS, Role
from shared.errors import NotAllowed


@dataclass(frozen=True)
class Post:
    """What somebody may do somewhere, for an organisation."""

    organisation: str
    unit: str
    roles: frozenset[Role]


OPERATING = Post("", "", frozenset({Role.OPERATOR}))
"""Running the machine is no office: of no organisation, in no unit."""


@dataclass(frozen=True)
class Person:
    """Somebody who signed in under `login`, and acts in one `post`. `others` are their other posts."""

    login: str
    post: Post
    others: tuple[Post, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        return self.post.roles

    @property
    def unit(self) -> str:
        return self.post.unit

    def is_any_of(self, *roles: Role) -> bool:
        """Whether they have one of the roles in this post."""
        return not self.roles.isdisjoint(roles)


class NotOfPost(NotAllowed):
    """The post of whoever asks does not allow it: one with one of `roles` does, or `is_elsewhere`, in another unit."""

    roles: tuple[Role, ...] = ()
    is_elsewhere = False

    @classmethod
    def of(cls, person: Person | None, roles: Collection[Role], message: str) -> "NotOfPost":
        error = cls(message)
        error.roles = of_people(roles)
        error.is_elsewhere = person is not None and person.is_any_of(*roles)
        return error


def of_people(roles: Collection[Role]) -> tuple[Role, ...]:
    """Those of these that people have, always in the same order. Machines have others."""
    return tuple(role for role in Role if role in roles and role in (set(Role) - SYSTEMS) | OPERATING.roles)


def resident(key: str) -> Person:
    """Somebody without a login who files or objects. Who sends the same form again, by its key, is the same one."""
    mark = hashlib.sha256(key.encode()).hexdigest()[:24]
    return Person(f"web-{mark}", Post("", "", frozenset({Role.RESIDENT})))
