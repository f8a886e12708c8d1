use leptos::prelude::*;
use thunderline::domain::ChannelId;

use crate::{
    api::channel_settings::DeleteChannel,
    page::chat::use_shown,
    part::{
        field::{Field, Kind},
        form::{ErrorSummary, Form, Named, Submit},
    },
};

/// The way to remove the channel: its name has to be typed.
#[component]
pub(super) fn Deletion(
    /// Which.
    channel: ChannelId,
    /// The name shown.
    name: String,
    /// Where to go then.
    next: String,
) -> impl IntoView {
    const FIELDS: &[Named] = &[("name", "Name", "deleted-name")];
    let delete = ServerAction::<DeleteChannel>::new();
    let form = use_shown().with_untracked(|opened| Form::new(delete, opened.flash.as_ref()));
    let asked = form.error().get_untracked().is_some();
    view! {
        <section class="section" id="deletion">
            <h2>"Delete"</h2>
            <p>"Everything said in it is removed for everybody, for good. To keep it readable, archive it instead."</p>
            <details class="confirm" open=asked>
                <summary class="button" data-kind="danger">"Delete channel…"</summary>
                <ActionForm action=delete attr:class="form">
                    <ErrorSummary form=form heading="The channel was not deleted" fields=FIELDS/>
                    <input type="hidden" name="channel" value=channel.to_string()/>
                    <input type="hidden" name="next" value=next/>
                    <p>"Type " <strong><bdi>{name}</bdi></strong> " to say that you mean this channel."</p>
                    <Field form=form id="deleted-name" name="name" label="Name of the channel" kind=Kind::Plain/>
                    <p class="actions">
                        <Submit form=form kind="danger">"Delete it for good"</Submit>
                    </p>
                </ActionForm>
            </details>
        </section>
    }
}
