use std::{fmt, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, metrics::MetricType};
use thunderline::{domain::Lane, engine::Figures, queue::LaneFigures};

use super::{
    encode::{self, Page},
    requests::Requests,
};
use crate::{context::Context, socket};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const NOT_YOURS: &str = "The figures are for this machine, or for whoever names THUNDERLINE_METRICS_TOKEN as a bearer \
    token. Behind a proxy the token is always needed.\n";

/// `GET /metrics`: what the server has done, for Prometheus.
pub(crate) async fn metrics(
    State(context): State<Context>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !context.admission().admits(&headers, peer.ip()) {
        let ask = [(header::WWW_AUTHENTICATE, "Bearer")];
        return (StatusCode::UNAUTHORIZED, ask, NOT_YOURS).into_response();
    }
    let figures = Scrape { engine: context.engine().figures().await, context };
    match encode::text(figures) {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(fmt::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// All figures at one moment.
struct Scrape {
    engine: Figures,
    context: Context,
}

impl fmt::Debug for Scrape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrape").field("engine", &self.engine).finish_non_exhaustive()
    }
}

impl Collector for Scrape {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut page = Page::new(encoder);
        commands(&mut page, &self.engine)?;
        lanes(&mut page, &self.engine)?;
        audit(&mut page, &self.engine)?;
        store(&mut page, &self.engine)?;
        feed(&mut page, &self.engine, &self.context.sockets().stats)?;
        requests(&mut page, self.context.requests())
    }
}

fn commands(page: &mut Page<'_>, figures: &Figures) -> Result<(), fmt::Error> {
    page.counter("posts", "Messages posted", figures.posts)?;
    page.counter("events_published", "Events committed", figures.published)?;
    page.counter("events_enqueued", "Lane records committed", figures.enqueued)?;
    page.counter("events_dropped", "Events dropped instead of enqueued", figures.dropped)?;
    page.family("commands", "Commands that ended, by action and outcome", MetricType::Counter, |family| {
        figures.commands.iter().try_for_each(|(action, ending, count)| {
            family.counter(&[("action", action.as_str()), ("outcome", ending.as_str())], *count)
        })
    })?;
    page.histogram("command_seconds", "From the door to the durable answer of a command", &figures.took)
}

/// One of a lane's counts.
type Count = fn(&LaneFigures) -> u64;

fn lanes(page: &mut Page<'_>, figures: &Figures) -> Result<(), fmt::Error> {
    let each = || Lane::ALL.iter().map(|lane| (lane.as_str(), figures.lanes.of(*lane)));
    let counts: [(&str, &str, Count); 5] = [
        ("lane_enqueued", "Records that this process committed", |lane| lane.enqueued),
        ("lane_taken_over", "Records claimed from the database", |lane| lane.taken_over),
        ("lane_done", "Records finished", |lane| lane.done),
        ("lane_failed", "Attempts that failed", |lane| lane.failed),
        ("lane_died", "Records that became dead letters", |lane| lane.died),
    ];
    for (name, help, count) in counts {
        page.family(name, help, MetricType::Counter, |family| {
            each().try_for_each(|(lane, figures)| family.counter(&[("lane", lane)], count(figures)))
        })?;
    }
    page.family(
        "lane_wait_seconds",
        "From a record's making to a handler's beginning",
        MetricType::Histogram,
        |family| each().try_for_each(|(lane, figures)| family.histogram(&[("lane", lane)], &figures.waited)),
    )?;
    page.family("lane_work_seconds", "A handler's work on one batch", MetricType::Histogram, |family| {
        each().try_for_each(|(lane, figures)| family.histogram(&[("lane", lane)], &figures.worked))
    })?;
    let Some(lanes) = &figures.waiting else { return Ok(()) };
    page.family("lane_records", "Records in a lane, by state", MetricType::Gauge, |family| {
        lanes.iter().try_for_each(|waiting| {
            let records = u32::try_from(waiting.records).unwrap_or(u32::MAX);
            family.gauge(&[("lane", &waiting.lane), ("status", &waiting.status)], f64::from(records))
        })
    })?;
    page.family("lane_oldest_seconds", "Age of a lane's oldest record, by state", MetricType::Gauge, |family| {
        lanes
            .iter()
            .try_for_each(|waiting| family.gauge(&[("lane", &waiting.lane), ("status", &waiting.status)], waiting.age))
    })
}

fn audit(page: &mut Page<'_>, figures: &Figures) -> Result<(), fmt::Error> {
    let Some(unsealed) = figures.unsealed else { return Ok(()) };
    page.gauge("audit_unsealed", "Audit entries that are not in the chain yet", unsealed.entries.unsigned_abs())?;
    page.gauge("audit_unsealed_oldest_seconds", "Age of the oldest of them", unsealed.age.as_secs())
}

fn store(page: &mut Page<'_>, figures: &Figures) -> Result<(), fmt::Error> {
    let store = &figures.store;
    page.family("store_job_seconds", "Statements of a read or a write", MetricType::Histogram, |family| {
        family.histogram(&[("kind", "read")], &store.read)?;
        family.histogram(&[("kind", "write")], &store.wrote)
    })?;
    page.histogram("store_wait_seconds", "A write's wait for the writer", &store.waited)?;
    page.histogram("store_commit_seconds", "A group's commit, with its sync", &store.committed)?;
    page.histogram("store_group_writes", "Writes in a group", &store.group)?;
    page.counter("store_groups_lost", "Groups that could not be committed", store.lost)
}

fn feed(page: &mut Page<'_>, figures: &Figures, sockets: &socket::Stats) -> Result<(), fmt::Error> {
    let hub = &figures.hub;
    page.gauge("feed_connections", "Live connections open now", hub.connections)?;
    page.counter("feed_connections_opened", "Live connections ever opened", hub.connected)?;
    page.counter("hub_events", "Events given to the hub", hub.published)?;
    page.counter("hub_frames_queued", "Frames put into connections' queues", hub.offered)?;
    page.counter("feed_frames_written", "Frames written to sockets", sockets.written.get())?;
    page.counter("feed_lagged", "Times a socket lagged so far that its queue was dropped", hub.overflowed)?;
    page.counter("feed_cut", "Sockets closed because they took nothing for too long", sockets.cut.get())
}

fn requests(page: &mut Page<'_>, requests: &Requests) -> Result<(), fmt::Error> {
    page.family("http_requests", "Requests answered, by route and status", MetricType::Counter, |family| {
        requests.answers().try_for_each(|(route, code, count)| {
            family.counter(&[("route", route.as_str()), ("status", &code.to_string())], count)
        })
    })?;
    page.family("http_seconds", "From a request's head to its answer's", MetricType::Histogram, |family| {
        requests.took().try_for_each(|(route, took)| family.histogram(&[("route", route.as_str())], &took))
    })
}
