//! Points in time: the server writes UTC, the browser rewrites it in local time once it has taken the page over.

use leptos::prelude::*;
use thunderline::domain::Time;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Minutes to add to UTC for this browser at that time; 0 on the server.
fn offset(time: Time) -> i64 {
    #[cfg(target_arch = "wasm32")]
    {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit 53 bits for 285,000 years")]
        let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64((time.micros() / 1_000) as f64));
        #[expect(clippy::cast_possible_truncation, reason = "at most 14 hours")]
        let minutes = -date.get_timezone_offset() as i64;
        minutes
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = time;
        0
    }
}

/// "22 November 2026", `shift` minutes east of UTC.
fn day_of(time: Time, shift: i64) -> String {
    let (year, month, day) = time.plus(shift * Time::MINUTE).date();
    let month = MONTHS[(month - 1) as usize];
    format!("{day} {month} {year}")
}

/// "22 November 2026 at 09:12", `shift` minutes east of UTC.
pub fn written(time: Time, shift: i64) -> String {
    let (hour, minute) = time.plus(shift * Time::MINUTE).clock();
    format!("{} at {hour:02}:{minute:02}", day_of(time, shift))
}

/// Date and time.
#[component]
pub fn Moment(
    /// When.
    at: Time,
    /// Whether the day is enough.
    #[prop(optional)]
    day: bool,
) -> impl IntoView {
    // The first rendering in the browser must be the server's, or hydration finds another text.
    let shift = RwSignal::new(None);
    Effect::new(move |_| shift.set(Some(offset(at))));
    let text = move || match shift.get() {
        shift if day => day_of(at, shift.unwrap_or_default()),
        None => format!("{} UTC", written(at, 0)),
        Some(shift) => written(at, shift),
    };
    view! { <time datetime=at.rfc3339()>{text}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_its_zone() {
        let time = Time::from_micros(1_795_305_991_000_000);
        assert_eq!(written(time, 0), "22 November 2026 at 00:06");
        assert_eq!(written(time, -60), "21 November 2026 at 23:06");
        assert_eq!(written(time, 330), "22 November 2026 at 05:36");
    }
}
