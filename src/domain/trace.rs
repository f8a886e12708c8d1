//! The trace context that travels with an action, as W3C Trace Context (Level 1) writes it in `traceparent`.

use std::{fmt, str::FromStr};

use super::{error::Error, id::CorrelationId};

/// The length of version 00, and the least of any other.
const CHARS: usize = 55;
/// The one flag with a meaning: somebody upstream records this trace.
const SAMPLED: u8 = 1;

/// Which trace an action belongs to, and the span it follows from. Neither id is ever zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceParent {
    trace: u128,
    span: u64,
    sampled: bool,
}

impl TraceParent {
    /// A place in a trace; `None` when an id is zero, which the standard calls invalid.
    pub const fn new(trace: u128, span: u64, sampled: bool) -> Option<Self> {
        if trace == 0 || span == 0 { None } else { Some(Self { trace, span, sampled }) }
    }

    /// The beginning of a trace of its own, which nobody records.
    pub fn fresh() -> Self {
        // Version 7 sets bits in both halves, so neither can be zero.
        let trace = uuid::Uuid::from(CorrelationId::fresh()).as_u128();
        let (_, span) = uuid::Uuid::from(CorrelationId::fresh()).as_u64_pair();
        Self { trace, span, sampled: false }
    }

    /// The trace: all that follows from one click.
    pub const fn trace(self) -> u128 {
        self.trace
    }

    /// The span within it that this follows from.
    pub const fn span(self) -> u64 {
        self.span
    }

    /// Whether the trace is recorded.
    pub const fn is_sampled(self) -> bool {
        self.sampled
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, u8::from(self.sampled))
    }
}

impl FromStr for TraceParent {
    type Err = Error;

    /// Takes version 00 exactly, and of later versions the part that version 00 had, as the standard asks.
    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).ok_or_else(|| Error::invalid("traceparent", "must be a trace context as W3C writes it"))
    }
}

fn parse(text: &str) -> Option<TraceParent> {
    let bytes = text.as_bytes();
    let version = hex(bytes.get(..2)?)?;
    let dashes = [2, 35, 52].iter().all(|at| bytes.get(*at) == Some(&b'-'));
    let ends = match version {
        0 => bytes.len() == CHARS,
        0xff => false,
        _ => bytes.len() == CHARS || bytes.get(CHARS) == Some(&b'-'),
    };
    if !dashes || !ends {
        return None;
    }
    let trace = hex(bytes.get(3..35)?)?;
    let span = u64::try_from(hex(bytes.get(36..52)?)?).ok()?;
    let flags = u8::try_from(hex(bytes.get(53..CHARS)?)?).ok()?;
    TraceParent::new(trace, span, flags & SAMPLED != 0)
}

/// Lower-case hexadecimal only: capitals are invalid, and the standard library would take them, and a sign.
fn hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0_u128, |value, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(value << 4 | u128::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
    const SPAN: u64 = 0x00f0_67aa_0ba9_02b7;

    #[test]
    fn what_the_standard_calls_valid_is_read() {
        for (text, sampled) in [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe", false),
            ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03", true),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later", true),
        ] {
            assert_eq!(text.parse().ok(), TraceParent::new(TRACE, SPAN, sampled), "{text}");
        }
    }

    #[test]
    fn what_the_standard_calls_invalid_is_refused() {
        for text in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "+0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-0",
        ] {
            assert!(text.parse::<TraceParent>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_fresh_one_is_its_own_and_not_recorded() {
        let (one, other) = (TraceParent::fresh(), TraceParent::fresh());
        assert!(one.trace() != other.trace() && one.span() != other.span());
        assert!(!one.is_sampled());
        assert_eq!(one.to_string().parse(), Ok(one));
    }

    proptest! {
        #[test]
        fn it_survives_its_text(trace in 1_u128.., span in 1_u64.., sampled: bool) {
            let parent = TraceParent::new(trace, span, sampled).unwrap();
            prop_assert_eq!(parent.to_string().parse(), Ok(parent));
        }

        #[test]
        fn no_text_confuses_the_reader(text in "\\PC{0,80}") {
            let taken = text.parse::<TraceParent>().is_ok();
            prop_assert!(!taken || text.len() >= CHARS);
        }
    }
}
