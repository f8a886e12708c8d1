//! The bar above a page in the shell.

use leptos::prelude::*;

use super::icon::Icon;

/// An icon that is a link; the text is there for assistive technology and as the title.
#[component]
pub fn IconLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The icon.
    icon: &'static str,
    /// What it does, in a word or two.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    let words = title.clone();
    view! {
        <a class="icon-button" href=href title=title>
            <Icon name=icon/>
            <span class="vh">{words}</span>
        </a>
    }
}

/// The way back at the left of the bar; `always` also where columns stand side by side.
#[component]
pub fn Back(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// To what: "Back to general".
    #[prop(into)]
    to: String,
    /// Whether it is there on wide screens too.
    #[prop(optional)]
    always: bool,
) -> impl IntoView {
    view! {
        <a class="icon-button back" data-always=always.then_some("") href=href title="Back">
            <Icon name="arrow-left"/>
            <span class="vh">{to}</span>
        </a>
    }
}

/// The bar of a page that is not a conversation.
#[component]
pub fn PageHead(
    /// Where back leads.
    #[prop(into)]
    back: String,
    /// What is there.
    #[prop(into)]
    back_to: String,
    /// Whether back is there on wide screens too.
    #[prop(optional)]
    always: bool,
    /// The heading.
    children: Children,
) -> impl IntoView {
    view! {
        <header class="conversation-head">
            <Back href=back to=back_to always=always/>
            <div class="conversation-title">
                <h1>
                    <span>{children()}</span>
                </h1>
            </div>
        </header>
    }
}
