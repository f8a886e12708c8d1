//! `/c/<community>/moderation`: what waits for approval, what was flagged and why, and what becomes of it.

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId, MessageId,
    flag::{Flag, Flagged, Queue, Verdict},
};

use super::{
    chat::{use_refresh, use_shown},
    held::HeldCard,
};
use crate::{
    api::{
        Fault, Flash,
        flag::{JudgeMessage, list_flagged},
        load::load,
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

/// The moderators' queue. For anybody else it is not there.
#[component]
pub fn ModerationPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.as_ref().map(|c| c.community.clone())));
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Moderation · {}", c.name)).unwrap_or_default()))/>
        {move || {
            community
                .get()
                .map(|community| {
                    view! {
                        <main class="conversation" id="main" tabindex="-1">
                            <PageHead
                                back=format!("/c/{}", community.slug)
                                back_to=format!("Back to {}", community.name)
                                always=true
                            >
                                "Moderation"
                            </PageHead>
                            <div class="sheet">
                                <Waiting community=community.id path=format!("/c/{}", community.slug)/>
                            </div>
                        </main>
                    }
                })
        }}
    }
}

#[component]
fn Waiting(community: CommunityId, path: String) -> impl IntoView {
    let changed = use_client().order_kept();
    // Whenever the feed says that something was flagged or judged, here or elsewhere, the list is read again.
    let queue = load(move || changed.get(), move |_| list_flagged(community));
    view! {
        <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
            {move || queue.get().map(|queue| list(queue, &path))}
        </Transition>
    }
}

fn list(queue: Result<Queue, Fault>, path: &str) -> AnyView {
    let Queue { held, flagged, open } = match queue {
        Ok(queue) => queue,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    if flagged.is_empty() && held.is_empty() {
        return view! {
            <div class="empty">
                <Icon name="shield"/>
                <h2>"Nothing waits for you"</h2>
                <p>"When somebody flags a message, it appears here with their reason, for all moderators. So does what the community's settings have wait."</p>
            </div>
        }
        .into_any();
    }
    let rest = open - i64::try_from(flagged.len() + held.len()).unwrap_or(open);
    let words = if open == 1 {
        "1 message waits to be judged.".to_owned()
    } else {
        format!("{open} messages wait to be judged.")
    };
    view! {
        <p class="muted" id="waiting">{words}</p>
        {(!held.is_empty())
            .then(|| {
                view! {
                    <h2>"Waiting for approval"</h2>
                    <ul class="cards flagged">
                        {held
                            .into_iter()
                            .map(|one| view! { <HeldCard pending=one path=path.to_owned()/> })
                            .collect_view()}
                    </ul>
                }
            })}
        {(!flagged.is_empty()).then(|| view! { <h2>"Flagged"</h2> })}
        <ul class="cards flagged">
            {flagged.into_iter().map(|one| view! { <Card flagged=one path=path.to_owned()/> }).collect_view()}
        </ul>
        {(rest > 0).then(|| view! { <p class="muted">{format!("{rest} more follow when these are judged.")}</p> })}
    }
    .into_any()
}

#[component]
fn Card(flagged: Flagged, path: String) -> impl IntoView {
    let Flagged { message, channel, channel_name, since, count, flags } = flagged;
    let (id, author) = (message.id, message.author);
    let more = count - i64::try_from(flags.len()).unwrap_or(count);
    let place = format!("{path}/{channel}?at={id}#m-{id}");
    view! {
        <li id=format!("f-{id}") tabindex="-1">
            <article aria-labelledby=format!("f-{id}-head")>
                <header class="flagged-head">
                    <Avatar id=author.id name=author.name.clone()/>
                    <div>
                        <h3 class="card-title" id=format!("f-{id}-head")>
                            <bdi>{author.name.clone()}</bdi>
                            " in "
                            <a href=place>
                                <bdi>{format!("#{channel_name}")}</bdi>
                            </a>
                        </h3>
                        <span class="muted">"Posted " <Moment at=message.created_at/> "; flagged " <Moment at=since/></span>
                    </div>
                </header>
                <div class="message-body markdown flagged-body" dir="auto" inner_html=message.html></div>
                <ul class="flags">
                    {flags.into_iter().map(|flag| view! { <Reason flag=flag/> }).collect_view()}
                    {(more > 0).then(|| view! { <li class="muted">{format!("and {more} more")}</li> })}
                </ul>
                <div class="actions">
                    <Judge id=id verdict=Verdict::Keep of=author.name.clone()/>
                    <Judge id=id verdict=Verdict::Delete of=author.name/>
                </div>
            </article>
        </li>
    }
}

#[component]
fn Reason(flag: Flag) -> impl IntoView {
    view! {
        <li>
            <Icon name="flag"/>
            <p>
                <span dir="auto">{flag.reason}</span>
                " "
                <span class="muted"><bdi>{flag.person.name}</bdi> ", " <Moment at=flag.at/></span>
            </p>
        </li>
    }
}

/// One way to judge: a form of its own.
#[component]
fn Judge(id: MessageId, verdict: Verdict, of: String) -> impl IntoView {
    let judge = ServerAction::<JudgeMessage>::new();
    use_refresh().after(*judge);
    Effect::new(move |_| {
        if judge.value().with(|value| matches!(value, Some(Ok(())))) {
            // The card goes away: the focus goes to the page, and is not lost.
            dom::page::focus("main");
        }
    });
    let flash = |flash: Option<&Flash>| {
        let about = Flash::about(flash, "message", &id.to_string());
        Flash::about(about, "verdict", verdict.as_str()).cloned()
    };
    let form = use_shown().with_untracked(|opened| Form::new(judge, flash(opened.flash.as_ref()).as_ref()));
    let (kind, words) = match verdict {
        Verdict::Keep => ("quiet", "Keep"),
        Verdict::Delete => ("danger", "Delete"),
    };
    view! {
        <ActionForm action=judge>
            <input type="hidden" name="message" value=id.to_string()/>
            <input type="hidden" name="verdict" value=verdict.as_str()/>
            <Submit form=form kind=kind size="s">{words} <span class="vh">{format!(" the message of {of}")}</span></Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}
