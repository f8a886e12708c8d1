//! Where logs and traces go: logs to standard error, spans to a collector if there is one.

use std::{io::IsTerminal as _, time::Duration};

use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::FilterFn,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use thunderline::lane::outgoing::choose_cryptography;

use crate::config::{Format, Log};

/// How long the last spans may take to reach the collector when the server stops.
const FLUSHED_WITHIN: Duration = Duration::from_secs(5);
/// Where the protocol wants spans.
const TRACES: &str = "/v1/traces";

/// The spans on their way to a collector, if there is one.
#[derive(Debug)]
#[must_use = "what is not finished loses its last spans"]
pub struct Traces(Option<SdkTracerProvider>);

/// Begins to log, and to trace where a collector is named. Once a process.
pub fn start(log: &Log) -> Result<Traces, String> {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|cause| {
        eprintln!("thunderline: --log is not understood ({cause}); using \"info\"");
        EnvFilter::new("info")
    });
    let lines = lines(log.format, std::io::stderr, is_coloured());
    let lines = tracing_subscriber::registry().with(lines.with_filter(filter));
    let Some(endpoint) = &log.otlp_endpoint else {
        lines.try_init().map_err(|cause| cause.to_string())?;
        return Ok(Traces(None));
    };
    let provider = provider(endpoint)?;
    lines.with(spans(&provider)).try_init().map_err(|cause| cause.to_string())?;
    Ok(Traces(Some(provider)))
}

impl Traces {
    /// Sends what is left. Waits for the collector: not to be called by a task.
    pub fn finish(self) {
        if let Some(provider) = self.0
            && let Err(cause) = provider.shutdown_with_timeout(FLUSHED_WITHIN)
        {
            eprintln!("thunderline: the last spans did not reach the collector: {cause}");
        }
    }
}

/// Whether lines may be coloured: only on a terminal, and not where <https://no-color.org> says no.
fn is_coloured() -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !unwanted && std::io::stderr().is_terminal() && std::io::stdout().is_terminal()
}

/// Lines of the log, as `writer` takes them.
pub(crate) fn lines<S, W>(format: Format, writer: W, coloured: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_ansi(coloured);
    match format {
        Format::Json => lines.json().flatten_event(true).with_span_list(false).with_current_span(false).boxed(),
        Format::Text => lines.with_target(false).boxed(),
    }
}

fn provider(endpoint: &str) -> Result<SdkTracerProvider, String> {
    if !endpoint.starts_with("http://") {
        return Err(format!("cannot send traces to {endpoint}: the address of a collector begins with http://"));
    }
    choose_cryptography();
    let address = format!("{}{TRACES}", endpoint.trim_end_matches('/').trim_end_matches(TRACES));
    let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).with_endpoint(address);
    let exporter = exporter.build().map_err(|cause| format!("cannot send traces to {endpoint}: {cause}"))?;
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_service_name("thunderline").with_attribute(version).build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

/// Our own spans and nothing else: other crates' spans and log lines may hold what must not leave the house.
fn spans<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    let own: fn(&Metadata<'_>) -> bool = |metadata| {
        let target = metadata.target();
        metadata.is_span() && (target.starts_with("thunderline") || target.starts_with("server"))
    };
    let own = FilterFn::new(own).with_max_level_hint(LevelFilter::from_level(Level::DEBUG));
    tracing_opentelemetry::layer().with_tracer(provider.tracer("thunderline")).with_location(false).with_filter(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_that_cannot_be_reached_is_refused_at_once() {
        for endpoint in ["", "127.0.0.1:4318", "https://collector.example"] {
            assert!(provider(endpoint).unwrap_err().contains("begins with http://"), "{endpoint}");
        }
    }
}
