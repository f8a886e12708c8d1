//! When what failed is tried again (Q06).

use uuid::Uuid;

use crate::domain::{RecordId, Time};

/// A wait that doubles with each attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// After the first failure, in microseconds.
    pub first: i64,
    /// The longest, in microseconds.
    pub most: i64,
}

/// Families of events that do not wait as the others do: what somebody looks at is tried again soon, another's server
/// is left alone for a while.
const FAMILIES: [(&str, Backoff); 4] = [
    ("message", Backoff { first: Time::SECOND, most: Time::MINUTE }),
    ("assistant", Backoff { first: Time::SECOND, most: Time::MINUTE }),
    ("feed", Backoff { first: Time::SECOND / 2, most: 10 * Time::SECOND }),
    ("webhook", Backoff { first: 10 * Time::SECOND, most: 60 * Time::MINUTE }),
];

impl Backoff {
    /// Of all other families.
    pub const ORDINARY: Self = Self { first: 2 * Time::SECOND, most: 10 * Time::MINUTE };

    /// That of the event's family.
    pub fn of(name: &str) -> Self {
        let family = name.split('.').next().unwrap_or_default();
        FAMILIES.iter().find(|(known, _)| *known == family).map_or(Self::ORDINARY, |(_, backoff)| *backoff)
    }

    /// The wait after the `attempts`th failure of a record, in microseconds: up to a quarter shorter or longer, so that
    /// what failed together is not tried together. It depends on the record alone: a test can tell it.
    pub fn after(self, attempts: i64, record: RecordId) -> i64 {
        let doublings = u32::try_from(attempts.clamp(1, 32) - 1).unwrap_or_default();
        let wait = self.first.saturating_mul(1_i64 << doublings).min(self.most);
        let (_, chance) = Uuid::from(record).as_u64_pair();
        let spread = i64::try_from(chance % 1_000).unwrap_or_default() - 500;
        wait + wait / 2_000 * spread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Q06
    #[test]
    fn the_wait_doubles_and_is_bounded() {
        let backoff = Backoff { first: Time::SECOND, most: 5 * Time::SECOND };
        // The middle of the spread: 500 of 1,000.
        let middle = RecordId::from(Uuid::from_u64_pair(0, 500));
        let waits = [1, 2, 3, 4, 30].map(|attempts| backoff.after(attempts, middle) / Time::SECOND);
        assert_eq!(waits, [1, 2, 4, 5, 5]);
    }

    // Q06
    #[test]
    fn what_failed_together_is_not_tried_together() {
        let waits: std::collections::BTreeSet<i64> =
            (0..100).map(|n| Backoff::ORDINARY.after(1, RecordId::from(Uuid::from_u64_pair(0, n * 10)))).collect();
        assert_eq!(waits.len(), 100);
        let quarter = Backoff::ORDINARY.first / 4;
        assert!(waits.iter().all(|wait| (wait - Backoff::ORDINARY.first).abs() <= quarter), "{waits:?}");
    }

    // Q06
    #[test]
    fn a_family_has_its_own_wait() {
        assert_eq!(Backoff::of("webhook.called").first, 10 * Time::SECOND);
        assert_eq!(Backoff::of("webhooks.called"), Backoff::ORDINARY);
    }
}
