use std::fmt::{Error, Write as _};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, LabelSetEncoder, MetricEncoder, NoLabelSet},
    metrics::{MetricType, exemplar::Exemplar},
};
use thunderline::watching::Distribution;

/// No exemplars: what a figure is made of is in the traces.
const NONE: Option<&Exemplar<NoLabelSet, f64>> = None;

/// Label names and values.
pub(super) type Labels<'l> = &'l [(&'static str, &'l str)];

/// Writes families of figures, each with its help.
pub(super) struct Page<'e>(DescriptorEncoder<'e>);

impl<'e> Page<'e> {
    pub(super) fn new(encoder: DescriptorEncoder<'e>) -> Self {
        Self(encoder)
    }

    /// One counter. Its name gets `_total`.
    pub(super) fn counter(&mut self, name: &str, help: &str, value: u64) -> Result<(), Error> {
        self.0.encode_descriptor(name, help, None, MetricType::Counter)?.encode_counter(&value, NONE)
    }

    /// One gauge.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: u64) -> Result<(), Error> {
        self.0.encode_descriptor(name, help, None, MetricType::Gauge)?.encode_gauge(&value)
    }

    /// One histogram.
    pub(super) fn histogram(&mut self, name: &str, help: &str, value: &Distribution) -> Result<(), Error> {
        write(&mut self.0.encode_descriptor(name, help, None, MetricType::Histogram)?, value)
    }

    /// A family: `each` adds its members.
    pub(super) fn family(
        &mut self,
        name: &str,
        help: &str,
        kind: MetricType,
        each: impl FnOnce(&mut Family<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        each(&mut Family(self.0.encode_descriptor(name, help, None, kind)?))
    }
}

/// The members of one family, told apart by labels.
pub(super) struct Family<'e>(MetricEncoder<'e>);

impl Family<'_> {
    pub(super) fn counter(&mut self, labels: Labels<'_>, value: u64) -> Result<(), Error> {
        self.0.encode_family(&Named(labels))?.encode_counter(&value, NONE)
    }

    pub(super) fn gauge(&mut self, labels: Labels<'_>, value: f64) -> Result<(), Error> {
        self.0.encode_family(&Named(labels))?.encode_gauge(&value)
    }

    pub(super) fn histogram(&mut self, labels: Labels<'_>, value: &Distribution) -> Result<(), Error> {
        write(&mut self.0.encode_family(&Named(labels))?, value)
    }
}

fn write(encoder: &mut MetricEncoder<'_>, value: &Distribution) -> Result<(), Error> {
    encoder.encode_histogram::<NoLabelSet>(value.sum, value.count(), &value.buckets, None)
}

struct Named<'l>(Labels<'l>);

impl EncodeLabelSet for Named<'_> {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), Error> {
        for (name, value) in self.0 {
            let mut label = encoder.encode_label();
            let mut key = label.encode_label_key()?;
            key.write_str(name)?;
            let mut text = key.encode_label_value()?;
            text.write_str(value)?;
            text.finish()?;
        }
        Ok(())
    }
}

/// The text of what `collector` has, as Prometheus reads it (`OpenMetrics` 1.0).
pub(super) fn text(collector: impl Collector) -> Result<String, Error> {
    let mut registry = prometheus_client::registry::Registry::with_prefix("thunderline");
    registry.register_collector(Box::new(collector));
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}
