use leptos::prelude::*;
use thunderline::domain::ChannelId;

use crate::{
    api::channel_settings::SetChannelModeration,
    page::chat::use_shown,
    part::{
        field::{Field, Kind},
        form::{ErrorSummary, Form, Named, Submit},
        notice::{Notice, done},
    },
};

/// How a channel is kept in order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    /// Whether messages of those below moderator are held.
    pub(super) approval: bool,
    /// How many messages one person may post in a minute; 0: as many as they like.
    pub(super) per_minute: i64,
    /// Whether people may put emoji on messages.
    pub(super) reactions: bool,
}

/// The form for it.
#[component]
pub(super) fn Order(channel: ChannelId, kept: Kept) -> impl IntoView {
    const FIELDS: &[Named] = &[("per_minute", "Messages a minute", "per-minute")];
    let set = ServerAction::<SetChannelModeration>::new();
    let form = use_shown().with_untracked(|opened| Form::new(set, opened.flash.as_ref()));
    // A box that was left empty is not sent: what was typed says so by the others.
    let ticked = move |name: &str, now: bool| {
        if form.has_typed() { form.typed(name, String::new()) == "true" } else { now }
    };
    view! {
        <section class="section" id="order">
            <h2>"Order"</h2>
            <ActionForm action=set attr:class="form">
                <ErrorSummary form=form heading="How the channel is kept in order was not changed" fields=FIELDS/>
                <Notice shown=done("order", *set) text="Saved."/>
                <input type="hidden" name="channel" value=channel.to_string()/>
                <label class="choice">
                    <input type="checkbox" name="approval" value="true" checked=ticked("approval", kept.approval)/>
                    <span class="choice-text">
                        <strong>"Require approval"</strong>
                        <span class="hint">"Messages wait until a moderator approves them. Those of moderators do not."</span>
                    </span>
                </label>
                <label class="choice">
                    <input type="checkbox" name="reactions" value="true" checked=ticked("reactions", kept.reactions)/>
                    <span class="choice-text">
                        <strong>"Reactions"</strong>
                        <span class="hint">"People may put emoji on messages. Those that are there stay in any case."</span>
                    </span>
                </label>
                <Field
                    form=form
                    id="per-minute"
                    name="per_minute"
                    label="Messages a minute"
                    hint="How many messages one person may post in a minute, at most 60; as many as they like if it is empty. Moderators post as they like."
                    kind=Kind::Plain
                    optional=true
                    value=if kept.per_minute == 0 { String::new() } else { kept.per_minute.to_string() }
                />
                <p class="actions">
                    <Submit form=form>"Save"</Submit>
                </p>
            </ActionForm>
        </section>
    }
}
