use std::sync::Arc;

use app::api::{Flash, context::Secure};
use axum::{
    extract::{FromRef, Request, State},
    middleware::Next,
    response::Response,
};
use leptos::{config::LeptosOptions, context::provide_context, context::use_context, nonce::use_nonce};
use leptos_axum::ResponseOptions;
use thunderline::{
    domain::{Action, Actor, Surface},
    engine::{Engine, TurnedAway},
};
use tokio_util::task::TaskTracker;

use crate::{
    forms::Flashes,
    headers,
    limits::Limits,
    origin::Front,
    refusals::Refusals,
    socket,
    watch::{Admission, Requests},
};

/// What every request may use. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Context(Arc<Inner>);

struct Inner {
    engine: Engine,
    leptos: LeptosOptions,
    front: Front,
    flashes: Flashes,
    limits: Option<Limits>,
    refusals: Refusals,
    sockets: Sockets,
    admission: Admission,
    requests: Requests,
}

/// Where the tasks of live connections run.
#[derive(Clone, Debug)]
pub(crate) struct Sockets {
    /// Their runtime.
    pub runtime: tokio::runtime::Handle,
    /// Knows them, so that stopping can wait.
    pub tasks: TaskTracker,
    /// What they have done.
    pub stats: Arc<socket::Stats>,
}

impl Context {
    pub(crate) fn new(
        engine: Engine,
        leptos: LeptosOptions,
        front: Front,
        limits: Option<Limits>,
        sockets: Sockets,
        admission: Admission,
    ) -> Self {
        let (flashes, refusals, requests) = (Flashes::default(), Refusals::default(), Requests::default());
        Self(Arc::new(Inner { engine, leptos, front, flashes, limits, refusals, sockets, admission, requests }))
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn leptos(&self) -> &LeptosOptions {
        &self.0.leptos
    }

    pub(crate) fn front(&self) -> &Front {
        &self.0.front
    }

    pub(crate) fn flashes(&self) -> &Flashes {
        &self.0.flashes
    }

    pub(crate) fn limits(&self) -> Option<&Limits> {
        self.0.limits.as_ref()
    }

    /// Counts a refusal that is made before anything is asked of the engine, by its rule and whoever met it. The first
    /// of a minute is in the audit log when this ends.
    pub(crate) async fn turn_away(&self, key: (String, String), action: Action, actor: Actor) {
        let now = self.engine().clock().now();
        if let Some(first) = self.0.refusals.count(key, action, actor, now) {
            self.engine().turn_away(first).await;
        }
    }

    /// How many were refused, of each key whose minute is over; at the end of the server, of every key.
    pub(crate) fn refused(&self, ending: bool) -> Vec<TurnedAway> {
        self.0.refusals.over(self.engine().clock().now(), ending)
    }

    pub(crate) fn sockets(&self) -> &Sockets {
        &self.0.sockets
    }

    pub(crate) fn admission(&self) -> &Admission {
        &self.0.admission
    }

    pub(crate) fn requests(&self) -> &Requests {
        &self.0.requests
    }

    /// Gives pages and server functions what they ask for by type.
    pub(crate) fn provide(&self) {
        provide_context(self.engine().clone());
        let parts = use_context::<http::request::Parts>();
        let extensions = parts.as_ref().map(|parts| &parts.extensions);
        let actor = extensions.and_then(|extensions| extensions.get::<Actor>().cloned());
        provide_context(actor.unwrap_or_else(|| Actor::visitor(Surface::Page)));
        provide_context(Secure(parts.as_ref().is_some_and(|parts| self.front().is_secure(&parts.headers))));
        if let Some(flash) = extensions.and_then(|extensions| extensions.get::<Flash>().cloned()) {
            provide_context(flash);
        }
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
            let development = self.leptos().env == leptos::config::Env::DEV;
            if let Some(policy) = headers::page_policy(&nonce, development) {
                response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    }
}

impl FromRef<Context> for LeptosOptions {
    fn from_ref(context: &Context) -> Self {
        context.leptos().clone()
    }
}

/// Finds what a refused form of this page said, and gives it to the page once.
pub(crate) async fn give_flash(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let found = context.flashes().take(request.headers(), request.uri().path(), context.engine().clock().now());
    let taken = found.is_some();
    if let Some(flash) = found {
        request.extensions_mut().insert(flash);
    }
    let mut response = next.run(request).await;
    if taken {
        response.headers_mut().append(http::header::SET_COOKIE, crate::forms::FORGET);
    }
    response
}
