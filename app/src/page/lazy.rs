//! Pages of their own, outside of the shell. Their code is a part by itself, which a browser fetches when somebody goes
//! there. Those inside the shell come with the first load.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    admin::{AuditPage, LanesPage},
    settings::{ProfilePage, SessionsPage},
    sign_in::SignInPage,
    sign_up::SignUpPage,
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
    Audit shows AuditPage;
    Lanes shows LanesPage;
    Profile shows ProfilePage;
    Sessions shows SessionsPage;
    SignIn shows SignInPage;
    SignUp shows SignUpPage;
    Welcome shows WelcomePage;
}
