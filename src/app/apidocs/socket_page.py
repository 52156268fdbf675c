"""The page at `/docs/ws`: the AsyncAPI document as HTML. It has no script, and works under the strictest policy."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import msgspec
from markdown_it import MarkdownIt

from app.apidocs.bodies import SCHEMAS
from app.apidocs.tidying import LARGEST_ID, Json

STYLE_URL = "/docs/ws.css"
DOCUMENT_URL = "/docs/asyncapi.json"

markdown = MarkdownIt("zero").enable(["backticks", "emphasis", "newline"])


def page(document: Json) -> str:
    """Anchors are the names of messages, of shapes, and of sockets: `#Send`, `#shape-Attachment`, `#live`."""
    info, channels, components = document["info"], document["channels"], document["components"]
    messages, schemas = components["messages"], components["schemas"]
    told = frames_of(document, "receive")
    heard = frames_of(document, "send")
    shapes = [name for name in schemas if name not in messages]
    sections = (
        section("credentials", "Logging in", credentials(components["securitySchemes"])),
        *(section(key, one["title"], socket(document, key)) for key, one in channels.items()),
        section("send", "What you send", "".join(message(document, name) for name in told)),
        section("hear", "What you hear", "".join(message(document, name) for name in heard)),
        section("shapes", "Shapes inside", "".join(shape(name, schemas[name]) for name in shapes)),
        section("closing", "Close codes", close_codes(document)),
    )
    menu = "".join(
        [
            entries([("credentials", "Logging in"), *((key, one["title"]) for key, one in channels.items())]),
            f"<h2>You send</h2>{entries((name, messages[name]['title']) for name in told)}",
            f"<h2>You hear</h2>{entries((name, messages[name]['title']) for name in heard)}",
            entries([("shapes", "Shapes inside"), ("closing", "Close codes")]),
        ]
    )
    return f"""\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{escape(info["title"])}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="{STYLE_URL}">
</head>
<body>
  <header>
    <a href="/docs">HTTP API</a> <a href="{DOCUMENT_URL}">asyncapi.json</a>
    <a class="menu" href="#menu">On this page</a>
  </header>
  <nav id="menu" aria-label="On this page">{menu}</nav>
  <main>
    <h1>{escape(info["title"])} <small>{escape(info["version"])}</small></h1>
    {prose(info["description"])}
    {"".join(sections)}
  </main>
</body>
</html>
"""


def frames_of(document: Json, action: str) -> list[str]:
    """The messages of all operations of a kind, each once, in the order of the document."""
    found = [
        last(one)
        for operation in document["operations"].values()
        if operation["action"] == action
        for one in operation["messages"]
    ]
    return list(dict.fromkeys(found))


def last(reference: Json) -> str:
    return str(reference["$ref"].rpartition("/")[2])


def section(anchor: str, title: str, content: str) -> str:
    return f'<section id="{anchor}"><h2>{escape(title)}</h2>{content}</section>'


def entries(links: Iterable[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f"<li>{link(anchor, title)}</li>" for anchor, title in links) + "</ul>"


def link(anchor: str, title: str) -> str:
    return f'<a href="#{anchor}">{escape(title)}</a>'


def prose(text: str) -> str:
    return str(markdown.render(text))


def phrase(text: str) -> str:
    return str(markdown.renderInline(text))


def table(*head: str, rows: Iterable[Iterable[str]]) -> str:
    heads = "".join(f"<th>{one}</th>" for one in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div class='wide'><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def credentials(schemes: Json) -> str:
    places = {
        name: f"?{one['name']}=" if one.get("in") == "query" else one.get("name", "Authorization: Bearer …")
        for name, one in schemes.items()
    }
    return table(
        "credential",
        "what it is",
        rows=([code(places[name]), phrase(one["description"])] for name, one in schemes.items()),
    )


def close_codes(document: Json) -> str:
    codes = document["channels"]["live"]["x-close-codes"]
    return table(
        "code", "meaning", "do", rows=([code(str(one["code"])), phrase(one["meaning"]), one["remedy"]] for one in codes)
    )


def socket(document: Json, key: str) -> str:
    channel, server = document["channels"][key], document["servers"]["here"]
    names = document["components"]["messages"]
    mine = [one for one in document["operations"].values() if last(one["channel"]) == key]

    def links(references: Iterable[Json]) -> str:
        return ", ".join(link(last(one), names[last(one)]["title"]) for one in references)

    rows = (
        [links(one["messages"]), links(one["reply"]["messages"]), ", ".join(map(code, one.get("x-scopes", ())))]
        for one in mine
        if one["action"] == "receive"
    )
    hears = next(one for one in mine if one["action"] == "send")
    scopes = channel.get("x-scopes")
    return "".join(
        [
            f"<p><code class='address'>{escape(server['protocol'])}://{escape(server['host'])}{escape(channel['address'])}</code>",
            prose(channel["description"]),
            f"<p>A bot's key opens it with {', '.join(map(code, scopes))}." if scopes else "",
            table("in the query", "type", "about", rows=parameters(channel["bindings"]["ws"]["query"])),
            table("you send", "answered by", "scope of a bot's key", rows=rows),
            f"<p>You hear: {links(hears['messages'])}.",
        ]
    )


def parameters(query: Json) -> Iterator[list[str]]:
    for name, schema in query["properties"].items():
        yield [code(f"?{name}="), kind(schema), phrase(schema["description"])]


def message(document: Json, name: str) -> str:
    one = document["components"]["messages"][name]
    examples = "".join(f"<pre>{escape(written(example['payload']))}</pre>" for example in one["examples"])
    described = prose(one["description"])
    fields_of = table("field", "type", "about", rows=fields(document["components"]["schemas"][name]))
    return f'<article id="{name}"><h3>{link(name, one["title"])}</h3>{described}{examples}{fields_of}</article>'


def written(payload: Any) -> str:  # noqa: ANN401  any JSON
    return msgspec.json.encode(payload).decode()


def shape(name: str, schema: Json) -> str:
    described = prose(schema.get("description", ""))
    fields_of = table("field", "type", "about", rows=fields(schema))
    return f'<article id="shape-{name}"><h3>{link(f"shape-{name}", name)}</h3>{described}{fields_of}</article>'


def fields(schema: Json) -> Iterator[list[str]]:
    required = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        about = [phrase(one["description"])] if "description" in one else []
        if name not in required:
            about.append(
                "May be left out."
                if one.get("default") in (None, [], {})
                else f"{code(written(one['default']))} when left out."
            )
        yield [code(name), kind(one), " ".join(about)]


def kind(schema: Json) -> str:
    """A type in words, with its limits."""
    if reference := schema.get("$ref"):
        name = reference.removeprefix(SCHEMAS)
        return link(f"shape-{name}", name)
    if choices := schema.get("anyOf"):
        return ", or ".join(dict.fromkeys(kind(one) for one in choices))
    if values := schema.get("enum"):
        return " or ".join(code(written(one)) for one in values)
    name = str(schema.get("format") or schema.get("type") or "any JSON")
    if name == "array":
        return f"list of {kind(schema['items'])}{span(schema, 'Items', ', {}')}"
    if name == "object" and isinstance(held := schema.get("additionalProperties"), dict):
        return f"object of {kind(held)}"
    return name + span(schema, "imum", " {}") + span(schema, "Length", ", {} characters")


def span(schema: Json, suffix: str, words: str) -> str:
    """The two limits of a kind. The largest number that PostgreSQL takes is left unsaid."""
    low, high = schema.get(f"min{suffix}"), schema.get(f"max{suffix}")
    if high in (None, LARGEST_ID):
        return "" if low is None else words.format(f"from {low}")
    return words.format(f"up to {high:,}" if low is None else f"{low} to {high:,}")
