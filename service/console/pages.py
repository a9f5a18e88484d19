"""The pages: a post to paste and read, and the API's description."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.api.body import FORM, JSON, read_body, require_type
from service.api.items import Refusal
from service.api.problems import Kind, Problem, encode
from service.console.examples import EXAMPLES
from service.console.language import Words, choose, templates
from service.console.view import PostView, view_post
from service.scoring import Scorer
from service.security.headers import DOCS_POLICY
from service.security.keys import Keyring

if TYPE_CHECKING:
    from classifier import Classifier

HERE = Path(__file__).parent
SWAGGER_VERSION = "5.35.0"
FIELDS_AT_MOST = 10
LANGUAGE_COOKIE = "clarion_lang"


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


class Page:
    """Renders the page of one app."""

    def __init__(self, scorer: Scorer, keyring: Keyring) -> None:
        self._scorer = scorer
        self._keyring = keyring
        self.docs = templates("en").get_template("docs.html").render(swagger=SWAGGER_VERSION)

    def blank(self, lang: str) -> Response:
        """Render the page before anything was sent."""
        return self._render(Form(), Words(lang))

    def answer(self, form: Form, lang: str) -> Response:
        """Score what was sent and render the page with the result, or with what to mend."""
        words = Words(lang)
        if not self._keyring.holds(form.key):
            fault = words.say("This key is not valid. Ask whoever runs this service for one.")
            return self._render(form, words, 401, fault=("key", fault))
        profile = form.profile or self._scorer.settings.profile
        if profile not in self._scorer.classifier.manifest.profiles:
            fault = words.say("This bundle has no such profile. Choose one of the list.")
            return self._render(form, words, 422, fault=("profile", fault))
        fault = self._fault(form.text, words)
        if fault:
            return self._render(form, words, 422, fault=("text", fault))
        served = self._scorer.classifier
        score = self._scorer.score_one(served, form.text, profile)
        if isinstance(score, Refusal):
            fault = words.say("This cannot be scored: %(reason)s.", reason=score.detail)
            return self._render(form, words, 422, fault=("text", fault))
        return self._render(form, words, result=view_post(form.text, score, served, profile, words), served=served)

    def _fault(self, text: str, words: Words) -> str:
        limit, length = self._scorer.settings.max_characters, len(text)
        if not text.strip():
            return words.say("There is nothing to score yet. Paste the text of a post.")
        if length > limit:
            return words.say(
                "This text has %(length)s characters; at most %(limit)s can be scored. Score it in parts.",
                length=length,
                limit=limit,
            )
        return ""

    def _render(
        self,
        form: Form,
        words: Words,
        status: int = 200,
        *,
        fault: tuple[str, str] = ("", ""),
        result: PostView | None = None,
        served: Classifier | None = None,
    ) -> Response:
        html = (
            templates(words.lang)
            .get_template("page.html")
            .render(
                form=form,
                fault_in=fault[0],
                fault=fault[1],
                result=result,
                classifier=served or self._scorer.classifier,
                profile=form.profile or self._scorer.settings.profile,
                limit=self._scorer.settings.max_characters,
                keyed=not self._keyring.open,
                examples=EXAMPLES,
                reviewing=self._scorer.settings.database is not None,
            )
        )
        return HTMLResponse(html, status, {"Vary": "Accept-Language, Cookie"})


class Static(StaticFiles):
    """Static files: vendored ones carry their version in the name and may be kept, ours are asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file."""
        response = await super().get_response(path, scope)
        keep = "public, max-age=31536000, immutable" if path.startswith("vendor") else "no-cache"
        response.headers["Cache-Control"] = keep
        return response


def spoken(request: Request) -> str:
    """Language of whoever asks: the one they chose here, or else the one their browser wishes for."""
    return choose(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def add_console(app: FastAPI) -> None:
    """Add the pages to an app whose state holds a scorer and a keyring."""
    scorer: Scorer = app.state.scorer
    page = Page(scorer, app.state.keyring)

    @app.get("/", include_in_schema=False)
    async def blank(request: Request) -> Response:
        return await scorer.run(page.blank, spoken(request))

    @app.post("/", include_in_schema=False)
    async def submit(request: Request) -> Response:
        require_type(request, FORM)
        scorer.require_ready()
        body = await read_body(request, scorer.settings.max_body_bytes)
        request.state.bytes, request.state.items = len(body), 1
        return await scorer.run(lambda: page.answer(Form.parse(body), spoken(request)))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(page.docs, headers={"Content-Security-Policy": DOCS_POLICY})

    @app.get("/openapi.json", include_in_schema=False)
    async def description(request: Request) -> Response:
        return Response(encode(request.app.state.describe()), media_type=JSON)

    app.mount("/static", Static(directory=HERE / "static"), name="static")
