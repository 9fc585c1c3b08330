"""For machines that look after machines: /healthz, /readyz, /metrics. They tell no titles and no secrets."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse, Response

from workers import metrics
from workers.console.desk import Here
from workers.health import examine

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> Response:
    """The process lives."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(desk: Here) -> Response:
    """Whether work goes on; 503 and why when it does not."""
    health = examine(desk.world)
    return JSONResponse({"ready": health.ready, "problems": list(health.problems)}, 200 if health.ready else 503)


@router.get("/metrics")
def figures(desk: Here) -> Response:
    """For Prometheus."""
    return Response(metrics.exposed(desk.world), media_type=metrics.CONTENT_TYPE)
