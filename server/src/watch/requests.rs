use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::StatusCode;
use thunderline::{
    domain::{CorrelationId, TraceParent},
    watching::{Counter, Distribution, Histogram, span},
};
use tokio::time::Instant;
use tracing::{Instrument as _, debug_span, field};

use super::route::Route;
use crate::{context::Context, origin::text};

/// Upper bounds of an answer's time, from the request's head to the answer's.
const ANSWER_SECONDS: &[f64] = &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The codes that are counted, from 100 on; no other is ever answered.
const CODES: usize = 500;

/// What the server has answered since it began.
#[derive(Debug)]
pub(crate) struct Requests {
    /// By route, then by code.
    answers: Vec<Counter>,
    took: [Histogram; Route::ALL.len()],
}

impl Default for Requests {
    fn default() -> Self {
        let answers = (0..Route::ALL.len() * CODES).map(|_| Counter::default()).collect();
        Self { answers, took: std::array::from_fn(|_| Histogram::new(ANSWER_SECONDS)) }
    }
}

impl Requests {
    fn answered(&self, route: Route, status: StatusCode, took: std::time::Duration) {
        let code = usize::from(status.as_u16()).saturating_sub(100).min(CODES - 1);
        self.answers[route as usize * CODES + code].one();
        self.took[route as usize].took(took);
    }

    /// Every route and code that was answered, and how often.
    pub(super) fn answers(&self) -> impl Iterator<Item = (Route, usize, u64)> {
        let each = Route::ALL.into_iter().flat_map(|route| (0..CODES).map(move |code| (route, code)));
        let counted = each.zip(&self.answers).map(|((route, code), count)| (route, code + 100, count.get()));
        counted.filter(|(.., count)| *count > 0)
    }

    /// How long each route took.
    pub(super) fn took(&self) -> impl Iterator<Item = (Route, Distribution)> {
        Route::ALL.into_iter().zip(&self.took).map(|(route, took)| (route, took.distribution()))
    }
}

/// What ties together all that follows from one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
    pub(crate) correlation: CorrelationId,
    pub(crate) trace: TraceParent,
}

/// Counts, times, traces and logs every request. Addresses are logged by their pattern: what stands in one may be an
/// invitation.
pub(crate) async fn observe(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let (route, method) = (Route::of(request.uri().path()), request.method().clone());
    let pattern = request.extensions().get::<MatchedPath>().cloned();
    let pattern = pattern.as_ref().map_or("", MatchedPath::as_str);
    let parent = text(request.headers(), "traceparent").and_then(|text| text.parse().ok());
    let span = debug_span!(
        "request",
        otel.kind = "server",
        http.request.method = %method,
        http.route = pattern,
        http.response.status_code = field::Empty,
    );
    span::follow(&span, parent);
    let trace = span::place(&span).or(parent).unwrap_or_else(TraceParent::fresh);
    let correlation = CorrelationId::fresh();
    request.extensions_mut().insert(Visit { correlation, trace });
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status(), began.elapsed());
    span.record("http.response.status_code", status.as_u16());
    context.requests().answered(route, status, took);
    let (code, ms) = (status.as_u16(), took.as_millis());
    // Whoever watches is told what is wrong, and logs it there.
    if status.is_server_error() && route != Route::Watch {
        tracing::warn!(%method, route = pattern, status = code, ms, %correlation, trace = %trace, "a request failed");
    } else {
        tracing::debug!(%method, route = pattern, status = code, ms, %correlation, trace = %trace, "a request");
    }
    response
}

#[cfg(test)]
mod tests;
