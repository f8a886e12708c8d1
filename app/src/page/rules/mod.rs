//! `/c/<community>/settings/rules`: who may do what here beyond what is built in.
//!
//! Not `/c/<community>/rules`: that is the address of a channel that many communities have.

mod edit;
mod trial;
mod why;
mod words;

use leptos::prelude::*;
use thunderline::domain::{
    ChannelSummary, CommunityId,
    community::CommunityRights,
    query::CommunityView,
    rule::{BuiltInRule, Origin, OwnRule, Rules},
};

pub use edit::RulePage;
pub use why::WhyPage;

use super::chat::use_shown;
use crate::{
    api::{
        Fault, Flash,
        load::load,
        rule::{OrderRule, RemoveRule, SwitchRule, list_rules},
    },
    part::{
        confirm::Confirm,
        failure::Nothing,
        form::{Form, Refusal, Submit},
        head::PageHead,
        icon::Icon,
        notice::{Notice, done},
        title::PageTitle,
    },
    state::use_client,
};

/// The address of a community's rules.
fn path_of(open: &CommunityView) -> String {
    format!("/c/{}/settings/rules", open.community.slug)
}

/// The open community: anew only when it is another one, or when one may do something else there. What is typed, and what
/// is said of a change, outlives the reading afresh that follows any change of rules.
fn use_community() -> Memo<Option<CommunityView>> {
    let shown = use_shown();
    Memo::new_with_compare(
        move |_| shown.with(|opened| opened.community.clone()),
        |before, now| before.is_none_or(|before| identity(before.as_ref()) != identity(now.and_then(Option::as_ref))),
    )
}

fn identity(open: Option<&CommunityView>) -> Option<(CommunityId, &str, CommunityRights)> {
    open.map(|open| (open.community.id, open.community.name.as_str(), open.may))
}

/// The rules.
#[component]
pub fn RulesPage() -> impl IntoView {
    let community = use_community();
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Rules · {}", c.community.name)).unwrap_or_default()))/>
        {move || match community.get() {
            Some(open) if open.may.manage_rules => {
                let (slug, name) = (open.community.slug.clone(), open.community.name.clone());
                view! {
                    <main class="conversation" id="main" tabindex="-1">
                        <PageHead
                            back=format!("/c/{slug}/members")
                            back_to=format!("Back to the members of {name}")
                            always=true
                        >
                            "Rules of "
                            <bdi>{name}</bdi>
                        </PageHead>
                        <div class="sheet">
                            <List open=open/>
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

/// What changes one rule on this page.
#[derive(Clone, Copy)]
struct Changes {
    order: ServerAction<OrderRule>,
    switch: ServerAction<SwitchRule>,
    remove: ServerAction<RemoveRule>,
}

#[component]
fn List(open: CommunityView) -> impl IntoView {
    let changes = Changes { order: ServerAction::new(), switch: ServerAction::new(), remove: ServerAction::new() };
    let (community, path, channels) = (open.community.id, path_of(&open), StoredValue::new(open.channels));
    let standing = use_client().standing();
    let rules = load(
        move || {
            let Changes { order, switch, remove } = changes;
            (order.version().get(), switch.version().get(), remove.version().get(), standing.get())
        },
        move |_| list_rules(community),
    );
    let query = leptos_router::hooks::use_query_map();
    let said =
        move |word: &'static str| Signal::derive(move || query.with(|query| query.get_str("done") == Some(word)));
    // Said once, not by each rule.
    let flash = use_shown().with_untracked(|opened| opened.flash.clone());
    let refusals = [
        Form::new(changes.order, flash.as_ref()),
        Form::new(changes.switch, flash.as_ref()),
        Form::new(changes.remove, flash.as_ref()),
    ];
    let (add, why) = (format!("{path}/new"), format!("{path}/why"));
    view! {
        <p class="lede">
            "A rule allows or denies something to whom it covers. The first that applies decides: safety first, then by priority, the lower number before the higher."
        </p>
        <Notice shown=said("added") text="The rule was added."/>
        <Notice shown=said("saved") text="The rule was saved."/>
        <Notice shown=done("ordered", *changes.order) text="The rule has another priority."/>
        <Notice shown=done("switched", *changes.switch) text="The rule was switched."/>
        <Notice shown=done("removed", *changes.remove) text="The rule was removed."/>
        <div id="refused">
            {refusals.into_iter().map(|form| view! { <Refusal form=form/> }).collect_view()}
        </div>
        <p class="actions">
            <a class="button" data-kind="primary" href=add>
                <Icon name="plus"/>
                "Add a rule"
            </a>
            <a class="button" data-kind="quiet" href=why>"Why can or can't somebody …?"</a>
        </p>
        <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
            {
                let path = path.clone();
                move || {
                    let path = path.clone();
                    rules.get().map(|rules| sections(rules, community.to_string(), &path, changes, channels))
                }
            }
        </Transition>
    }
}

fn sections(
    rules: Result<Rules, Fault>,
    community: String,
    path: &str,
    changes: Changes,
    channels: StoredValue<Vec<ChannelSummary>>,
) -> AnyView {
    let Rules { own, built_in } = match rules {
        Ok(rules) => rules,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    let empty = own.is_empty();
    let own = own
        .into_iter()
        .map(|rule| {
            view! { <Own community=community.clone() path=path.to_owned() rule=rule changes=changes channels=channels/> }
        })
        .collect_view();
    let built_in = built_in.into_iter().map(|rule| view! { <BuiltIn rule=rule/> }).collect_view();
    view! {
        <section class="section" id="own">
            <h2>"Your rules"</h2>
            {empty.then(|| view! { <p class="muted">"There is no rule of your own. What is built in holds."</p> })}
            <ul class="cards">{own}</ul>
        </section>
        <section class="section" id="built-in">
            <h2>"Built in"</h2>
            <p class="muted">
                "These hold in every community and cannot be changed. Those marked \"safety\" are asked before yours; your rules outrank the others by a lower priority number."
            </p>
            <ul class="cards">{built_in}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Own(
    community: String,
    path: String,
    rule: OwnRule,
    changes: Changes,
    channels: StoredValue<Vec<ChannelSummary>>,
) -> impl IntoView {
    let OwnRule { id, draft } = rule;
    let (id, active) = (id.to_string(), draft.active);
    let name = StoredValue::new(draft.name);
    let of_this = |flash: Option<&Flash>| Flash::about(flash, "rule", &id).cloned();
    let flash = use_shown().with_untracked(|opened| of_this(opened.flash.as_ref()));
    let order = Form::new(changes.order, flash.as_ref());
    let switch = Form::new(changes.switch, flash.as_ref());
    let remove = Form::new(changes.remove, flash.as_ref());
    let number = format!("priority-{id}");
    let scope = channels.with_value(|channels| words::scope(draft.scope, channels));
    let named = StoredValue::new((community, id.clone()));
    let hidden = move || {
        let (community, rule) = named.get_value();
        view! {
            <input type="hidden" name="community" value=community/>
            <input type="hidden" name="rule" value=rule/>
        }
    };
    view! {
        <li class="rule" id=format!("rule-{id}")>
            <h3 class="rule-name">
                <bdi>{name.get_value()}</bdi>
                {(!active).then(|| view! { " " <span class="badge">"off"</span> })}
            </h3>
            <p>{words::effect(draft.effect)} " · " {scope} " · " {words::list(&draft.actions)}</p>
            {(!draft.condition.is_empty()).then(|| view! { <p class="muted">"When " <code>{draft.condition}</code></p> })}
            <div class="actions">
                <ActionForm action=changes.order attr:class="rule-order">
                    {hidden()}
                    <label for=number.clone()>"Priority" <span class="vh">" of " {name.get_value()}</span></label>
                    <input
                        id=number.clone()
                        name="priority"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        size="4"
                        value=order.typed("priority", draft.priority.to_string())
                    />
                    <Submit form=order kind="quiet" size="s">"Set" <span class="vh">" the priority of " {name.get_value()}</span></Submit>
                </ActionForm>
                <a class="button" data-kind="quiet" data-size="s" href=format!("{path}/{id}")>
                    "Edit" <span class="vh">" " {name.get_value()}</span>
                </a>
                <ActionForm action=changes.switch>
                    {hidden()}
                    <input type="hidden" name="active" value=(!active).to_string()/>
                    <Submit form=switch kind="quiet" size="s">
                        {if active { "Switch off" } else { "Switch on" }} <span class="vh">" " {name.get_value()}</span>
                    </Submit>
                </ActionForm>
                <Confirm
                    id=format!("remove-{id}")
                    word="Remove"
                    what=name.get_value()
                    question="Remove this rule?"
                    consequence="It no longer holds, and cannot be brought back."
                >
                    <ActionForm action=changes.remove>
                        {hidden()}
                        <Submit form=remove kind="danger" size="s">"Remove rule" <span class="vh">" " {name.get_value()}</span></Submit>
                    </ActionForm>
                </Confirm>
            </div>
        </li>
    }
}

#[component]
fn BuiltIn(rule: BuiltInRule) -> impl IntoView {
    let safety = rule.origin == Origin::Safety;
    let when = rule.when.join("; ");
    view! {
        <li class="rule">
            <h3 class="rule-name">
                {rule.name}
                {safety.then(|| view! { " " <span class="badge">"safety"</span> })}
            </h3>
            <p>{words::effect(rule.effect)} " · priority " {rule.priority} " · " {words::list(&rule.actions)}</p>
            {(!when.is_empty()).then(|| view! { <p class="muted">"When: " {when}</p> })}
        </li>
    }
}
