//! Spans across threads, queues and processes. Spans are `debug`: without a collector nobody asks for them, and one
//! that nobody asks for costs a load and a branch. They carry ids and names, never what somebody wrote.

use opentelemetry::{
    Context, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, TraceContextExt as _, TraceState},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::domain::trace::TraceParent;

/// Makes `span`, which nobody has entered yet, follow from `parent` wherever that was.
pub fn follow(span: &Span, parent: Option<TraceParent>) {
    let Some(parent) = parent.filter(|_| !span.is_disabled()) else { return };
    let flags = if parent.is_sampled() { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let (trace, place) = (TraceId::from(parent.trace()), SpanId::from(parent.span()));
    let remote = SpanContext::new(trace, place, flags, true, TraceState::default());
    // Without a collector there is nobody to tell.
    let _ = span.set_parent(Context::new().with_remote_span_context(remote));
}

/// The place of `span` in its trace, if a collector hears of it.
pub fn place(span: &Span) -> Option<TraceParent> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context();
    let context = context.span().span_context().clone();
    let (trace, place) = (u128::from_be_bytes(context.trace_id().to_bytes()), context.span_id().to_bytes());
    TraceParent::new(trace, u64::from_be_bytes(place), context.is_sampled())
}

/// The span in which a lane handles what follows from an action, in whatever process.
pub fn handling(lane: &'static str, event: &str, trace: Option<TraceParent>) -> Span {
    let span = tracing::debug_span!("lane", lane, event);
    follow(&span, trace);
    span
}
