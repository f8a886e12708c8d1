use leptos::prelude::*;
use thunderline::domain::{ChannelId, ChannelStatus};

use crate::{
    api::channel_settings::SetChannelStatus,
    page::chat::use_shown,
    part::{
        form::{Form, Refusal, Submit},
        notice::{Notice, done},
    },
    state::use_client,
};

/// Whether the channel takes messages, and the way to change it.
#[component]
pub(super) fn Status(
    /// Which.
    channel: ChannelId,
    /// How it stood when the page was read.
    read: ChannelStatus,
) -> impl IntoView {
    let set = ServerAction::<SetChannelStatus>::new();
    let form = use_shown().with_untracked(|opened| Form::new(set, opened.flash.as_ref()));
    let live = use_client().channel(channel);
    let status = Memo::new(move |_| live.with(|live| live.as_ref().map_or(read, |channel| channel.status)));
    view! {
        <section class="section" id="status">
            <h2>"Archive or lock"</h2>
            <Notice shown=done("status", *set) text="Saved."/>
            {move || {
                let (words, ways) = ways(status.get());
                let buttons = ways
                    .iter()
                    .map(|(to, label)| {
                        view! {
                            <ActionForm action=set>
                                <input type="hidden" name="channel" value=channel.to_string()/>
                                <input type="hidden" name="status" value=to.as_str()/>
                                <Submit form=form>{*label}</Submit>
                            </ActionForm>
                        }
                    })
                    .collect_view();
                view! {
                    <p>{words}</p>
                    <div class="actions">{buttons}</div>
                }
            }}
            <Refusal form=form/>
        </section>
    }
}

/// What is said of a channel that stands so, and where it can go from there.
const fn ways(status: ChannelStatus) -> (&'static str, &'static [(ChannelStatus, &'static str)]) {
    match status {
        ChannelStatus::Active => (
            "A locked channel takes no new messages. An archived one is read-only and stands folded at the end of the list.",
            &[(ChannelStatus::Locked, "Lock channel"), (ChannelStatus::Archived, "Archive channel")],
        ),
        ChannelStatus::Locked => (
            "This channel is locked: it takes no new messages.",
            &[(ChannelStatus::Active, "Unlock channel"), (ChannelStatus::Archived, "Archive channel")],
        ),
        ChannelStatus::Archived => (
            "This channel is archived: it can be read, not added to.",
            &[(ChannelStatus::Active, "Bring channel back")],
        ),
    }
}
