//! A labelled input with its hint and what is wrong with it.

use leptos::prelude::*;

use super::{form::Form, icon::Icon};

/// What is typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// A line that is not a word of a language: no corrections, no capitals.
    Plain,
    /// A secret.
    Password,
}

/// A field of a form. Its hint and error are tied to the input for assistive technology.
#[component]
pub fn Field(
    /// The form it belongs to.
    form: Form,
    /// The input's id, unique on the page.
    id: &'static str,
    /// The field's name in the command.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// A line that helps.
    #[prop(optional)]
    hint: &'static str,
    /// What is typed.
    #[prop(default = Kind::Text)]
    kind: Kind,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// What a browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it may stay empty; says so.
    #[prop(optional)]
    optional: bool,
    /// The most characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// The fewest characters.
    #[prop(optional)]
    minlength: Option<usize>,
    /// What stands before the input, such as `/c/`.
    #[prop(optional)]
    affix: &'static str,
    /// An example.
    #[prop(optional)]
    placeholder: Option<&'static str>,
) -> impl IntoView {
    let wrong = form.wrong(name);
    let plain = kind != Kind::Text;
    let value = if kind == Kind::Password { String::new() } else { form.typed(name, value) };
    let described = move || {
        let hint = (!hint.is_empty()).then(|| format!("{id}-hint"));
        let error = wrong.with(Option::is_some).then(|| format!("{id}-error"));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    let input = view! {
        <input
            id=id
            name=name
            type=if kind == Kind::Password { "password" } else { "text" }
            value=value
            required=!optional
            autocomplete=autocomplete
            autocapitalize=plain.then_some("none")
            spellcheck=plain.then_some("false")
            maxlength=maxlength.map(|n| n.to_string())
            minlength=minlength.map(|n| n.to_string())
            placeholder=placeholder
            aria-describedby=described
            aria-invalid=move || wrong.with(Option::is_some).then_some("true")
        />
    };
    view! {
        <div class="field">
            <label for=id>{label} {optional.then(|| view! { " " <span class="optional">"optional"</span> })}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            {if affix.is_empty() {
                input.into_any()
            } else {
                view! { <div class="affixed"><span class="affix" aria-hidden="true">{affix}</span>{input}</div> }.into_any()
            }}
            <FieldError id=id wrong=wrong/>
        </div>
    }
}

/// What is wrong with the field `id`.
#[component]
pub fn FieldError(
    /// The input's id.
    id: &'static str,
    /// What is wrong.
    wrong: Signal<Option<String>>,
) -> impl IntoView {
    move || {
        wrong.get().map(|wrong| {
            view! {
                <p class="field-error" id=format!("{id}-error")>
                    <Icon name="alert"/>
                    {wrong}
                </p>
            }
        })
    }
}
