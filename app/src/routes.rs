//! What stands at which address.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use thunderline::domain::Error;

use crate::{
    api::Fault,
    page::{
        channel::ChannelPage,
        chat::Chat,
        lazy::{Channel, Doors, Finding, Operating, Own, Page, People, Settings},
    },
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
                <Route path=path!("/") view={Page::Doors(Doors::Welcome)} ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view={Page::Doors(Doors::SignIn)} ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view={Page::Doors(Doors::SignUp)} ssr=SsrMode::Async/>
                <Route path=path!("/join/:code") view={Page::Doors(Doors::Join)} ssr=SsrMode::Async/>
                <ParentRoute path=path!("/c") view=Chat ssr=SsrMode::Async>
                    <Route path=path!("") view={Page::Finding(Finding::Directory)} ssr=SsrMode::Async/>
                    <Route path=path!(":community") view={Page::Finding(Finding::Community)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/new-channel") view={Page::Channel(Channel::NewChannel)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/new-message") view={Page::Finding(Finding::NewMessage)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/members") view={Page::People(People::Members)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/members/invites") view={Page::People(People::Invites)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/members/:person") view={Page::People(People::Member)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/moderation") view={Page::People(People::Moderation)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/search") view={Page::Finding(Finding::Search)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/webhooks") view={Page::Settings(Settings::Webhooks)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/moderation") view={Page::Settings(Settings::ModerationSettings)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/roles") view={Page::Settings(Settings::Roles)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/rules") view={Page::Settings(Settings::Rules)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/rules/why") view={Page::Settings(Settings::Why)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/settings/rules/:rule") view={Page::Settings(Settings::Rule)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/:channel") view=ChannelPage ssr=SsrMode::Async/>
                    <Route path=path!(":community/:channel/about") view={Page::Channel(Channel::About)} ssr=SsrMode::Async/>
                    <Route path=path!(":community/:channel/messages/:message/history") view={Page::Channel(Channel::History)} ssr=SsrMode::Async/>
                </ParentRoute>
                <Route path=path!("/d/:id") view={Page::Finding(Finding::Direct)} ssr=SsrMode::Async/>
                <ParentRoute path=path!("/inbox") view=Chat ssr=SsrMode::Async>
                    <Route path=path!("") view={Page::Own(Own::Inbox)} ssr=SsrMode::Async/>
                </ParentRoute>
                <Route path=path!("/settings/profile") view={Page::Own(Own::Profile)} ssr=SsrMode::Async/>
                <Route path=path!("/settings/sessions") view={Page::Own(Own::Sessions)} ssr=SsrMode::Async/>
                <Route path=path!("/admin/lanes") view={Page::Operating(Operating::Lanes)} ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view={Page::Operating(Operating::Audit)} ssr=SsrMode::Async/>
            </Routes>
        </Router>
        <ToastArea/>
    }
}
