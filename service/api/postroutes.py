"""Routes by which platforms send posts for review and ask what became of them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.api import postmodels
from service.api.body import FORM, JSON, read_body, require_type
from service.api.openapi import described, takes
from service.api.problems import Kind, encode
from service.api.routes import scorer_of
from service.posting import Posting
from service.security.keys import NEEDS_POSTS_KEY

router = APIRouter(tags=["Review"], dependencies=[NEEDS_POSTS_KEY])


def posting_of(request: Request) -> Posting:
    """Find what keeps the posts of the app that a request came to."""
    posting: Posting = request.app.state.posting
    return posting


@router.post(
    "/v1/posts",
    summary="Score posts and queue them for review",
    description="A post is known by its platform and id: sent again it is the same post, with another text a new "
    "version of it. Below the floor of the profile it is counted, and its text is not kept. What the answer says was "
    "taken is there to stay. Takes a key with the scope `posts`.",
    responses=described(
        postmodels.PostsOut,
        Kind.MALFORMED_JSON,
        Kind.UNAUTHORIZED,
        Kind.FORBIDDEN,
        Kind.TOO_LARGE,
        Kind.MEDIA,
        Kind.INVALID,
        Kind.NO_DATABASE,
    ),
    openapi_extra=takes(postmodels.PostsIn),
)
async def take_posts(request: Request) -> Response:
    """Take the posts of a request."""
    require_type(request, JSON, FORM)
    scorer, posting = scorer_of(request), posting_of(request)
    scorer.require_ready()
    body = await read_body(request, scorer.settings.max_body_bytes)
    request.state.bytes = len(body)
    answer = await posting.run(posting.take, body, request.state.request_id)
    request.state.items, request.state.item_errors = answer.items, answer.item_errors
    return Response(answer.body, media_type=JSON)


@router.get(
    "/v1/posts/{platform}/{post_id:path}",
    summary="Where a post stands, and what was decided",
    responses=described(
        postmodels.PostOut, Kind.UNAUTHORIZED, Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.NO_DATABASE
    ),
)  # fmt: skip
async def post_state(request: Request, platform: str, post_id: str) -> Response:
    """Say what became of a post."""
    posting = posting_of(request)
    state = await posting.run(posting.state, platform, post_id, request.state.request_id)
    return Response(encode(state), media_type=JSON)
