//! Forms that are plain first: the state of one, its error summary and its button.

use std::collections::BTreeMap;

use leptos::{
    html,
    prelude::*,
    server_fn::{Http, ServerFn, codec::PostUrl},
};
use thunderline::{domain::Error, view::body::sentence};

use super::icon::Icon;
use crate::api::{Fault, Flash};

/// What a form knows: why it was refused, whether it is on its way, and what was typed before.
#[derive(Clone, Copy)]
pub struct Form {
    error: Signal<Option<Error>>,
    pending: Signal<bool>,
    fields: StoredValue<BTreeMap<String, String>>,
}

impl Form {
    /// The state of `action`'s form; until it is used here, what the plain form brought back.
    pub fn new<S>(action: ServerAction<S>, flash: Option<&Flash>) -> Self
    where
        S: ServerFn<Error = Fault> + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
    {
        let flash = Flash::of(flash, S::PATH.rsplit('/').next().unwrap_or_default());
        let (refused, fields) = flash.map_or_else(Default::default, |flash| (Some(flash.error), flash.fields));
        let (version, value) = (action.version(), action.value());
        let error = Signal::derive(move || {
            if version.get() == 0 {
                return refused.clone();
            }
            value.with(|value| value.as_ref().and_then(|result| result.as_ref().err()).map(|fault| fault.0.clone()))
        });
        Self { error, pending: action.pending().into(), fields: StoredValue::new(fields) }
    }

    /// What is wrong with a field.
    pub fn wrong(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error.with(|error| error.as_ref()?.of_field(field).map(sentence)))
    }

    /// What was typed before; else `otherwise`.
    pub fn typed(self, field: &str, otherwise: String) -> String {
        self.fields.with_value(|fields| fields.get(field).cloned()).unwrap_or(otherwise)
    }

    /// Whether anything was typed before.
    pub fn has_typed(self) -> bool {
        self.fields.with_value(|fields| !fields.is_empty())
    }

    /// Why it was refused.
    pub fn error(self) -> Signal<Option<Error>> {
        self.error
    }

    /// Whether it is on its way.
    pub fn pending(self) -> Signal<bool> {
        self.pending
    }
}

/// An [`ActionForm`]'s function: posted as a URL-encoded form, answered in JSON, refused with a [`Fault`].
pub trait Posted: ServerFn<Error = Fault> {}
impl<S: ServerFn<Error = Fault, Protocol = Http<PostUrl, leptos::server_fn::codec::Json>>> Posted for S {}

/// A field as the error summary names it: the form's name for it, the label, and the id of its input; without an id it
/// is named and not led to.
pub type Named = (&'static str, &'static str, &'static str);

/// Why the form was refused, first in it; takes the focus when it appears.
#[component]
pub fn ErrorSummary(
    /// The form.
    form: Form,
    /// What did not happen: "The channel was not created".
    heading: &'static str,
    /// The fields a person can mend.
    #[prop(optional)]
    fields: &'static [Named],
) -> impl IntoView {
    let summary = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        // Also when the next attempt is refused for the same reason.
        if form.error.with(Option::is_some)
            && !form.pending.get()
            && let Some(summary) = summary.get()
        {
            let _ = summary.focus();
        }
    });
    move || {
        form.error.get().map(|error| {
            view! {
                <div class="error-summary" role="alert" tabindex="-1" id="error-summary" node_ref=summary>
                    <h2>{heading}</h2>
                    {reasons(&error, fields)}
                </div>
            }
        })
    }
}

fn reasons(error: &Error, fields: &'static [Named]) -> AnyView {
    let Error::Invalid { fields: wrong } = error else {
        return view! { <p>{error.to_string()}</p> }.into_any();
    };
    let items = wrong.iter().map(|wrong| {
        let known = fields.iter().find(|(name, ..)| *name == wrong.field);
        match known {
            Some((_, label, "")) => view! { <li>{format!("{label}: {}", wrong.message)}</li> }.into_any(),
            Some((_, label, id)) => {
                view! { <li><a href=format!("#{id}") rel="external">{format!("{label}: {}", wrong.message)}</a></li> }
                    .into_any()
            }
            None => view! { <li>{sentence(&wrong.message)}</li> }.into_any(),
        }
    });
    view! { <ul>{items.collect_view()}</ul> }.into_any()
}

/// The form's button; silent while the form is on its way.
#[component]
pub fn Submit(
    /// The form.
    form: Form,
    /// `primary`, `quiet` or `danger`.
    #[prop(optional)]
    kind: Option<&'static str>,
    /// `s` for small.
    #[prop(optional)]
    size: Option<&'static str>,
    /// As wide as its card.
    #[prop(optional)]
    wide: bool,
    /// The words on it.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="button"
            type="submit"
            data-kind=kind
            data-size=size
            data-wide=wide.then_some("")
            aria-busy=move || form.pending.get().then_some("true")
            disabled=move || form.pending.get()
        >
            {children()}
        </button>
    }
}

/// A refusal beside a small form that has no fields to mend.
#[component]
pub fn Refusal(
    /// The form.
    form: Form,
) -> impl IntoView {
    move || {
        form.error.get().map(|error| {
            view! {
                <p class="field-error" role="alert">
                    <Icon name="alert"/>
                    {match &error {
                        Error::Invalid { fields } => fields.iter().map(|f| sentence(&f.message)).collect::<Vec<_>>().join(" "),
                        other => other.to_string(),
                    }}
                </p>
            }
        })
    }
}
