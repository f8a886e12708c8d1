//! `/c/<community>/<channel>/about`: the topic, who takes part, adding people, leaving; and for those who manage it, its
//! settings.

mod deletion;
mod naming;
mod notifications;
mod order;
mod people;
mod posting;
mod status;

use leptos::prelude::*;
use thunderline::domain::{
    ChannelId, ChannelStatus, Visibility,
    channel::{ACTIVITY_DAYS, Activity, NotificationLevel},
    conversation::{is_conversation, title},
    query::{ChannelRights, ChannelView},
};

use self::{
    deletion::Deletion,
    naming::Naming,
    notifications::Notifications,
    order::{Kept, Order},
    people::{AddForm, Participants},
    posting::Posting,
    status::Status,
};
use super::chat::use_shown;
use crate::{
    api::{
        channel::{LeaveChannel, SetRetention, SetTopic, read_activity},
        load::load,
    },
    part::{
        field::{Field, FieldError, Kind},
        form::{ErrorSummary, Form, Named, Refusal, Submit},
        head::PageHead,
        icon::Icon,
        notice::{Notice, done},
        title::PageTitle,
    },
};

/// About a channel.
#[component]
pub fn AboutPage() -> impl IntoView {
    let shown = use_shown();
    // Only what this page itself shows: what is said in the channel, or who comes, must not draw its forms anew.
    let open = Memo::new(move |_| {
        shown.with(|opened| {
            let ChannelView { channel, may, .. } = opened.channel.as_ref()?;
            Some(Facts {
                id: channel.id,
                name: channel.name.clone(),
                slug: channel.slug.clone(),
                status: channel.status,
                topic: channel.topic.clone(),
                visibility: channel.visibility,
                retention_days: channel.retention_days,
                slow_mode: channel.slow_mode,
                message_chars: channel.message_chars,
                kept: Kept { approval: channel.approval, per_minute: channel.per_minute, reactions: channel.reactions },
                wish: channel.participation.map(|mine| (mine.muted, mine.level)),
                may: *may,
            })
        })
    });
    let heading = move || {
        open.with(|open| {
            open.as_ref().map(|open| format!("About {}", title(&open.slug, &open.name))).unwrap_or_default()
        })
    };
    view! {
        <PageTitle text=heading/>
        {move || open.get().map(|facts| view! { <About facts=facts/> })}
    }
}

#[derive(Clone, PartialEq, Eq)]
struct Facts {
    id: ChannelId,
    name: String,
    slug: String,
    status: ChannelStatus,
    topic: String,
    visibility: Visibility,
    retention_days: Option<i64>,
    slow_mode: i64,
    message_chars: i64,
    kept: Kept,
    /// Whether I muted it and what I want to hear of it, if I take part.
    wish: Option<(bool, NotificationLevel)>,
    may: ChannelRights,
}

#[component]
fn About(facts: Facts) -> impl IntoView {
    let shown = use_shown();
    let path = shown.with_untracked(|opened| opened.channel_path());
    let back_to = shown.with_untracked(|opened| opened.community_path());
    let Facts {
        id,
        name,
        slug,
        status,
        topic,
        visibility,
        retention_days,
        slow_mode,
        message_chars,
        kept: order,
        wish,
        may,
    } = facts;
    let (heading, next) = (name.clone(), back_to.clone());
    view! {
        <main class="conversation" id="main" tabindex="-1">
            <PageHead back=path back_to=format!("Back to {name}") always=true>"About " <bdi>{heading}</bdi></PageHead>
            <div class="sheet">
                {(!is_conversation(&slug))
                    .then(|| {
                        view! {
                <section class="section">
                    <h2>"Topic"</h2>
                    {if may.set_topic {
                        view! { <TopicForm channel=id topic=topic/> }.into_any()
                    } else if topic.is_empty() {
                        view! { <p class="muted">"Nobody has said what this channel is about."</p> }.into_any()
                    } else {
                        view! { <p>{topic}</p> }.into_any()
                    }}
                </section>
                        }
                    })}
                {wish.map(|(muted, level)| view! { <Notifications channel=id muted=muted level=level/> })}
                {may.manage.then(|| view! { <Naming channel=id name=name.clone() slug=slug/> })}
                <section class="section" id="retention">
                    <h2>"Messages"</h2>
                    <Figures channel=id/>
                    {if may.manage {
                        view! { <RetentionForm channel=id days=retention_days/> }.into_any()
                    } else {
                        view! { <p class="muted">{kept(retention_days)}</p> }.into_any()
                    }}
                </section>
                <Posting channel=id slow_mode=slow_mode message_chars=message_chars manage=may.manage/>
                {may.manage.then(|| view! { <Order channel=id kept=order/> })}
                <section class="section" id="people" tabindex="-1">
                    <h2>"People"</h2>
                    {may.add.then(|| view! { <AddForm channel=id/> })}
                    <Participants channel=id/>
                </section>
                {may.leave
                    .then(|| {
                        let note = if visibility == Visibility::Public {
                            "You stop getting its messages. You can join again at any time."
                        } else {
                            "You stop seeing it. To come back, somebody who takes part must add you."
                        };
                        view! {
                            <section class="section">
                                <h2>"Leave"</h2>
                                <p>{note}</p>
                                <LeaveForm channel=id next=back_to/>
                            </section>
                        }
                    })}
                {may.manage.then(|| view! { <Status channel=id read=status/> })}
                {may.delete_channel.then(|| view! { <Deletion channel=id name=name next=next/> })}
            </div>
        </main>
    }
}

#[component]
fn TopicForm(channel: ChannelId, topic: String) -> impl IntoView {
    const FIELDS: &[Named] = &[("topic", "Topic", "topic")];
    let set = ServerAction::<SetTopic>::new();
    let form = use_shown().with_untracked(|opened| Form::new(set, opened.flash.as_ref()));
    let wrong = form.wrong("topic");
    view! {
        <ActionForm action=set attr:class="form">
            <ErrorSummary form=form heading="The topic was not saved" fields=FIELDS/>
            <Notice shown=done("topic", *set) text="Topic saved."/>
            <input type="hidden" name="channel" value=channel.to_string()/>
            <div class="field">
                <label for="topic">"What the channel is about"</label>
                <textarea
                    id="topic"
                    name="topic"
                    rows="2"
                    maxlength="500"
                    aria-describedby=move || wrong.with(Option::is_some).then_some("topic-error")
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                >
                    {form.typed("topic", topic)}
                </textarea>
                <FieldError id="topic" wrong=wrong/>
            </div>
            <p class="actions">
                <Submit form=form kind="primary">"Save topic"</Submit>
            </p>
        </ActionForm>
    }
}

/// How much was said lately.
#[component]
fn Figures(channel: ChannelId) -> impl IntoView {
    let shown = use_shown();
    let figures = load(move || shown.with(|opened| opened.fresh), move |_| read_activity(channel));
    view! {
        <Transition fallback=|| view! { <p class="muted">"Counting…"</p> }>
            {move || figures.get().map(|figures| match figures {
                Err(fault) => view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }.into_any(),
                Ok(activity) => view! { <p id="activity">{said(activity)}</p> }.into_any(),
            })}
        </Transition>
    }
}

/// "12 messages by 3 people in the last 7 days."
fn said(Activity { messages, people }: Activity) -> String {
    let people = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
    match messages {
        0 => format!("Nothing was said in the last {ACTIVITY_DAYS} days."),
        1 => format!("1 message by {people} in the last {ACTIVITY_DAYS} days."),
        _ => format!("{messages} messages by {people} in the last {ACTIVITY_DAYS} days."),
    }
}

/// How long messages stay, in words.
fn kept(days: Option<i64>) -> String {
    match days {
        None => "Messages stay for good.".to_owned(),
        Some(1) => "Messages are removed after a day.".to_owned(),
        Some(days) => format!("Messages are removed after {days} days."),
    }
}

#[component]
fn RetentionForm(channel: ChannelId, days: Option<i64>) -> impl IntoView {
    const FIELDS: &[Named] = &[("retention_days", "Days", "retention-days")];
    let set = ServerAction::<SetRetention>::new();
    let form = use_shown().with_untracked(|opened| Form::new(set, opened.flash.as_ref()));
    view! {
        <ActionForm action=set attr:class="form">
            <ErrorSummary form=form heading="How long messages stay was not changed" fields=FIELDS/>
            <Notice shown=done("retention", *set) text="Saved."/>
            <input type="hidden" name="channel" value=channel.to_string()/>
            <Field
                form=form
                id="retention-days"
                name="retention_days"
                label="Remove messages after so many days"
                hint="Empty keeps them for good. What is older is removed for everybody within the hour, and cannot be brought back."
                kind=Kind::Plain
                value=days.map(|days| days.to_string()).unwrap_or_default()
                optional=true
            />
            <p class="actions">
                <Submit form=form>"Save"</Submit>
            </p>
        </ActionForm>
    }
}

#[component]
fn LeaveForm(channel: ChannelId, next: String) -> impl IntoView {
    let leave = ServerAction::<LeaveChannel>::new();
    let form = use_shown().with_untracked(|opened| Form::new(leave, opened.flash.as_ref()));
    view! {
        <ActionForm action=leave>
            <input type="hidden" name="channel" value=channel.to_string()/>
            <input type="hidden" name="next" value=next/>
            <p class="actions">
                <Submit form=form>"Leave channel"</Submit>
            </p>
            <Refusal form=form/>
        </ActionForm>
    }
}
