//! Who takes part in a channel: adding people, and removing them.

use leptos::{html, prelude::*};
use thunderline::domain::{ChannelId, person::MemberSummary};

use crate::{
    api::{
        channel::{AddToChannel, RemoveFromChannel, list_participants},
        load::load,
    },
    dom,
    page::chat::{use_refresh, use_shown},
    part::{
        field::{Field, Kind},
        form::{ErrorSummary, Form, Named, Refusal, Submit},
        icon::Icon,
        notice::{Notice, done},
        people::PersonRow,
    },
};

#[component]
pub(super) fn AddForm(channel: ChannelId) -> impl IntoView {
    const FIELDS: &[Named] = &[("handle", "Handle", "handle")];
    let add = ServerAction::<AddToChannel>::new();
    use_refresh().after(*add);
    let form = use_shown().with_untracked(|opened| Form::new(add, opened.flash.as_ref()));
    let element = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if add.value().with(|value| matches!(value, Some(Ok(()))))
            && let Some(element) = element.get_untracked()
        {
            element.reset();
        }
    });
    view! {
        <ActionForm action=add node_ref=element attr:class="form">
            <ErrorSummary form=form heading="Nobody was added" fields=FIELDS/>
            <Notice shown=done("added", *add) text="Added."/>
            <input type="hidden" name="channel" value=channel.to_string()/>
            <div class="inline-form">
                <Field form=form id="handle" name="handle" label="Add somebody by handle" kind=Kind::Plain placeholder="@name"/>
                <Submit form=form kind="primary">"Add"</Submit>
            </div>
        </ActionForm>
    }
}

#[component]
pub(super) fn Participants(channel: ChannelId) -> impl IntoView {
    let shown = use_shown();
    // One for the whole list: a row goes away with what was done about it.
    let remove = ServerAction::<RemoveFromChannel>::new();
    use_refresh().after(*remove);
    Effect::new(move |_| {
        if remove.value().with(|value| matches!(value, Some(Ok(())))) {
            dom::page::focus("people");
        }
    });
    let form = shown.with_untracked(|opened| Form::new(remove, opened.flash.as_ref()));
    // Read again whenever the page is: somebody may have been added.
    let page = load(move || shown.with(|opened| opened.fresh), move |_| list_participants(channel, 0));
    view! {
        <Notice shown=done("removed", *remove) text="Removed from the channel."/>
        <Refusal form=form/>
        <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
            {move || page.get().map(|page| match page {
                Err(fault) => view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }.into_any(),
                Ok(page) => {
                    let removable = page.manageable;
                    let rows = page
                        .members
                        .into_iter()
                        .map(|member| {
                            let may = removable.contains(&member.person.id);
                            view! { <Row channel=channel member=member remove=may.then_some((remove, form))/> }
                        })
                        .collect_view();
                    view! {
                        <ul class="people" data-boxed="">{rows}</ul>
                        {page.more.then(|| view! { <p class="muted">"The first hundred are shown."</p> })}
                    }
                        .into_any()
                }
            })}
        </Transition>
    }
}

/// Somebody who takes part, with the way to end that.
#[component]
fn Row(
    channel: ChannelId,
    member: MemberSummary,
    remove: Option<(ServerAction<RemoveFromChannel>, Form)>,
) -> impl IntoView {
    let Some((remove, form)) = remove else { return view! { <PersonRow member=member/> }.into_any() };
    let (person, name) = (member.person.id, member.person.name.clone());
    view! {
        <PersonRow member=member>
            <ActionForm action=remove>
                <input type="hidden" name="channel" value=channel.to_string()/>
                <input type="hidden" name="person" value=person.to_string()/>
                <Submit form=form kind="quiet" size="s">"Remove" <span class="vh">{format!(" {name} from the channel")}</span></Submit>
            </ActionForm>
        </PersonRow>
    }
    .into_any()
}
