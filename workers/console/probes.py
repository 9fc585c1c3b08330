"""For machines that look after machines: /healthz, /readyz, /metrics. They tell no titles and no secrets."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse, Response

from workers import metrics, needs
from workers.console.desk import Here

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> Response:
    """The process lives. Needs no thread, so that it answers when all of them are at work."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(desk: Here) -> Response:
    """Whether work goes on; 503 and why when it does not. What waits for a person stops no work: it is counted."""
    found = needs.needs(desk.world)
    problems = [need.reason for need in found if need.kind == needs.MACHINERY]
    told = {"ready": not problems, "problems": problems, "needs_a_person": needs.by_kind(found)}
    return JSONResponse(told, 503 if problems else 200)


@router.get("/metrics")
def figures(desk: Here) -> Response:
    """For Prometheus."""
    return Response(metrics.exposed(desk.world), media_type=metrics.CONTENT_TYPE)
