//! The palette: a few letters lead to any channel, community or page.

use std::time::Duration;

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use thunderline::{
    domain::{PersonId, person::MemberSummary},
    view::{
        Shell,
        palette::{Destination, find},
    },
};

use super::{
    aside::{Aside, aside},
    channels,
    icon::Icon,
    toast::ToastKind,
};
use crate::{
    api::{community::list_members, conversation::open_conversation},
    dom::{page, storage},
    state::{Client, use_client},
};

/// Where this browser remembers where one was lately.
const LATELY: &str = "thunderline.lately";
/// How many places are remembered.
const REMEMBERED: usize = 20;
/// How many are shown.
const SHOWN: usize = 12;
/// How many people are shown beneath.
const PEOPLE: usize = 5;
/// For how long nothing is typed before people are looked for.
const PAUSE: Duration = Duration::from_millis(150);

fn lately() -> Vec<String> {
    storage::read(LATELY).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Everywhere one can go from here.
fn everywhere(shell: &Shell) -> Vec<Destination> {
    let to = |icon, name: &str, detail: &str, address: String| Destination {
        name: name.to_owned(),
        detail: detail.to_owned(),
        address,
        person: None,
        icon,
    };
    let mut all = Vec::new();
    if let Some(open) = &shell.open {
        let (slug, community) = (&open.community.slug, open.community.name.as_str());
        all.extend(open.channels.iter().map(|channel| {
            to(channels::icon(channel), &channel.name, community, format!("/c/{slug}/{}", channel.slug))
        }));
        all.push(to("users", "Members", community, format!("/c/{slug}/members")));
        all.push(to("search", "Search", community, format!("/c/{slug}/search")));
        if open.may.create_channel {
            all.push(to("plus", "Create a channel", community, format!("/c/{slug}/new-channel")));
        }
    }
    let communities = shell.communities.iter();
    all.extend(communities.map(|one| to("users", &one.name, "Community", format!("/c/{}", one.slug))));
    all.push(to("at", "Inbox", "", "/inbox".to_owned()));
    all.push(to("plus", "Find or create a community", "", "/c".to_owned()));
    all.push(to("settings", "Profile", "Settings", "/settings/profile".to_owned()));
    all.push(to("settings", "Sessions", "Settings", "/settings/sessions".to_owned()));
    all
}

/// Members whose names begin with what is typed, to talk to; those one talks to already stand among the places.
fn people(shell: Signal<Shell>, typed: RwSignal<String>) -> Signal<Vec<Destination>> {
    let found = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let letters = typed.with(|typed| typed.trim().trim_start_matches('@').to_owned());
        found.set(Vec::new());
        let Some(community) = shell.with_untracked(|shell| shell.open.as_ref().map(|open| open.community.clone()))
        else {
            return;
        };
        if letters.is_empty() || community.role.is_none() {
            return;
        }
        let wanted = typed.get_untracked();
        let look = move || {
            if typed.try_get_untracked().is_none_or(|now| now != wanted) {
                return;
            }
            spawn_local(async move {
                let Ok(members) = list_members(community.id, letters, 0).await else { return };
                if typed.try_get_untracked().is_none_or(|now| now != wanted) {
                    return;
                }
                let known = |person: PersonId| {
                    shell.with_untracked(|shell| {
                        let channels = shell.open.iter().flat_map(|open| &open.channels);
                        shell.is_me(person) || channels.flat_map(|channel| &channel.people).any(|one| one.id == person)
                    })
                };
                let others = members.page.members.into_iter().filter(|member| !known(member.person.id));
                let to = |member: MemberSummary| Destination {
                    address: format!("/c/{}/members/{}", community.slug, member.person.id),
                    detail: format!("@{}", member.person.handle),
                    person: Some(member.person.id),
                    name: member.person.name,
                    icon: "user",
                };
                found.set(others.take(PEOPLE).map(to).collect());
            });
        };
        set_timeout(look, PAUSE);
    });
    found.into()
}

/// Opens the conversation with somebody, and goes there: the answer leads on.
fn talk(client: Client, shell: Signal<Shell>, person: PersonId) {
    let Some(community) = shell.with_untracked(|shell| shell.open.as_ref().map(|open| open.community.clone())) else {
        return;
    };
    spawn_local(async move {
        if let Err(fault) = open_conversation(community.id, person, community.slug).await {
            client.toasts().show(ToastKind::Bad, fault.to_string());
        }
    });
}

/// The palette, from when it is first asked for; until then it only remembers where one was.
#[component]
pub fn Palette(
    /// What the client holds.
    shell: Signal<Shell>,
) -> impl IntoView {
    let client = use_client();
    let open = client.palette();
    let path = use_location().pathname;
    Effect::new(move |_| {
        let here = path.get();
        let before = lately();
        let others = before.iter().filter(|address| **address != here).take(REMEMBERED - 1);
        storage::write(LATELY, &std::iter::once(&here).chain(others).cloned().collect::<Vec<_>>().join("\n"));
    });
    let wanted = RwSignal::new(false);
    Effect::new(move |_| {
        if open.get() && !wanted.get_untracked() {
            wanted.set(true);
        }
    });
    move || {
        wanted.get().then(|| {
            aside(Aside::Palette(shell), move || {
                open.try_set(false);
                wanted.try_set(false);
            })
        })
    }
}

/// Closed until somebody asks for it; the browser keeps the focus inside.
#[component]
pub(super) fn Dialog(shell: Signal<Shell>) -> impl IntoView {
    let client = use_client();
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let seen = RwSignal::new(Vec::<String>::new());
    let path = use_location().pathname;
    let people = people(shell, typed);
    let found = Memo::new(move |_| {
        let here = path.get();
        let mut all = shell.with(everywhere);
        all.retain(|one| one.address != here);
        let mut found = typed
            .with(|typed| seen.with(|seen| find(&all, typed, seen, SHOWN).into_iter().cloned().collect::<Vec<_>>()));
        found.extend(people.get());
        found
    });
    let open = client.palette();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if !open.get() {
            if dialog.open() {
                dialog.close();
            }
            return;
        }
        seen.set(lately());
        typed.set(String::new());
        chosen.set(0);
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
        if !dialog.open() {
            let _ = dialog.show_modal();
        }
    });
    let navigate = use_navigate();
    let go = Callback::new(move |one: Destination| {
        open.set(false);
        if let Some(person) = one.person {
            talk(client, shell, person);
        } else if one.address.starts_with("/settings") {
            // Out of the shell: a page of its own.
            page::go(&one.address);
        } else {
            navigate(&one.address, NavigateOptions::default());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(one) = found.with_untracked(|found| found.get(chosen.get_untracked()).cloned()) {
            go.run(one);
        }
    };
    let press = move |event: KeyboardEvent| {
        let many = found.with_untracked(Vec::len);
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => many.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        if many > 0 {
            chosen.update(|chosen| *chosen = (*chosen + step) % many);
        }
    };
    view! {
        <dialog class="palette" node_ref=dialog aria-label="Go to" on:close=move |_| open.set(false)>
            <form method="dialog" on:submit=submit>
                <input
                    node_ref=field
                    type="text"
                    role="combobox"
                    aria-label="Go to a channel, a person, a community or a page"
                    aria-expanded="true"
                    aria-controls="palette-found"
                    aria-activedescendant=move || format!("palette-{}", chosen.get())
                    placeholder="Go to…"
                    autocomplete="off"
                    autofocus
                    on:keydown=press
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        chosen.set(0);
                    }
                />
            </form>
            <Found found=found chosen=chosen go=go/>
        </dialog>
    }
}

/// What was found, one of it chosen.
#[component]
fn Found(found: Memo<Vec<Destination>>, chosen: RwSignal<usize>, go: Callback<Destination>) -> impl IntoView {
    let row = move |(at, one): (usize, Destination)| {
        let Destination { name, detail, icon, .. } = one.clone();
        view! {
            <li
                id=format!("palette-{at}")
                role="option"
                aria-selected=move || if chosen.get() == at { "true" } else { "false" }
                on:click=move |_| go.run(one.clone())
            >
                <Icon name=icon/>
                <span class="palette-name">{name}</span>
                <span class="palette-detail">{detail}</span>
            </li>
        }
    };
    view! {
        <ul id="palette-found" role="listbox" aria-label="Places">
            {move || found.get().into_iter().enumerate().map(row).collect_view()}
        </ul>
        {move || found.with(Vec::is_empty).then(|| view! { <p class="hint" role="status">"Nothing here has such a name."</p> })}
    }
}
