//! `/c/<community>`: its channels.

use leptos::prelude::*;
use thunderline::{
    domain::{ChannelStatus, ChannelSummary, query::CommunityView},
    view::lowered,
};

use super::{
    chat::{use_refresh, use_shown},
    directory::{JoinForm, people},
};
use crate::{
    api::{Flash, channel::JoinChannel},
    part::{
        channels::icon,
        form::{Form, Refusal, Submit},
        head::{Back, IconLink},
        icon::Icon,
        title::PageTitle,
    },
};

/// A community.
#[component]
pub fn CommunityPage() -> impl IntoView {
    let shown = use_shown();
    let open = Memo::new(move |_| shown.with(|opened| opened.community.clone()));
    view! {
        <PageTitle text=Signal::derive(move || open.with(|open| open.as_ref().map(|o| o.community.name.clone()).unwrap_or_default()))/>
        {move || open.get().map(|view| view! { <Overview view=view/> })}
    }
}

#[component]
fn Overview(view: CommunityView) -> impl IntoView {
    let CommunityView { community, mut channels, may, .. } = view;
    channels.retain(|channel| !channel.kind.is_conversation());
    // As in the column beside it.
    channels
        .sort_by_cached_key(|channel| (channel.status == ChannelStatus::Archived, lowered(&channel.name), channel.id));
    let path = format!("/c/{}", community.slug);
    let count = match channels.len() {
        1 => "1 channel".to_owned(),
        n => format!("{n} channels"),
    };
    let (verb, member) = (if community.members == 1 { "talks" } else { "talk" }, community.role.is_some());
    let rows = channels
        .into_iter()
        .map(|channel| view! { <ChannelCard path=path.clone() channel=channel member=member/> })
        .collect_view();
    view! {
        <main class="conversation" id="main" tabindex="-1">
            <header class="conversation-head">
                <Back href="/c" to="Communities"/>
                <div class="conversation-title">
                    <h1>
                        <span>{community.name.clone()}</span>
                    </h1>
                    {(!community.description.is_empty()).then(|| view! { <p class="topic">{community.description.clone()}</p> })}
                </div>
                <div class="conversation-actions">
                    {may.manage_webhooks
                        .then(|| view! { <IconLink href=format!("{path}/webhooks") icon="link" title="Webhooks"/> })}
                    {may.invite
                        .then(|| view! { <IconLink href=format!("{path}/members/invites") icon="user-plus" title="Invite people"/> })}
                    <IconLink href=format!("{path}/search") icon="search" title="Search"/>
                    <IconLink href=format!("{path}/members") icon="users" title="Members"/>
                </div>
            </header>
            <div class="sheet">
                <p class="lede">
                    {format!("{} {verb} here in {count}. Choose one to read.", people(community.members))}
                </p>
                {(!member).then(|| view! { <JoinForm community=community.clone()/> })}
                <ul class="cards">{rows}</ul>
                {may.create_channel
                    .then(|| {
                        view! {
                            <p class="actions">
                                <a class="button" data-kind="primary" href=format!("{path}/new-channel")>
                                    <Icon name="plus"/>
                                    "Create a channel"
                                </a>
                            </p>
                        }
                    })}
            </div>
        </main>
    }
}

#[component]
fn ChannelCard(path: String, channel: ChannelSummary, member: bool) -> impl IntoView {
    let href = format!("{path}/{}", channel.slug);
    let joinable = member && !channel.joined();
    let participants = people(channel.participants);
    let (id, name) = (channel.id.to_string(), channel.name.clone());
    view! {
        <li class="card-row">
            <Icon name=icon(&channel)/>
            <p class="card-text">
                <a class="card-title" href=href>{name.clone()}</a>
                <span class="muted">{channel.topic}</span>
            </p>
            {if joinable {
                view! { <JoinChannelForm id=id name=name/> }.into_any()
            } else {
                view! { <span class="muted">{participants}</span> }.into_any()
            }}
        </li>
    }
}

#[component]
fn JoinChannelForm(id: String, name: String) -> impl IntoView {
    let join = ServerAction::<JoinChannel>::new();
    use_refresh().after(*join);
    let form =
        use_shown().with_untracked(|opened| Form::new(join, Flash::about(opened.flash.as_ref(), "channel", &id)));
    view! {
        <ActionForm action=join>
            <input type="hidden" name="channel" value=id/>
            <Submit form=form kind="quiet" size="s">"Join" <span class="vh">" " {name}</span></Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}
