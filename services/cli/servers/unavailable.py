"""What is said when a private server can't be had. Shown to the user as it stands, so it must say what to do."""

import click


class NodeUnavailable(click.ClickException):
    """A server is missing, did not start, or is not ours to kill."""
