//! `/c/<community>/settings/rules/new` and `…/rules/<rule>`: a rule is written, and tried before it is kept.

use leptos::{either::Either, prelude::*};
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use thunderline::domain::{
    CommunityId, Role, RuleId,
    query::CommunityView,
    rule::{CONDITION_CHARS, Effect, ONLY_DENIED, OwnRule, PRIORITY, RULED, RuleScope},
};
use wasm_bindgen::JsCast;

use super::{path_of, trial::Tried, use_community, words};
use crate::{
    api::{
        load::load,
        rule::{AddRule, EditRule, Typed, list_rules},
    },
    page::chat::use_shown,
    part::{
        failure::Nothing,
        field::{Field, FieldError, Kind},
        form::{ErrorSummary, Form, Named, Submit},
        head::PageHead,
        title::PageTitle,
    },
};

const FIELDS: &[Named] = &[
    ("name", "Name", "rule-name"),
    ("scope", "For whom or where", "rule-scope"),
    ("actions", "What", "rule-action-0"),
    ("condition", "Condition", "rule-condition"),
    ("priority", "Priority", "rule-priority"),
];
/// The roles a rule can be for.
const ROLES: [Role; 5] = [Role::Guest, Role::Bot, Role::Member, Role::Moderator, Role::Admin];
const FORM: &str = "rule-form";

/// A rule.
#[component]
pub fn RulePage() -> impl IntoView {
    let community = use_community();
    let params = use_params_map();
    let rule =
        Memo::new(move |_| params.with(|params| params.get_str("rule").and_then(|id| id.parse::<RuleId>().ok())));
    let known = load(
        move || (community.with(|open| open.as_ref().map(|open| open.community.id)), rule.get()),
        |(community, rule)| async move {
            let (Some(community), Some(rule)) = (community, rule) else { return None };
            list_rules(community).await.ok()?.own.into_iter().find(|own| own.id == rule)
        },
    );
    view! {
        <PageTitle text=Signal::derive(move || if rule.get().is_some() { "Edit a rule" } else { "Add a rule" }.to_owned())/>
        <Transition>
            {move || {
                let known = known.get()?;
                let open = community.get()?;
                // An address that names no rule, or one that is gone.
                let named = params.with(|params| params.get_str("rule").is_some_and(|rule| rule != "new"));
                Some(if open.may.manage_rules && named == known.is_some() {
                    Either::Left(view! { <Editing open=open known=known/> })
                } else {
                    Either::Right(view! { <Nothing/> })
                })
            }}
        </Transition>
    }
}

#[component]
fn Editing(open: CommunityView, known: Option<OwnRule>) -> impl IntoView {
    let (path, new) = (path_of(&open), known.is_none());
    let community = open.community.id;
    let rule = known.as_ref().map(|known| known.id);
    let query = use_query_map();
    let typed = query.with_untracked(|query| typed(query, community)).or_else(|| known.map(as_typed));
    let first = typed.clone().unwrap_or_else(|| empty(community));
    let tried = query.with_untracked(|query| query.get_str("try").is_some());
    view! {
        <main class="conversation" id="main" tabindex="-1">
            <PageHead back=path.clone() back_to=format!("Back to the rules of {}", open.community.name) always=true>
                {if new { "Add a rule" } else { "Edit a rule" }}
            </PageHead>
            <div class="sheet">
                {tried.then(|| view! { <Tried community=community rule=rule typed=first.clone()/> })}
                {match rule {
                    None => Either::Left(view! { <Adding open=open first=first path=path/> }),
                    Some(rule) => Either::Right(view! { <Changing open=open rule=rule first=first path=path/> }),
                }}
            </div>
        </main>
    }
}

#[component]
fn Adding(open: CommunityView, first: Typed, path: String) -> impl IntoView {
    let shown = use_shown();
    let add = ServerAction::<AddRule>::new();
    let form = shown.with_untracked(|opened| Form::new(add, opened.flash.as_ref()));
    view! {
        <ActionForm action=add attr:class="form" attr:id=FORM>
            <ErrorSummary form=form heading="The rule was not added" fields=FIELDS/>
            <input type="hidden" name="id" value=move || shown.with(|opened| opened.fresh.to_string())/>
            <Fields form=form open=open first=first/>
            <p class="actions">
                <Submit form=form kind="primary">"Add rule"</Submit>
                <Try action=format!("{path}/new")/>
                <a class="button" data-kind="quiet" href=path>"Cancel"</a>
            </p>
        </ActionForm>
    }
}

#[component]
fn Changing(open: CommunityView, rule: RuleId, first: Typed, path: String) -> impl IntoView {
    let edit = ServerAction::<EditRule>::new();
    let form = use_shown().with_untracked(|opened| Form::new(edit, opened.flash.as_ref()));
    view! {
        <ActionForm action=edit attr:class="form" attr:id=FORM>
            <ErrorSummary form=form heading="The rule was not saved" fields=FIELDS/>
            <input type="hidden" name="rule" value=rule.to_string()/>
            <Fields form=form open=open first=first/>
            <p class="actions">
                <Submit form=form kind="primary">"Save rule"</Submit>
                <Try action=format!("{path}/{rule}")/>
                <a class="button" data-kind="quiet" href=path>"Cancel"</a>
            </p>
        </ActionForm>
    }
}

/// Shows what the rule would have changed: the same form, asked for as a page.
#[component]
fn Try(action: String) -> impl IntoView {
    let to = action.clone();
    let ask = move |event: leptos::ev::MouseEvent| {
        let form = document().get_element_by_id(FORM).and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
        if let Some(form) = form {
            event.prevent_default();
            // Sent by itself, it is no submission that would save the rule.
            form.set_method("get");
            form.set_action(&to);
            let _ = form.submit();
        }
    };
    view! {
        <button class="button" type="submit" formmethod="get" formaction=action formnovalidate=true on:click=ask>
            "Try it on the last 30 days"
        </button>
    }
}

#[component]
fn Fields(form: Form, open: CommunityView, first: Typed) -> impl IntoView {
    let effect = form.typed("effect", first.effect.to_string());
    let deny = effect == Effect::Deny.as_str();
    let active = if form.has_typed() { form.typed("active", String::new()) == "true" } else { first.active };
    let (scope_wrong, actions_wrong) = (form.wrong("scope"), form.wrong("actions"));
    let condition_wrong = form.wrong("condition");
    let options = scopes(&open, &form.typed("scope", first.scope));
    let typed = form.has_typed();
    let actions = RULED
        .iter()
        .enumerate()
        .map(|(place, action)| {
            let name = format!("actions[{place}]");
            let checked =
                if typed { form.typed(&name, String::new()) == action.as_str() } else { first.actions.contains(action) };
            let only = ONLY_DENIED.contains(action);
            view! {
                <label class="choice">
                    <input type="checkbox" id=format!("rule-action-{place}") name=name value=action.as_str() checked=checked/>
                    <span class="choice-text">{words::doing(*action)} {only.then_some(" (can only be denied)")}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <input type="hidden" name="community" value=open.community.id.to_string()/>
        <input type="hidden" name="address" value=open.community.slug.clone()/>
        <input type="hidden" name="try" value="1"/>
        <Field
            form=form
            id="rule-name"
            name="name"
            label="Name"
            hint="A sentence that whoever is refused can read, such as: guests do not pin messages"
            value=first.name
            maxlength=100
        />
        <fieldset class="field choices">
            <legend>"Allow or deny"</legend>
            <label class="choice">
                <input type="radio" name="effect" value="deny" checked=deny/>
                <span class="choice-text">"Deny"</span>
            </label>
            <label class="choice">
                <input type="radio" name="effect" value="allow" checked=!deny/>
                <span class="choice-text">"Allow"</span>
            </label>
        </fieldset>
        <fieldset class="field choices rule-actions">
            <legend>"What"</legend>
            {actions}
            <FieldError id="rule-actions" wrong=actions_wrong/>
        </fieldset>
        <div class="field">
            <label for="rule-scope">"For whom or where"</label>
            <select id="rule-scope" name="scope">{options}</select>
            <FieldError id="rule-scope" wrong=scope_wrong/>
        </div>
        <div class="field">
            <label for="rule-condition">"Condition" " " <span class="optional">"optional"</span></label>
            <p class="hint" id="rule-condition-hint">
                "The rule applies only when this is true, written in CEL: actor.role == 'guest' && now.hour < 8. Times are UTC."
            </p>
            <textarea
                id="rule-condition"
                name="condition"
                rows="2"
                maxlength=CONDITION_CHARS.to_string()
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=move || {
                    if condition_wrong.with(Option::is_some) { "rule-condition-hint rule-condition-error" } else { "rule-condition-hint" }
                }
                aria-invalid=move || condition_wrong.with(Option::is_some).then_some("true")
            >
                {form.typed("condition", first.condition)}
            </textarea>
            <FieldError id="rule-condition" wrong=condition_wrong/>
            <details>
                <summary>"What a condition can ask"</summary>
                <ul>
                    <li><code>"actor"</code> ": id, handle, kind, role, server_owner, surface"</li>
                    <li><code>"channel"</code> ": id, kind, visibility, status, participant"</li>
                    <li><code>"community"</code> ": id, public"</li>
                    <li><code>"message"</code> ": own"</li>
                    <li><code>"now"</code> ": year, month, day, weekday (1 is Monday), hour, minute"</li>
                </ul>
            </details>
        </div>
        <Field
            form=form
            id="rule-priority"
            name="priority"
            label="Priority"
            hint="1 to 1000; the lower number is asked first. What is built in and no safety has 100 or 200."
            kind=Kind::Plain
            value=first.priority
            maxlength=4
        />
        <label class="choice">
            <input type="checkbox" name="active" value="true" checked=active/>
            <span class="choice-text">"Switched on"</span>
        </label>
    }
}

fn scopes(open: &CommunityView, chosen: &str) -> impl IntoView + use<> {
    let id = open.community.id;
    let roles = ROLES.map(|role| RuleScope::Role(id, role));
    let channels = open.channels.iter().filter(|channel| !channel.kind.is_conversation());
    let channels = channels.map(|channel| RuleScope::Channel(channel.id));
    let all = [RuleScope::Community(id)].into_iter().chain(roles).chain(channels);
    all.map(|scope| {
        let value = scope.to_string();
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words::scope(scope, &open.channels)}</option> }
    })
    .collect_view()
}

fn empty(community: CommunityId) -> Typed {
    Typed {
        name: String::new(),
        effect: Effect::Deny,
        scope: RuleScope::Community(community).to_string(),
        actions: Vec::new(),
        condition: String::new(),
        priority: PRIORITY.to_string(),
        active: true,
    }
}

fn as_typed(known: OwnRule) -> Typed {
    let draft = known.draft;
    Typed {
        name: draft.name,
        effect: draft.effect,
        scope: draft.scope.to_string(),
        actions: draft.actions,
        condition: draft.condition,
        priority: draft.priority.to_string(),
        active: draft.active,
    }
}

/// What stands in the address, when a rule is tried.
fn typed(query: &ParamsMap, community: CommunityId) -> Option<Typed> {
    query.get_str("try")?;
    let text = |name: &str| query.get_str(name).unwrap_or_default().to_owned();
    let chosen = (0..RULED.len()).filter_map(|place| query.get_str(&format!("actions[{place}]"))?.parse().ok());
    Some(Typed {
        name: text("name"),
        effect: text("effect").parse().unwrap_or(Effect::Deny),
        scope: query.get("scope").unwrap_or_else(|| RuleScope::Community(community).to_string()),
        actions: chosen.collect(),
        condition: text("condition"),
        priority: text("priority"),
        active: query.get_str("active") == Some("true"),
    })
}
