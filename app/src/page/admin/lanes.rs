//! `/admin/lanes`: how the lanes stand, and what they gave up.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use thunderline::domain::{
    Lane, RecordId,
    lane::{DeadLetter, LetterCursor},
};

use super::{Again, Frame, figures::Figures, letters::Letters};
use crate::{
    api::{
        admin::{Lanes, LettersAsked, open_lanes},
        load::load,
        next,
    },
    part::failure::Failure,
};

impl LettersAsked {
    fn of(query: &ParamsMap) -> Self {
        let field = |name: &str| query.get_str(name).unwrap_or_default().to_owned();
        Self { lane: field("lane"), died: field("died"), letter: field("letter"), record: field("record") }
    }

    /// All of a lane, or all there are.
    pub(super) fn of_lane(lane: Option<Lane>) -> Self {
        Self { lane: lane.map(|lane| lane.to_string()).unwrap_or_default(), ..Self::default() }
    }

    /// The same, after this one.
    pub(super) fn after(&self, place: LetterCursor) -> Self {
        let (died, letter) = (place.died_at.micros().to_string(), place.id.to_string());
        Self { died, letter, ..self.clone() }
    }

    /// The address that asks for these.
    pub(super) fn href(&self) -> String {
        let fields = [("lane", &*self.lane), ("died", &self.died), ("letter", &self.letter), ("record", &self.record)];
        next::address("/admin/lanes", &fields)
    }
}

/// The address of one dead letter in the console.
pub fn letter_href(record: RecordId) -> String {
    LettersAsked { record: record.to_string(), ..LettersAsked::default() }.href()
}

/// The page of the webhook that a dead letter was for, for whoever manages it.
pub(super) fn webhook_href(letter: &DeadLetter) -> Option<String> {
    letter.community.as_ref().map(|slug| format!("/c/{slug}/webhooks#webhook-{}", letter.topic))
}

/// The lanes.
#[component]
pub fn LanesPage() -> impl IntoView {
    let again = RwSignal::new(0_u32);
    provide_context(Again(again));
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(LettersAsked::of));
    let lanes = load(move || (asked.get(), again.get()), |(asked, _)| open_lanes(asked));
    let page = move || {
        lanes.get().map(|lanes| match lanes {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(Lanes { lanes, letters, wrong, now, flash }) => {
                let asked = asked.get_untracked();
                view! {
                    <Frame title="Lanes" refresh=asked.href()>
                        <Figures lanes=lanes flash=flash.clone()/>
                        <Letters page=letters wrong=wrong asked=asked now=now flash=flash/>
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
    use thunderline::domain::Time;

    use super::*;

    #[test]
    fn an_address_asks_for_what_it_was_made_of() {
        let after = LetterCursor { died_at: Time::from_micros(5), id: RecordId::fresh() };
        for asked in [
            LettersAsked::default(),
            LettersAsked::of_lane(Some(Lane::CrossDomain)),
            LettersAsked::of_lane(Some(Lane::General)).after(after),
            LettersAsked { record: after.id.to_string(), ..LettersAsked::default() },
        ] {
            let href = asked.href();
            let query: ParamsMap = href
                .split_once('?')
                .into_iter()
                .flat_map(|(_, query)| query.split('&'))
                .filter_map(|pair| pair.split_once('='))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(LettersAsked::of(&query), asked, "{href}");
        }
    }
}
