use leptos::prelude::*;
use thunderline::domain::{ChannelId, channel::NotificationLevel};

use crate::{
    api::channel_settings::SetNotifications,
    page::chat::use_shown,
    part::{
        form::{ErrorSummary, Form, Submit},
        notice::{Notice, done},
    },
};

/// How much one wants to hear of the channel oneself.
#[component]
pub(super) fn Notifications(
    /// Which.
    channel: ChannelId,
    /// Whether it is muted.
    muted: bool,
    /// What one is told of.
    level: NotificationLevel,
) -> impl IntoView {
    let set = ServerAction::<SetNotifications>::new();
    let form = use_shown().with_untracked(|opened| Form::new(set, opened.flash.as_ref()));
    let choices = NotificationLevel::ALL
        .iter()
        .map(|choice| {
            let (heading, hint) = words(*choice);
            view! {
                <label class="choice">
                    <input type="radio" name="level" value=choice.as_str() checked=*choice == level/>
                    <span class="choice-text">
                        <strong>{heading}</strong>
                        <span class="hint">{hint}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="section" id="notifications">
            <h2>"Notifications"</h2>
            <p class="muted">"These are yours alone."</p>
            <ActionForm action=set attr:class="form">
                <ErrorSummary form=form heading="Your notifications were not changed"/>
                <Notice shown=done("notifications", *set) text="Saved."/>
                <input type="hidden" name="channel" value=channel.to_string()/>
                <fieldset class="field choices">
                    <legend>"Tell me of"</legend>
                    {choices}
                </fieldset>
                <label class="choice">
                    <input type="checkbox" name="muted" value="true" checked=muted/>
                    <span class="choice-text">
                        <strong>"Mute this channel"</strong>
                        <span class="hint">"It stays quiet on your list, whatever is said in it. Mentions still reach your inbox."</span>
                    </span>
                </label>
                <p class="actions">
                    <Submit form=form>"Save"</Submit>
                </p>
            </ActionForm>
        </section>
    }
}

/// A level in a word or two, and what it means.
const fn words(level: NotificationLevel) -> (&'static str, &'static str) {
    match level {
        NotificationLevel::All => ("Everything", "New messages stand out on your list; mentions reach your inbox."),
        NotificationLevel::Mentions => ("Mentions", "Only mentions reach you, in your inbox."),
        NotificationLevel::Nothing => {
            ("Nothing", "New messages do not stand out, and mentions stay out of your inbox.")
        }
    }
}
