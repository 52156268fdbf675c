"""What axe-core has to say against a page. It is among the client's development packages."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
installed = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: `make web`")

RUN = """async (rules) => (await axe.run(document, {resultTypes: ["violations"], ...(rules && {runOnly: rules})}))
    .violations.flatMap(({id, nodes}) => nodes.map(
        (node) => `${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`))"""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
Scheme = Literal["light", "dark"]


async def violations(page: Page, *schemes: Scheme) -> list[str]:
    """In these schemes, or in both: the first by all rules, and the other by those that look at colours.

    The source is given to the page by the debugger: its policy would let no script tag in.
    """
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = []
    rules = None
    for scheme in schemes or ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.evaluate(PAINTED)
        found += [f"{scheme}: {one}" for one in await page.evaluate(RUN, rules)]
        rules = ["color-contrast"]
    return found
