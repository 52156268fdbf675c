"""starlette-admin's templates, made fit for a policy that runs no inline script but those named by a nonce."""

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, Environment, PackageLoader, PrefixLoader

OUR_TEMPLATES = Path(__file__).parent / "templates"
OUR_FILES = Path(__file__).parent / "static"

SCRIPT = re.compile(r"<script(?=[\s>])")
HANDLER = re.compile(r'\son([a-z]+)="')
"""An attribute that is a script. No nonce can name one, so `admin.js` does what the templates' few are for."""


WRAPPER = 'class="page-wrapper"'
"""What is the page's main part, and does not say so to those who hear it read."""


class FitTemplates(PackageLoader):
    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        source, file, up_to_date = super().get_source(environment, template)
        return rewritten(source), file, up_to_date


def rewritten(source: str) -> str:
    nonced = SCRIPT.sub('<script nonce="{{ request.state.nonce }}"', source)
    return HANDLER.sub(r' data-on\1="', nonced).replace(WRAPPER, f'{WRAPPER} role="main"')


def loaders() -> list[BaseLoader]:
    """Before starlette-admin's own, also for templates of ours that extend one by the name `@core/…`."""
    fit = FitTemplates("starlette_admin", "templates")
    return [fit, PrefixLoader({"@core": fit})]
