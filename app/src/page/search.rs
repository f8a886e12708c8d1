//! `/c/<community>/search?q=`: what was said, found again.

use std::time::Duration;

use leptos::{html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use thunderline::{
    domain::{
        Error, MessageId,
        conversation::title,
        search::{Found, Hit, SEARCH_CHARS},
    },
    view::filters,
};

use super::chat::use_shown;
use crate::{
    api::{Fault, load::load, next, search::search_messages},
    part::{avatar::Avatar, head::PageHead, icon::Icon, moment::Moment, title::PageTitle},
};

/// For how long nothing is typed before it is looked for.
const PAUSE: Duration = Duration::from_millis(200);

/// The search of a community.
#[component]
pub fn SearchPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().map(|c| c.community.clone())));
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Search · {}", c.name)).unwrap_or_default()))/>
        <main class="conversation" id="main" tabindex="-1">
            {move || {
                community
                    .get()
                    .map(|community| {
                        view! {
                            <PageHead
                                back=format!("/c/{}", community.slug)
                                back_to=format!("Back to {}", community.name)
                                always=true
                            >
                                "Search "
                                <bdi>{community.name.clone()}</bdi>
                            </PageHead>
                        }
                    })
            }}
            <div class="sheet">
                <Search/>
            </div>
        </main>
    }
}

/// The field and what was found. They follow the address, so that a search can be linked to, and gone back to.
#[component]
fn Search() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let community =
        Memo::new(move |_| params.with(|params| params.get_str("community").unwrap_or_default().to_owned()));
    let q = Memo::new(move |_| query.with(|query| query.get_str("q").unwrap_or_default().to_owned()));
    let after =
        Memo::new(move |_| query.with(|query| query.get_str("after").and_then(|text| text.parse::<MessageId>().ok())));
    let path = Signal::derive(move || format!("/c/{}/search", community.get()));
    let page = load(
        move || (community.get(), q.get(), after.get()),
        |(community, q, after)| async move {
            if q.trim().is_empty() { None } else { Some(search_messages(community, q, after).await) }
        },
    );
    view! {
        <SearchForm path=path q=q/>
        <Transition fallback=|| view! { <p class="muted">"Searching…"</p> }>
            {move || {
                page.get().map(|found| match found {
                    None => view! { <Help/> }.into_any(),
                    Some(Ok(found)) => results(found, &community.get(), &q.get(), after.get().is_some()),
                    Some(Err(fault)) => refused(&fault),
                })
            }}
        </Transition>
    }
}

/// What is looked for. A browser without JavaScript sends it as a form.
#[component]
fn SearchForm(path: Signal<String>, q: Memo<String>) -> impl IntoView {
    let shown = use_shown();
    let field = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(q.get_untracked());
    let navigate = use_navigate();
    let go = Callback::new(move |text: String| {
        let address = next::address(&path.get_untracked(), &[("q", &text)]);
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    };
    on_cleanup(stop);
    let type_on = move |event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        stop();
        // The name of a filter alone finds nothing yet.
        if !text.ends_with(':') {
            waiting.set_value(set_timeout_with_handle(move || go.run(text), PAUSE).ok());
        }
    };
    // Whoever comes here comes to type.
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            // Behind what stands there.
            let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or_default();
            let _ = field.set_selection_range(end, end);
        }
    });
    // Back and forward change the address without the field.
    Effect::new(move |before: Option<String>| {
        let now = q.get();
        if before.is_some_and(|before| before != now)
            && let Some(field) = field.get_untracked()
            && field.value().trim() != now.trim()
        {
            field.set_value(&now);
            typed.set(now.clone());
        }
        now
    });
    let offers = Memo::new(move |_| {
        let channels = shown.with(|opened| {
            let open = opened.community.iter();
            let channels = open.flat_map(|open| &open.channels).filter(|channel| !channel.kind.is_conversation());
            channels.map(|channel| channel.slug.clone()).collect::<Vec<_>>()
        });
        typed.with(|typed| filters::completed(typed, &channels))
    });
    view! {
        <form class="form inline-form" method="get" action=move || path.get() role="search">
            <div class="field">
                <label for="q">"Search messages"</label>
                <input
                    id="q"
                    name="q"
                    type="search"
                    node_ref=field
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    maxlength=SEARCH_CHARS
                    list="filters"
                    value=q.get_untracked()
                    on:input=type_on
                />
                <datalist id="filters">
                    {move || offers.get().into_iter().map(|offer| view! { <option value=offer></option> }).collect_view()}
                </datalist>
            </div>
            <button class="button" data-kind="primary" type="submit">
                <Icon name="search"/>
                "Search"
            </button>
        </form>
    }
}

/// What can be looked for, while nothing is.
#[component]
fn Help() -> impl IntoView {
    let rows = filters::KNOWN.map(|(filter, meaning)| {
        view! {
            <div>
                <dt>
                    <code>{filter}</code>
                </dt>
                <dd>{meaning}</dd>
            </div>
        }
    });
    view! {
        <div class="search-help">
            <h2>"What you can look for"</h2>
            <p>"Words are found by their beginnings, in everything you can read here, the newest first."</p>
            <dl>{rows.collect_view()}</dl>
        </div>
    }
}

fn refused(fault: &Fault) -> AnyView {
    let text = match &fault.0 {
        Error::Invalid { .. } => fault.0.of_field("q").map(thunderline::view::body::sentence),
        _ => None,
    };
    let text = text.unwrap_or_else(|| fault.to_string());
    view! { <p class="field-error" role="status" id="q-error"><Icon name="alert"/>{text}</p> }.into_any()
}

fn results(found: Found, community: &str, q: &str, paged: bool) -> AnyView {
    let path = format!("/c/{community}");
    let link = |after: &str| next::address(&format!("{path}/search"), &[("q", q), ("after", after)]);
    let back = paged.then(|| {
        view! { <a class="button" data-kind="quiet" data-size="s" rel="prev" href=link("")>"Newest results"</a> }
    });
    if found.hits.is_empty() {
        return view! {
            <div class="empty" role="status">
                <Icon name="search"/>
                <h2>"Nothing was found"</h2>
                <p>"Try fewer words, or only the beginning of one. What is in channels you are not in is not looked through."</p>
                {back}
            </div>
        }
        .into_any();
    }
    let older = found.hits.last().filter(|_| found.more).map(|last| {
        let address = link(&last.message.to_string());
        view! { <a class="button" data-kind="quiet" data-size="s" rel="next" href=address>"Older results"</a> }
    });
    let told = match (found.hits.len(), found.more || paged) {
        (1, false) => "1 message, the newest first.".to_owned(),
        (many, false) => format!("{many} messages, the newest first."),
        (many, true) => format!("{many} messages on this page, the newest first."),
    };
    let rows = found.hits.into_iter().map(|hit| view! { <HitRow path=path.clone() hit=hit/> }).collect_view();
    view! {
        <p class="muted" role="status">{told}</p>
        <ol class="hits">{rows}</ol>
        <p class="pager">{back} {older}</p>
    }
    .into_any()
}

#[component]
fn HitRow(path: String, hit: Hit) -> impl IntoView {
    let Hit { message, channel, channel_name, author, created_at, in_thread, snippet } = hit;
    let place = format!("{path}/{channel}");
    let name = author.name.clone();
    // Plain text in text nodes: nothing of a message can become markup here.
    let text = snippet
        .into_iter()
        .map(|piece| if piece.hit { view! { <mark>{piece.text}</mark> }.into_any() } else { piece.text.into_any() });
    view! {
        <li class="hit">
            <p class="hit-head">
                <Avatar id=author.id name=Signal::stored(author.name.clone())/>
                <span class="author">{author.name}</span>
                <span class="muted">
                    {if in_thread { "in a thread of " } else { "in " }}
                    <a href=place.clone()>{title(&channel, &channel_name)}</a>
                    ", "
                    <Moment at=created_at/>
                </span>
            </p>
            <p class="hit-text" dir="auto">{text.collect_view()}</p>
            <a class="button" data-kind="quiet" data-size="s" href=format!("{place}?at={message}#m-{message}")>
                "Jump"
                <span class="vh">{format!(" to the message of {name}")}</span>
            </a>
        </li>
    }
}
