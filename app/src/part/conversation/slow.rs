use std::time::Duration;

use leptos::prelude::*;

use crate::{part::pace, state::Pause};

/// What slow mode asks of whoever writes here; empty where it asks nothing.
pub(super) fn words(pause: Pause) -> String {
    match (pause.left.get(), pause.pace.get()) {
        (_, 0) => String::new(),
        (0, pace) => format!("Slow mode: one message every {}.", pace::span(pace)),
        (left, _) => format!("Slow mode: you can send in {left} s. What you write stays here."),
    }
}

/// Counts down as long as the composer stands.
pub(super) fn count_down(pause: Pause) {
    Effect::new(move |_| {
        pause.tick();
        if let Ok(timer) = set_interval_with_handle(move || pause.tick(), Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
}
