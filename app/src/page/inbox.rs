//! `/inbox`: what one was told of, newest first.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use thunderline::domain::{
    Notification, NotificationId,
    conversation::{is_conversation, title},
    notification::{NotificationKind, Told},
    query::Inbox,
};

use super::chat::{use_refresh, use_shown};
use crate::{
    api::{
        Fault, Flash,
        load::load,
        notification::{MarkAllNotificationsRead, MarkNotificationRead, list_notifications},
    },
    dom,
    part::{
        avatar::Avatar,
        form::{Form, Refusal, Submit},
        head::PageHead,
        icon::Icon,
        moment::Moment,
        title::PageTitle,
    },
    state::use_client,
};

/// The inbox.
#[component]
pub fn InboxPage() -> impl IntoView {
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|query| query.get_str("before").and_then(|text| text.parse().ok())));
    let shell = use_client().shell();
    // Whenever the feed says that the count has changed, here or in another tab, the list is read again.
    let unread = Memo::new(move |_| shell.with(|shell| shell.as_ref().map_or(0, |shell| shell.notifications)));
    let page = load(
        move || (before.get(), unread.get()),
        |(before, _): (Option<NotificationId>, i64)| list_notifications(before),
    );
    view! {
        <PageTitle text="Inbox"/>
        <main class="conversation" id="main" tabindex="-1">
            <PageHead back="/c" back_to="Communities">"Inbox"</PageHead>
            <div class="sheet">
                <Transition fallback=|| view! { <p class="muted">"Reading the inbox…"</p> }>
                    {move || page.get().map(|page| entries(page, before.get().is_some()))}
                </Transition>
            </div>
        </main>
    }
}

fn entries(page: Result<Inbox, Fault>, paged: bool) -> AnyView {
    let Inbox { notifications, more, unread, .. } = match page {
        Ok(inbox) => inbox,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    if notifications.is_empty() {
        return view! { <Nothing paged=paged/> }.into_any();
    }
    let older = more.then(|| notifications.last().map(|last| format!("/inbox?before={}", last.id))).flatten();
    view! {
        <ReadAll unread=unread/>
        <ul class="cards inbox">{notifications.into_iter().map(|one| view! { <Entry notification=one/> }).collect_view()}</ul>
        <p class="pager">
            {paged.then(|| view! { <a class="button" data-kind="quiet" data-size="s" rel="prev" href="/inbox">"Newest"</a> })}
            {older.map(|href| view! { <a class="button" data-kind="quiet" data-size="s" rel="next" href=href>"Older"</a> })}
        </p>
    }
    .into_any()
}

#[component]
fn Nothing(paged: bool) -> impl IntoView {
    let heading = if paged { "Nothing older" } else { "Nobody has called you yet" };
    view! {
        <div class="empty">
            <Icon name="inbox"/>
            <h2>{heading}</h2>
            <p>"When somebody writes @ and your handle in a channel you can see, it appears here. So do replies in threads you follow, reminders you asked for, what is flagged where you are a moderator, and for 30 days what your commands answered."</p>
            <p class="actions">
                <a class="button" href=if paged { "/inbox" } else { "/c" }>
                    {if paged { "Newest" } else { "To the communities" }}
                </a>
            </p>
        </div>
    }
}

/// How many are unread, and the way to have none.
#[component]
fn ReadAll(unread: i64) -> impl IntoView {
    let read = ServerAction::<MarkAllNotificationsRead>::new();
    use_refresh().after(*read);
    focus_after(*read);
    let form = use_shown().with_untracked(|opened| Form::new(read, opened.flash.as_ref()));
    let words = match unread {
        0 => "Everything is read.".to_owned(),
        1 => "1 is unread.".to_owned(),
        n => format!("{n} are unread."),
    };
    view! {
        <div class="inbox-head">
            <p class="muted" id="unread">{words}</p>
            {(unread > 0)
                .then(|| {
                    view! {
                        <ActionForm action=read>
                            <Submit form=form size="s">"Mark all read"</Submit>
                            <Refusal form=form/>
                        </ActionForm>
                    }
                })}
        </div>
    }
}

#[component]
fn Entry(notification: Notification) -> impl IntoView {
    let Notification { id, kind, created_at, read_at, words: own, told } = notification;
    let unread = read_at.is_none();
    let about = match (kind, &told) {
        (NotificationKind::Mention | NotificationKind::Reply | NotificationKind::Flag, Some(told)) => {
            format!(" from {}", told.actor.name)
        }
        (NotificationKind::Mention | NotificationKind::Reply | NotificationKind::Flag, None) => String::new(),
        (NotificationKind::Command, _) => " the answer to a command".to_owned(),
        (NotificationKind::Reminder, _) => " a reminder".to_owned(),
    };
    view! {
        <li class="card-row" data-unread=unread.then_some("")>
            {match &told {
                _ if kind == NotificationKind::Reminder => view! { <Icon name="clock"/> }.into_any(),
                _ if kind == NotificationKind::Command => view! { <Icon name="info"/> }.into_any(),
                Some(told) => view! { <Avatar id=told.actor.id name=told.actor.name.clone()/> }.into_any(),
                None => view! { <Icon name="lock"/> }.into_any(),
            }}
            <div class="card-text">
                {unread.then(|| view! { <span class="vh">"Unread: "</span> })}
                {match own {
                    Some(own) => own_words(kind, own, told),
                    None => words(kind, told),
                }}
                <span class="muted"><Moment at=created_at/></span>
            </div>
            {unread.then(|| view! { <ReadOne id=id about=about/> })}
        </li>
    }
}

/// What a command answered, or a reminder; and where it was asked for, while one may see it.
fn own_words(kind: NotificationKind, own: String, told: Option<Told>) -> AnyView {
    let what = if kind == NotificationKind::Reminder { "You asked to be reminded" } else { "Your command" };
    view! {
        {match told {
            Some(told) => {
                view! {
                    <a class="card-title" href=told.permalink()>
                        {what}
                        " in "
                        <bdi>{title(&told.channel, &told.channel_name)}</bdi>
                    </a>
                }
                    .into_any()
            }
            None => view! { <span class="card-title">{what}</span> }.into_any(),
        }}
        <p class="own-words" dir="auto">{own}</p>
    }
    .into_any()
}

/// Who, where and an excerpt. It is text: whatever somebody wrote, it shows as written.
fn words(kind: NotificationKind, told: Option<Told>) -> AnyView {
    let Some(told) = told else {
        return view! { <span class="card-title">"A message you can no longer see"</span> }.into_any();
    };
    let (href, did) = match kind {
        NotificationKind::Flag => (told.judged_at(), " flagged a message in "),
        NotificationKind::Reply => (told.permalink(), " replied in a thread in "),
        _ if is_conversation(&told.channel) => (told.permalink(), " wrote to you in "),
        _ => (told.permalink(), " mentioned you in "),
    };
    view! {
        <a class="card-title" href=href>
            <bdi>{told.actor.name}</bdi>
            {did}
            <bdi>{title(&told.channel, &told.channel_name)}</bdi>
        </a>
        {match told.excerpt {
            Some(excerpt) => view! { <p class="excerpt" dir="auto">{excerpt}</p> }.into_any(),
            None => view! { <p class="excerpt muted">"The message was deleted."</p> }.into_any(),
        }}
        <span class="muted"><bdi>{told.community_name}</bdi></span>
    }
    .into_any()
}

#[component]
fn ReadOne(id: NotificationId, about: String) -> impl IntoView {
    let read = ServerAction::<MarkNotificationRead>::new();
    use_refresh().after(*read);
    focus_after(*read);
    let id = id.to_string();
    let form =
        use_shown().with_untracked(|opened| Form::new(read, Flash::about(opened.flash.as_ref(), "notification", &id)));
    view! {
        <ActionForm action=read>
            <input type="hidden" name="notification" value=id/>
            <Submit form=form kind="quiet" size="s">"Mark read" <span class="vh">{about}</span></Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}

/// The button that was pressed goes away: the focus goes to the page, and is not lost.
fn focus_after<I, O>(action: Action<I, Result<O, Fault>>)
where
    I: Send + Sync + 'static,
    O: Send + Sync + 'static,
{
    Effect::new(move |_| {
        if action.value().with(|value| matches!(value, Some(Ok(_)))) {
            dom::page::focus("main");
        }
    });
}
