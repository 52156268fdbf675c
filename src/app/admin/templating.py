"""starlette-admin's templates, made to run under a policy that lets no inline script run but those named by a nonce."""

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, Environment, PackageLoader, PrefixLoader

OUR_TEMPLATES = Path(__file__).parent / "templates"
OUR_FILES = Path(__file__).parent / "static"

SCRIPT = re.compile(r"<script(?=[\s>])")
HANDLER = re.compile(r'\son([a-z]+)="')
"""An attribute that is a script. No nonce can name one, so `admin.js` does what the templates' few are for."""


class NoncedTemplates(PackageLoader):
    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        source, file, up_to_date = super().get_source(environment, template)
        return with_nonces(source), file, up_to_date


def with_nonces(source: str) -> str:
    return HANDLER.sub(r' data-on\1="', SCRIPT.sub('<script nonce="{{ request.state.nonce }}"', source))


def loaders() -> list[BaseLoader]:
    """Before starlette-admin's own, also for templates of ours that extend one by the name `@core/…`."""
    nonced = NoncedTemplates("starlette_admin", "templates")
    return [nonced, PrefixLoader({"@core": nonced})]
