//! `/c/<community>/settings/rules/why`: why can, or can't, somebody do something here?

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use thunderline::domain::{
    Action,
    query::CommunityView,
    rule::{ALSO_EXPLAINED, ExplainedStep, Explanation, Origin, RULED, Step},
};

use super::{trial::said, use_community, words};
use crate::{
    api::{Fault, load::load, rule::explain_rules},
    part::{failure::Nothing, head::PageHead, icon::Icon, title::PageTitle},
};

/// The question and its answer.
#[component]
pub fn WhyPage() -> impl IntoView {
    let community = use_community();
    view! {
        <PageTitle text="Why can or can't somebody …?"/>
        {move || match community.get() {
            Some(open) if open.may.explain_rules => {
                let (back, name) = (format!("/c/{}/members", open.community.slug), open.community.name.clone());
                view! {
                    <main class="conversation" id="main" tabindex="-1">
                        <PageHead back=back back_to=format!("Back to the members of {name}") always=true>
                            "Why can or can't somebody …?"
                        </PageHead>
                        <div class="sheet">
                            <Asked open=open/>
                        </div>
                    </main>
                }
                    .into_any()
            }
            Some(_) => view! { <Nothing/> }.into_any(),
            None => ().into_any(),
        }}
    }
}

#[component]
fn Asked(open: CommunityView) -> impl IntoView {
    let query = use_query_map();
    let text = move |name: &'static str| query.with(|query| query.get_str(name).unwrap_or_default().to_owned());
    let action = move || query.with(|query| query.get_str("action").and_then(|text| text.parse::<Action>().ok()));
    let own = move || query.with(|query| query.get_str("own_message") == Some("true"));
    let community = open.community.id;
    let answer = load(
        move || (text("person"), action(), text("channel"), own()),
        move |(person, action, channel, own)| async move {
            let action = action.filter(|_| !person.trim().is_empty())?;
            Some(explain_rules(community, person, action, channel, own).await)
        },
    );
    let chosen = action().unwrap_or(Action::Post);
    let actions = RULED.iter().chain(&ALSO_EXPLAINED).map(|action| {
        view! { <option value=action.as_str() selected=*action == chosen>{words::doing(*action)}</option> }
    });
    let at = text("channel");
    let channels = open.channels.iter().filter(|channel| !channel.kind.is_conversation());
    let channels = channels.map(|channel| {
        view! { <option value=channel.slug.clone() selected=channel.slug == at>{format!("#{}", channel.name)}</option> }
    });
    view! {
        <form class="form" method="get" action=format!("/c/{}/settings/rules/why", open.community.slug)>
            <div class="field">
                <label for="why-person">"Who"</label>
                <p class="hint" id="why-person-hint">"The handle of a member"</p>
                <input
                    id="why-person"
                    name="person"
                    type="text"
                    required=true
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="why-person-hint"
                    value=text("person")
                />
            </div>
            <div class="field">
                <label for="why-action">"Does what"</label>
                <select id="why-action" name="action">{actions.collect_view()}</select>
            </div>
            <div class="field">
                <label for="why-channel">"Where"</label>
                <select id="why-channel" name="channel">
                    <option value="">"In no channel"</option>
                    {channels.collect_view()}
                </select>
            </div>
            <label class="choice">
                <input type="checkbox" name="own_message" value="true" checked=own()/>
                <span class="choice-text">"The message is their own"</span>
            </label>
            <p class="actions">
                <button class="button" data-kind="primary" type="submit">"Ask why"</button>
            </p>
        </form>
        <Transition fallback=|| view! { <p class="muted">"Asking…"</p> }>
            {move || answer.get().flatten().map(shown)}
        </Transition>
    }
}

fn shown(answer: Result<Explanation, Fault>) -> AnyView {
    let answer = match answer {
        Ok(answer) => answer,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{said(&fault)}</p> }.into_any();
        }
    };
    let may = if answer.allowed { "may" } else { "may not" };
    let place = answer.channel.map(|channel| format!(" in #{channel}")).unwrap_or_default();
    let what = words::doing(answer.action);
    let decided = match &answer.rule {
        Some(rule) => format!("Decided by the rule: {rule}."),
        None => "No rule allows it, and what no rule allows is refused.".to_owned(),
    };
    let steps = answer.steps.into_iter().map(step).collect_view();
    view! {
        <section class="section" id="answer" aria-labelledby="answer-heading">
            <h2 id="answer-heading"><bdi>{answer.person.name}</bdi> {format!(" {may} {what}{place}")}</h2>
            <p>{decided}</p>
            <h3>"Step by step"</h3>
            <ol class="rule-steps">{steps}</ol>
        </section>
    }
    .into_any()
}

fn step(step: ExplainedStep) -> impl IntoView {
    let origin = match step.origin {
        Origin::Safety => "safety",
        Origin::BuiltIn => "built in",
        Origin::Own => "your rule",
        Origin::Role => "role",
    };
    let became = match step.step {
        Step::Allows => "applies, and allows".to_owned(),
        Step::Refuses => "applies, and refuses".to_owned(),
        Step::OutOfReach => "would allow, but only those who are in".to_owned(),
        Step::Fails => "cannot be evaluated, which refuses".to_owned(),
        Step::Passes => format!("does not apply; not so: {}", step.why),
    };
    view! {
        <li>
            <strong>{step.rule}</strong>
            " "
            <span class="badge">{origin}</span>
            " "
            <span class="muted">{became}</span>
        </li>
    }
}
