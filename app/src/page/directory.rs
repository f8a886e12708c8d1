//! `/c`: the communities I am in, those I could join, and a form to make one.

use leptos::prelude::*;
use thunderline::domain::CommunitySummary;

use super::chat::use_shown;
use crate::{
    api::{
        Flash,
        community::{CreateCommunity, JoinCommunity},
    },
    part::{
        avatar::CommunityMark,
        field::{Field, Kind},
        form::{ErrorSummary, Form, Named, Refusal, Submit},
        head::PageHead,
        icon::Mark,
        title::PageTitle,
    },
};

/// The communities.
#[component]
pub fn DirectoryPage() -> impl IntoView {
    let shown = use_shown();
    let directory = Memo::new(move |_| shown.with(|opened| opened.directory.clone()));
    let is_first = move || directory.with(|d| d.mine.is_empty() && d.others.is_empty());
    view! {
        <PageTitle text="Communities"/>
        <main class="conversation" id="main" tabindex="-1">
            <PageHead back="/" back_to="Back">"Communities"</PageHead>
            <div class="sheet">
                {move || {
                    is_first()
                        .then(|| {
                            view! {
                                <div class="empty">
                                    <Mark/>
                                    <h2>"No communities yet"</h2>
                                    <p>"A community is a set of channels and the people who talk in them. Start the first one here."</p>
                                </div>
                            }
                        })
                }}
                {move || list("Yours", directory.with(|d| d.mine.clone()))}
                {move || list("Open to you", directory.with(|d| d.others.clone()))}
                <section class="section" id="create">
                    <h2>"Create a community"</h2>
                    <CreateForm/>
                </section>
            </div>
        </main>
    }
}

fn list(title: &'static str, communities: Vec<CommunitySummary>) -> Option<impl IntoView> {
    (!communities.is_empty()).then(|| {
        view! {
            <h2 class="list-title">{title}</h2>
            <ul class="cards">{communities.into_iter().map(|community| view! { <Card community=community/> }).collect_view()}</ul>
        }
    })
}

/// "1 person", "24 people".
pub fn people(count: i64) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

#[component]
fn Card(community: CommunitySummary) -> impl IntoView {
    let about = match community.description.as_str() {
        "" => people(community.members),
        description => format!("{description} · {}", people(community.members)),
    };
    let name = community.name.clone();
    let path = format!("/c/{}", community.slug);
    let joined = community.role.is_some();
    view! {
        <li class="card-row">
            <CommunityMark id=community.id name=name.clone()/>
            <p class="card-text">
                <a class="card-title" href=path>{name.clone()}</a>
                <span class="muted">{about}</span>
            </p>
            {if joined {
                view! { <span class="muted">"Joined"</span> }.into_any()
            } else {
                view! { <JoinForm community=community/> }.into_any()
            }}
        </li>
    }
}

/// A button to become a member.
#[component]
pub fn JoinForm(
    /// Of what.
    community: CommunitySummary,
) -> impl IntoView {
    let shown = use_shown();
    let join = ServerAction::<JoinCommunity>::new();
    let id = community.id.to_string();
    let form = shown.with_untracked(|opened| Form::new(join, Flash::about(opened.flash.as_ref(), "community", &id)));
    view! {
        <ActionForm action=join>
            <input type="hidden" name="community" value=id/>
            <Submit form=form size="s">"Join" <span class="vh">" " {community.name}</span></Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}

const FIELDS: &[Named] = &[
    ("name", "Name", "community-name-field"),
    ("slug", "Address", "slug"),
    ("description", "Description", "description"),
];

#[component]
fn CreateForm() -> impl IntoView {
    let shown = use_shown();
    let create = ServerAction::<CreateCommunity>::new();
    let form = shown.with_untracked(|opened| Form::new(create, opened.flash.as_ref()));
    let public = !form.has_typed() || form.typed("public", String::new()) == "true";
    view! {
        <ActionForm action=create attr:class="form">
            <ErrorSummary form=form heading="The community was not created" fields=FIELDS/>
            <input type="hidden" name="id" value=move || shown.with(|opened| opened.fresh.to_string())/>
            <Field form=form id="community-name-field" name="name" label="Name" maxlength=100/>
            <Field
                form=form
                id="slug"
                name="slug"
                label="Address"
                hint="Part of every link, made from the name when left empty. Cannot be changed later."
                kind=Kind::Plain
                optional=true
                maxlength=50
                affix="/c/"
            />
            <Field form=form id="description" name="description" label="Description" optional=true maxlength=500/>
            <fieldset class="field choices">
                <legend>"Who can join"</legend>
                <label class="choice">
                    <input type="radio" name="public" value="true" checked=public/>
                    <span class="choice-text">
                        <strong>"Anyone with an account here"</strong>
                        <span class="hint">"They find it on this page and can read its open channels."</span>
                    </span>
                </label>
                <label class="choice">
                    <input type="radio" name="public" value="false" checked=!public/>
                    <span class="choice-text">
                        <strong>"Nobody by themselves"</strong>
                        <span class="hint">"It is on no list, and cannot be seen from outside."</span>
                    </span>
                </label>
            </fieldset>
            <p class="actions">
                <Submit form=form kind="primary">"Create community"</Submit>
            </p>
        </ActionForm>
    }
}
