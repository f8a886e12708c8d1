//! What stands at which address.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use thunderline::domain::Error;

use crate::{
    api::Fault,
    page::{channel::ChannelPage, chat::Chat, lazy},
    part::{failure::Failure, toast::ToastArea},
    state::provide_client,
};

/// The whole of the interface. Every page is rendered when it is complete, so that it is whole without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_client();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Thunderline".to_owned() } else { format!("{title} · Thunderline") }/>
        <Router>
            <Routes fallback=|| view! { <Failure fault=Fault(Error::NotFound)/> }>
                <Route path=path!("/") view={Lazy::<lazy::Welcome>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view={Lazy::<lazy::SignIn>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view={Lazy::<lazy::SignUp>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/join/:code") view={Lazy::<lazy::Join>::new()} ssr=SsrMode::Async/>
                <ParentRoute path=path!("/c") view=Chat ssr=SsrMode::Async>
                    <Route path=path!("") view={Lazy::<lazy::Directory>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community") view={Lazy::<lazy::Community>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/new-channel") view={Lazy::<lazy::NewChannel>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/new-message") view={Lazy::<lazy::NewMessage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/members") view={Lazy::<lazy::Members>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/members/invites") view={Lazy::<lazy::Invites>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/members/:person") view={Lazy::<lazy::Member>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/moderation") view={Lazy::<lazy::Moderation>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/search") view={Lazy::<lazy::Search>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/webhooks") view={Lazy::<lazy::Webhooks>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/moderation") view={Lazy::<lazy::ModerationSettings>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/roles") view={Lazy::<lazy::Roles>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/rules") view={Lazy::<lazy::Rules>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/rules/why") view={Lazy::<lazy::Why>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/rules/:rule") view={Lazy::<lazy::Rule>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/:channel") view=ChannelPage ssr=SsrMode::Async/>
                    <Route path=path!(":community/:channel/about") view={Lazy::<lazy::About>::new()} ssr=SsrMode::Async/>
                    <Route path=path!(":community/:channel/messages/:message/history") view={Lazy::<lazy::History>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
                <Route path=path!("/d/:id") view={Lazy::<lazy::Direct>::new()} ssr=SsrMode::Async/>
                <ParentRoute path=path!("/inbox") view=Chat ssr=SsrMode::Async>
                    <Route path=path!("") view={Lazy::<lazy::Inbox>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
                <Route path=path!("/settings/profile") view={Lazy::<lazy::Profile>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/settings/sessions") view={Lazy::<lazy::Sessions>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/lanes") view={Lazy::<lazy::Lanes>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view={Lazy::<lazy::Audit>::new()} ssr=SsrMode::Async/>
            </Routes>
        </Router>
        <ToastArea/>
    }
}
