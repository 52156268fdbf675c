"""Traces of requests through API, stream and worker (OpenTelemetry, the extra `otel`). Off, it costs a comparison.

Every request begins a trace of its own: were a client's `traceparent` taken, clients would decide what we record.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from app.settings import Settings

if TYPE_CHECKING:  # The extra may not be installed, and takes a quarter of a second to import.
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

NOTHING: AbstractContextManager[None] = nullcontext()


class TracesNotInstalled(RuntimeError):
    """Traces are asked for, and their libraries are not there."""


class Tracing:
    """One per process. Without a tracer nothing is traced."""

    tracer: "Tracer | None" = None


tracing = Tracing()


def configure(settings: Settings, role: str, exporter: "SpanExporter | None" = None) -> None:
    """Begin to trace if the settings say so. `exporter` takes the place of the network, in tests.

    Raises TracesNotInstalled.
    """
    if settings.traces_url is None and exporter is None:
        tracing.tracer = None
        return
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        raise TracesNotInstalled("PARLOUR_TRACES_URL needs the extra `otel`: docs/deployment.md#extras says how.")

    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  an extra
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  an extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415  an extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor  # noqa: PLC0415  an extra
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415  an extra

    provider = TracerProvider(
        sampler=ParentBasedTraceIdRatio(settings.traces_share),
        resource=Resource.create({"service.name": f"parlour-{role}", "service.version": version("parlour")}),
    )
    if exporter:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    else:
        endpoint = f"{str(settings.traces_url).rstrip('/')}/v1/traces"
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    tracing.tracer = provider.get_tracer("parlour")


def span(name: str, kind: str = "INTERNAL") -> "AbstractContextManager[Span | None]":
    """A span around a block, below the one that is open."""
    if tracing.tracer is None:
        return NOTHING
    from opentelemetry.trace import SpanKind  # noqa: PLC0415  an extra

    return tracing.tracer.start_as_current_span(name, kind=SpanKind[kind])


@contextmanager
def continued(name: str, traceparent: str) -> "Iterator[None]":
    """A span around work that another process handed over, in the trace of whoever did."""
    if tracing.tracer is None or not traceparent:
        yield
        return
    from opentelemetry.trace import SpanKind  # noqa: PLC0415  an extra

    with tracing.tracer.start_as_current_span(name, context=_parent(traceparent), kind=SpanKind.CONSUMER):
        yield


def tell(name: str, traceparent: str, begun: int, ended: int, **attributes: str | int) -> None:
    """A span of what is over, for work done for many traces at once. Times are in nanoseconds since 1970."""
    if tracing.tracer is None or not traceparent:
        return
    from opentelemetry.trace import SpanKind  # noqa: PLC0415  an extra

    told = tracing.tracer.start_span(
        name, context=_parent(traceparent), kind=SpanKind.CONSUMER, start_time=begun, attributes=attributes
    )
    told.end(ended)


def traceparent() -> str:
    """The open span as other processes continue it (W3C Trace Context); empty when it is not recorded."""
    if tracing.tracer is None:
        return ""
    from opentelemetry.trace import get_current_span  # noqa: PLC0415  an extra

    context = get_current_span().get_span_context()
    if not context.trace_flags.sampled:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-01"


def _parent(traceparent: str) -> Any:  # noqa: ANN401  OpenTelemetry's Context, which may not be installed
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415  an extra

    return TraceContextTextMapPropagator().extract({"traceparent": traceparent})
