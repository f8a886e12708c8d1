//! The way to talk to somebody alone.

use leptos::prelude::*;
use thunderline::domain::{CommunitySummary, PersonSummary};

use super::form::{Form, Refusal, Submit};
use crate::{
    api::{Flash, conversation::OpenConversation},
    page::chat::use_shown,
};

/// Opens the conversation with somebody of a community, or with oneself: one's notes.
#[component]
pub fn TalkButton(
    /// Where.
    community: CommunitySummary,
    /// With whom.
    person: PersonSummary,
) -> impl IntoView {
    let open = ServerAction::<OpenConversation>::new();
    let id = person.id.to_string();
    let (form, me) = use_shown().with_untracked(|opened| {
        let flash = Flash::about(opened.flash.as_ref(), "people", &id);
        (Form::new(open, flash), opened.me.person.id == person.id)
    });
    view! {
        <ActionForm action=open attr:class="talk">
            <input type="hidden" name="community" value=community.id.to_string()/>
            <input type="hidden" name="people" value=id/>
            <input type="hidden" name="address" value=community.slug/>
            <Submit form=form kind="quiet" size="s">
                {if me { "Keep notes" } else { "Message" }}
                {(!me).then(|| view! { <span class="vh">" " {person.name}</span> })}
            </Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}
