"""The pages: a post to paste and read, and the API's description."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.api.body import FORM, JSON, read_body, require_type
from service.api.items import Refusal
from service.api.problems import Kind, Problem, encode
from service.console.examples import EXAMPLES
from service.console.view import PostView, percent, signed, view_post
from service.scoring import Scorer
from service.security.headers import DOCS_POLICY
from service.security.keys import Keyring

if TYPE_CHECKING:
    from classifier import Classifier

HERE = Path(__file__).parent
SWAGGER_VERSION = "5.35.0"
FIELDS_AT_MOST = 10


@dataclass(frozen=True)
class Form:
    """What was sent from the page."""

    text: str = ""
    profile: str = ""
    key: str = ""

    @classmethod
    def parse(cls, body: bytes) -> Form:
        """Read a submitted form; line ends count as one character, as they do in the text box."""
        try:
            fields = parse_qs(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_AT_MOST
            )
        except ValueError:
            raise Problem(Kind.INVALID, "this is not a form in UTF-8; use the one at /") from None
        first = {name: values[0] for name, values in fields.items()}
        text = first.get("text", "").replace("\r\n", "\n")
        example = first.get("example", "")
        if example.isascii() and example.isdigit() and int(example[:3]) < len(EXAMPLES):
            text = EXAMPLES[int(example)].text
        return cls(text, first.get("profile", ""), first.get("key", ""))


@cache
def templates() -> Environment:
    """Templates of this package; what they are given is always escaped."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"percent": percent, "signed": signed}
    return environment


class Page:
    """Renders the page of one app."""

    def __init__(self, scorer: Scorer, keyring: Keyring) -> None:
        self._scorer = scorer
        self._keyring = keyring
        self._template = templates().get_template("page.html")
        self.docs = templates().get_template("docs.html").render(swagger=SWAGGER_VERSION)

    def blank(self) -> Response:
        """Render the page before anything was sent."""
        return self._render(Form())

    def answer(self, form: Form) -> Response:
        """Score what was sent and render the page with the result, or with what to mend."""
        if not self._keyring.holds(form.key):
            return self._render(
                form, 401, fault=("key", "This key is not valid. Ask whoever runs this service for one.")
            )
        profile = form.profile or self._scorer.settings.profile
        if profile not in self._scorer.classifier.manifest.profiles:
            return self._render(
                form, 422, fault=("profile", "This bundle has no such profile. Choose one of the list.")
            )
        fault = self._fault(form.text)
        if fault:
            return self._render(form, 422, fault=("text", fault))
        served = self._scorer.classifier
        score = self._scorer.score_one(served, form.text, profile)
        if isinstance(score, Refusal):
            return self._render(form, 422, fault=("text", f"This cannot be scored: {score.detail}."))
        return self._render(form, result=view_post(form.text, score, served, profile), served=served)

    def _fault(self, text: str) -> str:
        limit = self._scorer.settings.max_characters
        if not text.strip():
            return "There is nothing to score yet. Paste the text of a post."
        if len(text) > limit:
            return f"This text has {len(text)} characters; at most {limit} can be scored. Score it in parts."
        return ""

    def _render(
        self,
        form: Form,
        status: int = 200,
        *,
        fault: tuple[str, str] = ("", ""),
        result: PostView | None = None,
        served: Classifier | None = None,
    ) -> Response:
        html = self._template.render(
            form=form,
            fault_in=fault[0],
            fault=fault[1],
            result=result,
            classifier=served or self._scorer.classifier,
            profile=form.profile or self._scorer.settings.profile,
            limit=self._scorer.settings.max_characters,
            keyed=not self._keyring.open,
            examples=EXAMPLES,
        )
        return HTMLResponse(html, status)


class Static(StaticFiles):
    """Static files: vendored ones carry their version in the name and may be kept, ours are asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file."""
        response = await super().get_response(path, scope)
        keep = "public, max-age=31536000, immutable" if path.startswith("vendor") else "no-cache"
        response.headers["Cache-Control"] = keep
        return response


def add_console(app: FastAPI) -> None:
    """Add the pages to an app whose state holds a scorer and a keyring."""
    scorer: Scorer = app.state.scorer
    page = Page(scorer, app.state.keyring)

    @app.get("/", include_in_schema=False)
    async def blank() -> Response:
        return await scorer.run(page.blank)

    @app.post("/", include_in_schema=False)
    async def submit(request: Request) -> Response:
        require_type(request, FORM)
        scorer.require_ready()
        body = await read_body(request, scorer.settings.max_body_bytes)
        request.state.bytes, request.state.items = len(body), 1
        return await scorer.run(lambda: page.answer(Form.parse(body)))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(page.docs, headers={"Content-Security-Policy": DOCS_POLICY})

    @app.get("/openapi.json", include_in_schema=False)
    async def description(request: Request) -> Response:
        return Response(encode(request.app.state.describe()), media_type=JSON)

    app.mount("/static", Static(directory=HERE / "static"), name="static")
