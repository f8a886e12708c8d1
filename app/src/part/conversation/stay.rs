use leptos::{html, prelude::*};

/// How long a message may be kept: in seconds as the form says it, and in words.
const STAYS: [(&str, &str); 4] = [("", "Keep"), ("3600", "1 hour"), ("86400", "1 day"), ("604800", "7 days")];

/// How long what is written next stays (M26). Each message is chosen for anew: a choice that went on unseen would lose
/// what was meant to be kept.
#[component]
pub(super) fn Stay(
    /// The choice.
    choice: NodeRef<html::Select>,
    /// What was chosen before the form came back.
    chosen: String,
    /// The id of its element.
    id: String,
) -> impl IntoView {
    let options = STAYS.map(|(seconds, words)| {
        view! {
            <option value=seconds selected=chosen == seconds>
                {words}
            </option>
        }
    });
    view! {
        <label class="vh" for=id.clone()>
            "How long the message stays"
        </label>
        <select class="stay" id=id name="expires_in" title="How long the message stays" node_ref=choice>
            {options}
        </select>
    }
}

/// Takes what was chosen, in seconds, and goes back to keeping.
pub(super) fn take(choice: NodeRef<html::Select>) -> Option<i64> {
    let choice = choice.get_untracked()?;
    let seconds = choice.value().parse().ok();
    choice.set_value("");
    seconds
}
