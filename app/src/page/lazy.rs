//! Pages whose code a browser fetches when somebody goes there. Only the conversation comes with the first load.
//!
//! Pages that are walked through together come together. Each part costs the first load its address and the list of what
//! it shares with every other part, so that a part for each page would cost more than it spares; and to the router all
//! of them are one kind of view, as each kind would bring code of its own.

use leptos::prelude::*;
use leptos_router::ChooseView;

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

macro_rules! parts {
    ($($part:ident from $file:ident { $($name:ident shows $page:ident;)+ })+) => {
        /// A page that is fetched when it is wanted.
        #[derive(Clone, Copy, Debug)]
        pub enum Page {
            $(
                #[doc = concat!("One of [`", stringify!($part), "`].")]
                $part($part),
            )+
        }

        impl ChooseView for Page {
            async fn choose(self) -> AnyView {
                match self {
                    $(Self::$part(page) => $file::view(page).await,)+
                }
            }

            async fn preload(&self) {
                #[cfg(target_arch = "wasm32")]
                match self {
                    $(Self::$part(_) => $file::__preload_view().await,)+
                }
            }
        }

        $(
            /// Pages that come together.
            #[derive(Clone, Copy, Debug)]
            pub enum $part {
                $(
                    #[doc = concat!("[`", stringify!($page), "`]")]
                    $name,
                )+
            }

            mod $file {
                use leptos::prelude::*;

                use super::$part;

                #[lazy($file)]
                pub fn view(page: $part) -> AnyView {
                    match page {
                        $($part::$name => super::$page().into_any(),)+
                    }
                }
            }
        )+
    };
}

parts! {
    Doors from doors {
        Join shows JoinPage;
        SignIn shows SignInPage;
        SignUp shows SignUpPage;
        Welcome shows WelcomePage;
    }
    Own from own {
        Inbox shows InboxPage;
        Profile shows ProfilePage;
        Sessions shows SessionsPage;
    }
    Finding from finding {
        Community shows CommunityPage;
        Direct shows DirectPage;
        Directory shows DirectoryPage;
        NewMessage shows NewMessagePage;
        Search shows SearchPage;
    }
    Channel from channel {
        About shows AboutPage;
        History shows HistoryPage;
        NewChannel shows NewChannelPage;
    }
    People from people {
        Invites shows InvitesPage;
        Member shows MemberPage;
        Members shows MembersPage;
        Moderation shows ModerationPage;
    }
    Settings from settings {
        ModerationSettings shows ModerationSettingsPage;
        Roles shows RolesPage;
        Rule shows RulePage;
        Rules shows RulesPage;
        Webhooks shows WebhooksPage;
        Why shows WhyPage;
    }
    Operating from operating {
        Audit shows AuditPage;
        Lanes shows LanesPage;
    }
}
