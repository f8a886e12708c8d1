//! `/admin/lanes`: how the lanes stand, and what they gave up.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use thunderline::domain::{Lane, RecordId, Time, lane::LetterCursor};

use super::{Again, Frame, figures::Figures, letters::Letters};
use crate::{
    api::admin::{Lanes, open_lanes},
    part::failure::Failure,
};

/// Which dead letters an address asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Of this lane; of all without it.
    pub lane: Option<Lane>,
    /// Where the page before ended.
    pub after: Option<LetterCursor>,
}

impl Asked {
    fn of(query: &ParamsMap) -> Self {
        let lane = query.get_str("lane").and_then(|text| text.parse().ok());
        let died_at = query.get_str("died").and_then(|text| text.parse().ok()).map(Time::from_micros);
        let id = query.get_str("letter").and_then(|text| text.parse::<RecordId>().ok());
        Self { lane, after: died_at.zip(id).map(|(died_at, id)| LetterCursor { died_at, id }) }
    }

    /// The address that asks for these.
    pub fn href(self) -> String {
        let lane = self.lane.map(|lane| format!("lane={lane}"));
        let after = self.after.map(|after| format!("died={}&letter={}", after.died_at.micros(), after.id));
        let query: Vec<String> = lane.into_iter().chain(after).collect();
        if query.is_empty() { "/admin/lanes".to_owned() } else { format!("/admin/lanes?{}", query.join("&")) }
    }
}

/// The lanes.
#[component]
pub fn LanesPage() -> impl IntoView {
    let again = RwSignal::new(0_u32);
    provide_context(Again(again));
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::of));
    let lanes = Resource::new_blocking(
        move || (asked.get(), again.get()),
        |(Asked { lane, after }, _)| open_lanes(lane, after.map(|after| after.died_at), after.map(|after| after.id)),
    );
    let page = move || {
        lanes.get().map(|lanes| match lanes {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(Lanes { lanes, letters, now, flash }) => {
                let asked = asked.get_untracked();
                view! {
                    <Frame title="Lanes" refresh=asked.href()>
                        <Figures lanes=lanes flash=flash.clone()/>
                        <Letters page=letters asked=asked now=now flash=flash/>
                    </Frame>
                }
                .into_any()
            }
        })
    };
    view! { <Transition fallback=|| ()>{page}</Transition> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_what_it_was_made_of() {
        let after = LetterCursor { died_at: Time::from_micros(5), id: RecordId::fresh() };
        for asked in [
            Asked::default(),
            Asked { lane: Some(Lane::CrossDomain), after: None },
            Asked { lane: Some(Lane::General), after: Some(after) },
        ] {
            let href = asked.href();
            let query: ParamsMap = href
                .split_once('?')
                .into_iter()
                .flat_map(|(_, query)| query.split('&'))
                .filter_map(|pair| pair.split_once('='))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(Asked::of(&query), asked, "{href}");
        }
    }
}
