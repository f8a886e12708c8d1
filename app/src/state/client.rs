use leptos::prelude::*;
use thunderline::{
    domain::{PersonId, Presence},
    view::Shell,
};

use super::Connection;
use crate::api::Opened;

/// What this tab knows: one for the whole page, in context. On the server it only holds what `open` gave.
#[derive(Clone, Copy)]
pub struct Client {
    shell: RwSignal<Option<Shell>>,
    connection: RwSignal<Connection>,
}

/// Makes the client and puts it in context.
pub fn provide_client() -> Client {
    let client = Client { shell: RwSignal::new(None), connection: RwSignal::new(Connection::default()) };
    provide_context(client);
    client
}

/// The client in context.
///
/// # Panics
/// When [`provide_client`] was not called above.
pub fn use_client() -> Client {
    expect_context()
}

impl Client {
    /// Takes a page's data: call it before rendering the page's parts, on the server and in the browser.
    pub fn open(&self, opened: &Opened) {
        self.shell.set(Some(Shell::new(opened.me.person.clone(), opened.directory.clone(), opened.community.clone())));
    }

    /// Everything around the conversation, kept up to date.
    pub fn shell(&self) -> Signal<Option<Shell>> {
        self.shell.into()
    }

    /// Whether a person is there.
    pub fn presence(&self, person: PersonId) -> Signal<Presence> {
        let _ = person;
        Signal::stored(Presence::Offline)
    }

    /// How the line to the server stands.
    pub fn connection(&self) -> Signal<Connection> {
        self.connection.into()
    }
}
