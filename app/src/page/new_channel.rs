//! `/c/<community>/new-channel`.

use leptos::prelude::*;

use super::chat::use_shown;
use crate::{
    api::channel::CreateChannel,
    part::{
        failure::Nothing,
        field::Field,
        form::{ErrorSummary, Form, Named, Submit},
        head::PageHead,
        icon::Icon,
        title::PageTitle,
    },
};

const FIELDS: &[Named] = &[("name", "Name", "channel-name"), ("topic", "Topic", "channel-topic")];

/// The form that makes a channel.
#[component]
pub fn NewChannelPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.clone()));
    view! {
        <PageTitle text="Create a channel"/>
        {move || match community.get() {
            Some(open) if open.may.create_channel => {
                let path = format!("/c/{}", open.community.slug);
                view! {
                    <main class="conversation" id="main" tabindex="-1">
                        <PageHead back=path.clone() back_to=format!("Back to {}", open.community.name) always=true>
                            "Create a channel"
                        </PageHead>
                        <div class="sheet">
                            <CreateForm
                                id=open.community.id.to_string()
                                slug=open.community.slug
                                name=open.community.name
                                path=path
                            />
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
fn CreateForm(id: String, slug: String, name: String, path: String) -> impl IntoView {
    let shown = use_shown();
    let create = ServerAction::<CreateChannel>::new();
    let form = shown.with_untracked(|opened| Form::new(create, opened.flash.as_ref()));
    let private = form.typed("private", String::new()) == "true";
    view! {
        <ActionForm action=create attr:class="form">
            <ErrorSummary form=form heading="The channel was not created" fields=FIELDS/>
            <input type="hidden" name="id" value=move || shown.with(|opened| opened.fresh.to_string())/>
            <input type="hidden" name="community" value=id/>
            <input type="hidden" name="address" value=slug/>
            <Field
                form=form
                id="channel-name"
                name="name"
                label="Name"
                hint="What it is about, in a word or two. Its address is made from it."
                maxlength=100
            />
            <Field form=form id="channel-topic" name="topic" label="Topic" optional=true maxlength=500/>
            <fieldset class="field choices">
                <legend>"Who can read it"</legend>
                <label class="choice">
                    <input type="radio" name="private" value="false" checked=!private/>
                    <Icon name="hash"/>
                    <span class="choice-text">
                        <strong>"Everyone in " {name}</strong>
                        <span class="hint">"Anyone can find it and join."</span>
                    </span>
                </label>
                <label class="choice">
                    <input type="radio" name="private" value="true" checked=private/>
                    <Icon name="lock"/>
                    <span class="choice-text">
                        <strong>"Only people who are added"</strong>
                        <span class="hint">"Nobody else can see that it exists."</span>
                    </span>
                </label>
            </fieldset>
            <p class="actions">
                <Submit form=form kind="primary">"Create channel"</Submit>
                <a class="button" data-kind="quiet" href=path>
                    "Cancel"
                </a>
            </p>
        </ActionForm>
    }
}
