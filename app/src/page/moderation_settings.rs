//! `/c/<community>/settings/moderation`: what messages are judged by before anybody reads them.

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId,
    moderation::{Consequence, LIST_WORDS, LinksFrom, ModerationSettings, WORD_CHARS},
};

use super::chat::use_shown;
use crate::{
    api::{
        Fault,
        held::{SetModeration, read_moderation},
        load::load,
    },
    part::{
        failure::Nothing,
        field::{Field, FieldError, Kind},
        form::{ErrorSummary, Form, Named, Submit},
        head::PageHead,
        icon::Icon,
        notice::{Notice, done},
        title::PageTitle,
    },
};

/// What messages are judged by. For whoever may not change it, it is not there.
#[component]
pub fn ModerationSettingsPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| {
        shown.with(|opened| {
            let open = opened.community.as_ref()?;
            Some((
                open.community.id,
                open.community.slug.clone(),
                open.community.name.clone(),
                open.may.manage_moderation,
            ))
        })
    });
    let title = move || {
        community
            .with(|c| c.as_ref().map(|(_, _, name, _)| format!("Moderation settings · {name}")).unwrap_or_default())
    };
    view! {
        <PageTitle text=Signal::derive(title)/>
        {move || match community.get() {
            Some((id, slug, name, true)) => {
                view! {
                    <main class="conversation" id="main" tabindex="-1">
                        <PageHead
                            back=format!("/c/{slug}/members")
                            back_to=format!("Back to the members of {name}")
                            always=true
                        >
                            "Moderation settings of "
                            <bdi>{name}</bdi>
                        </PageHead>
                        <div class="sheet">
                            <Settings community=id/>
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
fn Settings(community: CommunityId) -> impl IntoView {
    let settings = load(|| (), move |()| read_moderation(community));
    view! {
        <Transition fallback=|| view! { <p class="muted">"Reading the settings…"</p> }>
            {move || settings.get().map(|settings| shown(community, settings))}
        </Transition>
    }
}

fn shown(community: CommunityId, settings: Result<ModerationSettings, Fault>) -> AnyView {
    match settings {
        Ok(settings) => view! { <SettingsForm community=community settings=settings/> }.into_any(),
        Err(fault) => {
            view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }.into_any()
        }
    }
}

const fn consequence(of: Consequence) -> &'static str {
    match of {
        Consequence::Flag => "Post it, and flag it for moderators",
        Consequence::Hold => "Hold it until a moderator approves",
        Consequence::Refuse => "Refuse it",
    }
}

const fn from(of: LinksFrom) -> &'static str {
    match of {
        LinksFrom::All => "Everybody",
        LinksFrom::Settled => "Members of some days",
        LinksFrom::Nobody => "Moderators only",
    }
}

#[component]
fn SettingsForm(community: CommunityId, settings: ModerationSettings) -> impl IntoView {
    const FIELDS: &[Named] = &[
        ("refused", "Refused words", "refused"),
        ("held", "Held words", "held"),
        ("flagged", "Flagged words", "flagged"),
        ("link_days", "Days as a member", "link-days"),
        ("hosts", "Allowed hosts", "hosts"),
    ];
    let set = ServerAction::<SetModeration>::new();
    let form = use_shown().with_untracked(|opened| Form::new(set, opened.flash.as_ref()));
    let chosen_from = form.typed("links_from", settings.links.from.to_string());
    let who = LinksFrom::ALL
        .iter()
        .map(|one| view! { <option value=one.as_str() selected=chosen_from == one.as_str()>{from(*one)}</option> })
        .collect_view();
    let chosen = form.typed("links", settings.links.consequence.to_string());
    let what = Consequence::ALL
        .iter()
        .map(|one| view! { <option value=one.as_str() selected=chosen == one.as_str()>{consequence(*one)}</option> })
        .collect_view();
    view! {
        <p class="muted">"Messages of moderators and above are not judged."</p>
        <ActionForm action=set attr:class="form">
            <ErrorSummary form=form heading="The settings were not saved" fields=FIELDS/>
            <Notice shown=done("moderation", *set) text="Saved. New messages and edits are judged by this."/>
            <input type="hidden" name="community" value=community.to_string()/>
            <h2>"Words"</h2>
            <p class="hint">
                {format!(
                    "One a line, at most {LIST_WORDS} of {WORD_CHARS} characters. A * before or behind a word stands for the rest of a longer one. Capitals, accents and look-alikes such as 0 for o make no difference.",
                )}
            </p>
            <Lines form=form id="refused" label="Refused words" hint="A message with one of them is not posted." value=settings.refused/>
            <Lines form=form id="held" label="Held words" hint="A message with one of them waits until a moderator approves it." value=settings.held/>
            <Lines form=form id="flagged" label="Flagged words" hint="A message with one of them is posted, and moderators look at it." value=settings.flagged/>
            <h2>"Links"</h2>
            <div class="field">
                <label for="links-from">"Who may post links"</label>
                <select id="links-from" name="links_from">{who}</select>
            </div>
            <Field
                form=form
                id="link-days"
                name="link_days"
                label="Days as a member"
                hint="After how many days members may post links, where that is asked."
                kind=Kind::Plain
                optional=true
                value=settings.links.days.to_string()
            />
            <div class="field">
                <label for="links">"What becomes of a message with a link of anybody else"</label>
                <select id="links" name="links">{what}</select>
            </div>
            <Lines form=form id="hosts" label="Allowed hosts" hint="One a line. Everybody may link to them, and to what is below them." value=settings.links.hosts/>
            <p class="actions">
                <Submit form=form kind="primary">"Save"</Submit>
            </p>
        </ActionForm>
    }
}

/// A list, one entry a line.
#[component]
fn Lines(form: Form, id: &'static str, label: &'static str, hint: &'static str, value: Vec<String>) -> impl IntoView {
    let wrong = form.wrong(id);
    view! {
        <div class="field">
            <label for=id>{label} " " <span class="optional">"optional"</span></label>
            <p class="hint" id=format!("{id}-hint")>{hint}</p>
            <textarea
                id=id
                name=id
                rows="5"
                dir="auto"
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=move || {
                    if wrong.with(Option::is_some) { format!("{id}-hint {id}-error") } else { format!("{id}-hint") }
                }
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
            >
                {form.typed(id, value.join("\n"))}
            </textarea>
            <FieldError id=id wrong=wrong/>
        </div>
    }
}
