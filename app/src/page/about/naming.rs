use leptos::prelude::*;
use thunderline::domain::ChannelId;

use crate::{
    api::channel_settings::RenameChannel,
    page::chat::{use_refresh, use_shown},
    part::{
        field::{Field, Kind},
        form::{ErrorSummary, Form, Named, Submit},
        notice::{Notice, done},
    },
};

/// The channel's name and address.
#[component]
pub(super) fn Naming(
    /// Which.
    channel: ChannelId,
    /// The name shown.
    name: String,
    /// The address.
    slug: String,
) -> impl IntoView {
    const FIELDS: &[Named] = &[("name", "Name", "channel-name"), ("slug", "Address", "channel-slug")];
    let rename = ServerAction::<RenameChannel>::new();
    use_refresh().after(*rename);
    let shown = use_shown();
    let form = shown.with_untracked(|opened| Form::new(rename, opened.flash.as_ref()));
    let community =
        shown.with_untracked(|o| o.community.as_ref().map(|c| c.community.slug.clone())).unwrap_or_default();
    view! {
        <section class="section" id="naming">
            <h2>"Name and address"</h2>
            <ActionForm action=rename attr:class="form">
                <ErrorSummary form=form heading="The channel was not renamed" fields=FIELDS/>
                <Notice shown=done("renamed", *rename) text="Saved."/>
                <input type="hidden" name="channel" value=channel.to_string()/>
                <input type="hidden" name="address" value=community/>
                <Field form=form id="channel-name" name="name" label="Name" maxlength=100 value=name/>
                <Field
                    form=form
                    id="channel-slug"
                    name="slug"
                    label="Address"
                    hint="Letters a-z, digits, dash and underscore. Empty makes it from the name. Links to the old address lead here until another channel takes it."
                    kind=Kind::Plain
                    maxlength=50
                    optional=true
                    value=slug
                />
                <p class="actions">
                    <Submit form=form>"Save"</Submit>
                </p>
            </ActionForm>
        </section>
    }
}
