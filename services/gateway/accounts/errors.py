"""What can be wrong with a login. Who fails is told neither whether there is such a login, nor whether it waits."""

from shared.errors import BadRequest, NotAllowed, NotAuthenticated


class WrongLogin(NotAuthenticated):
    """Login and password don't belong together; or too many passwords were wrong, and this login waits for a while."""

    code = "wrong_login"


class InviteNotGood(NotAllowed):
    """This link was used, has expired, or was never one of ours. Ask for a new one."""

    code = "invite_not_good"


class PasswordTooWeak(BadRequest):
    """The password is too easy to guess."""

    code = "password_too_weak"


class FormNotOurs(NotAllowed):
    """The form was not sent from a page of ours, or too long ago. What was written is shown with this, to be copied."""

    code = "form_not_ours"


class TooMany(NotAllowed):
    """Too many requests from this address. Wait a little."""

    code = "too_many"
    retry_after_seconds = 1
