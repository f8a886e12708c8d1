//! Pages whose code is a part by itself, which a browser fetches when somebody goes there. Only the conversation comes
//! with the first load.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    about::AboutPage,
    admin::{AuditPage, LanesPage},
    community::CommunityPage,
    direct::DirectPage,
    directory::DirectoryPage,
    history::HistoryPage,
    inbox::InboxPage,
    invites::InvitesPage,
    join::JoinPage,
    member::MemberPage,
    members::MembersPage,
    moderation::ModerationPage,
    moderation_settings::ModerationSettingsPage,
    new_channel::NewChannelPage,
    new_message::NewMessagePage,
    roles::RolesPage,
    rules::{RulePage, RulesPage, WhyPage},
    search::SearchPage,
    settings::{ProfilePage, SessionsPage},
    sign_in::SignInPage,
    sign_up::SignUpPage,
    webhooks::WebhooksPage,
    welcome::WelcomePage,
};

macro_rules! lazy {
    ($($route:ident shows $page:ident;)+) => {$(
        #[doc = concat!("[`", stringify!($page), "`], fetched when it is wanted.")]
        #[derive(Debug)]
        pub struct $route;

        #[lazy_route]
        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            fn view(_this: Self) -> AnyView {
                $page().into_any()
            }
        }
    )+};
}

lazy! {
    About shows AboutPage;
    Audit shows AuditPage;
    Community shows CommunityPage;
    Direct shows DirectPage;
    Directory shows DirectoryPage;
    History shows HistoryPage;
    Inbox shows InboxPage;
    Invites shows InvitesPage;
    Join shows JoinPage;
    Lanes shows LanesPage;
    Member shows MemberPage;
    Members shows MembersPage;
    Moderation shows ModerationPage;
    ModerationSettings shows ModerationSettingsPage;
    NewChannel shows NewChannelPage;
    NewMessage shows NewMessagePage;
    Profile shows ProfilePage;
    Roles shows RolesPage;
    Rule shows RulePage;
    Rules shows RulesPage;
    Search shows SearchPage;
    Sessions shows SessionsPage;
    SignIn shows SignInPage;
    SignUp shows SignUpPage;
    Webhooks shows WebhooksPage;
    Why shows WhyPage;
    Welcome shows WelcomePage;
}
