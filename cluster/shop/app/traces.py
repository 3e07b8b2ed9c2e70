"""Traces with the OpenTelemetry SDK, continued from service to service by W3C ``traceparent``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()


def configure(service: str, release: str, endpoint: str | None) -> TracerProvider:
    """Begin to trace; spans go to a collector if ``endpoint`` names one. ``shutdown()`` of the result sends the last spans."""
    provider = TracerProvider(resource=Resource({"service.name": service, "service.version": release}))
    if endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  slow
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def span(name: str, kind: SpanKind, carrier: Mapping[str, str]) -> Iterator[Span]:
    """A span that continues the trace in ``carrier``, headers in lower case; or a new trace without one."""
    tracer = trace.get_tracer(__name__)
    with tracer.start_as_current_span(name, context=_PROPAGATOR.extract(carrier), kind=kind) as current:
        yield current


def carried() -> dict[str, str]:
    """Return the headers that continue the current trace; empty outside a span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier
