//! The form of a role: what it is called, its colour and what it allows.

use leptos::prelude::*;
use thunderline::domain::{
    CommunitySummary,
    custom_role::{CustomRole, Permission, ROLE_NAME_CHARS, RoleColour},
};
use wasm_bindgen::JsCast;

use crate::{
    api::custom_role::{CreateCustomRole, EditCustomRole},
    page::chat::{use_refresh, use_shown},
    part::{
        field::Field,
        form::{ErrorSummary, Form, Named, Submit},
    },
};

const FIELDS: &[Named] = &[("name", "Name", "role-name")];
const FORM: &str = "role-form";

/// What a permission allows, in words.
const fn words(permission: Permission) -> &'static str {
    match permission {
        Permission::ManageChannels => "make channels, and manage those they take part in",
        Permission::InvitePeople => "invite people by links",
        Permission::ModerateMessages => "delete messages, and see how they were changed",
        Permission::PinMessages => "pin messages, announcements as well",
        Permission::PostAnnouncements => "post announcements",
        Permission::TimeOutMembers => "time out members below them",
        Permission::RemoveMembers => "remove members below them",
        Permission::ManageWebhooks => "manage webhooks",
        Permission::ManageRoles => "manage roles below their own",
    }
}

/// Several of them: "invite people by links, manage webhooks".
pub(super) fn list(permissions: &[Permission]) -> String {
    permissions.iter().map(|permission| words(*permission)).collect::<Vec<_>>().join(", ")
}

const fn colour(colour: RoleColour) -> &'static str {
    match colour {
        RoleColour::Grey => "Grey",
        RoleColour::Red => "Red",
        RoleColour::Orange => "Orange",
        RoleColour::Green => "Green",
        RoleColour::Teal => "Teal",
        RoleColour::Blue => "Blue",
        RoleColour::Violet => "Violet",
        RoleColour::Pink => "Pink",
    }
}

/// Makes a role.
#[component]
pub(super) fn Making(
    /// Where.
    community: CommunitySummary,
    /// What makes it.
    make: ServerAction<CreateCustomRole>,
    /// What may be given.
    permissions: Memo<Vec<Permission>>,
) -> impl IntoView {
    let shown = use_shown();
    // The next one needs an id of its own.
    use_refresh().after(*make);
    Effect::new(move |_| {
        if make.value().with(|value| matches!(value, Some(Ok(())))) {
            clear();
        }
    });
    let form = shown.with_untracked(|opened| Form::new(make, opened.flash.as_ref()));
    view! {
        <ActionForm action=make attr:class="form" attr:id=FORM>
            <ErrorSummary form=form heading="The role was not made" fields=FIELDS/>
            <input type="hidden" name="id" value=move || shown.with(|opened| opened.fresh.to_string())/>
            <input type="hidden" name="community" value=community.id.to_string()/>
            <Fields form=form known=None permissions=permissions/>
            <p class="actions">
                <Submit form=form kind="primary">"Make role"</Submit>
            </p>
        </ActionForm>
    }
}

/// Changes a role.
#[component]
pub(super) fn Changing(
    /// Where.
    community: CommunitySummary,
    /// The address of the list.
    path: String,
    /// Which.
    role: CustomRole,
    /// What may be given.
    permissions: Memo<Vec<Permission>>,
) -> impl IntoView {
    let edit = ServerAction::<EditCustomRole>::new();
    let form = use_shown().with_untracked(|opened| Form::new(edit, opened.flash.as_ref()));
    view! {
        <ActionForm action=edit attr:class="form" attr:id=FORM>
            <ErrorSummary form=form heading="The role was not saved" fields=FIELDS/>
            <input type="hidden" name="community" value=community.id.to_string()/>
            <input type="hidden" name="address" value=community.slug/>
            <input type="hidden" name="custom_role" value=role.id.to_string()/>
            <Fields form=form known=Some(role) permissions=permissions/>
            <p class="actions">
                <Submit form=form kind="primary">"Save role"</Submit>
                <a class="button" data-kind="quiet" href=path>"Cancel"</a>
            </p>
        </ActionForm>
    }
}

#[component]
fn Fields(form: Form, known: Option<CustomRole>, permissions: Memo<Vec<Permission>>) -> impl IntoView {
    let (name, now, has) = known.map_or_else(
        || (String::new(), RoleColour::Grey, Vec::new()),
        |role| (role.name, role.colour, role.permissions),
    );
    let now = form.typed("colour", now.to_string());
    let colours = RoleColour::ALL.iter().map(|choice| {
        view! {
            <label class="role-colour">
                <input type="radio" name="colour" value=choice.as_str() checked=choice.as_str() == now/>
                <span class="role-badge" data-colour=choice.as_str()>{colour(*choice)}</span>
            </label>
        }
    });
    let colours = colours.collect_view();
    let typed = form.has_typed();
    let boxes = move || {
        let permissions = permissions.get();
        // What a role has and one may not give stays, and can be taken.
        let offered = Permission::ALL.iter().copied().filter(|one| permissions.contains(one) || has.contains(one));
        offered
            .enumerate()
            .map(|(place, permission)| {
                let name = format!("permissions[{place}]");
                let checked = if typed {
                    form.typed(&name, String::new()) == permission.as_str()
                } else {
                    has.contains(&permission)
                };
                view! {
                    <label class="choice">
                        <input type="checkbox" name=name value=permission.as_str() checked=checked/>
                        <span class="choice-text">{words(permission)}</span>
                    </label>
                }
            })
            .collect_view()
    };
    view! {
        <Field
            form=form
            id="role-name"
            name="name"
            label="Name"
            value=name
            maxlength=u32::try_from(ROLE_NAME_CHARS).unwrap_or_default()
        />
        <fieldset class="field role-colours">
            <legend>"Colour"</legend>
            {colours}
        </fieldset>
        <fieldset class="field choices">
            <legend>"Whoever has it may"</legend>
            {boxes}
        </fieldset>
    }
}

/// Empties the form, also of what was typed into it.
fn clear() {
    let form = document().get_element_by_id(FORM).and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    if let Some(form) = form {
        form.reset();
    }
}
