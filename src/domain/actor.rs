//! Who does something, and from where.

use super::{
    id::{CorrelationId, PersonId, SessionId},
    named::named,
    person::PersonSummary,
    trace::TraceParent,
};

named! {
    /// Where an action came in.
    Surface {
        /// A page or its form.
        Page = "page",
        /// A JSON request.
        Api = "api",
        /// The websocket.
        Feed = "feed",
        /// The command line.
        Cli = "cli",
        /// A worker in the server.
        Worker = "worker",
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Nobody signed in.
    Visitor,
    /// Somebody signed in, with the session they use.
    Person {
        /// The person.
        person: PersonSummary,
        /// The session; `None` in tests and on the command line.
        session: Option<SessionId>,
        /// Whether this is the owner of the whole server.
        server_owner: bool,
    },
    /// The server itself; made only by its own workers and command line, never from a request (S05).
    System,
}

/// One action's doer, way in and correlation. Passed by value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub identity: Identity,
    /// Where it came in.
    pub surface: Surface,
    /// What ties together all that follows.
    pub correlation: CorrelationId,
    /// The trace it belongs to, and the span it follows from; kept with what follows later (Q02).
    pub trace: Option<TraceParent>,
    /// The address it came from, as text; empty when there is none.
    pub address: String,
    /// What the browser said it is; empty when there is none.
    pub agent: String,
}

impl Actor {
    /// Nobody, on `surface`.
    pub fn visitor(surface: Surface) -> Self {
        Self::with(Identity::Visitor, surface)
    }

    /// The server itself.
    pub fn system(surface: Surface) -> Self {
        Self::with(Identity::System, surface)
    }

    /// A person without a session: tests and the command line.
    pub fn person(person: PersonSummary, surface: Surface) -> Self {
        Self::with(Identity::Person { person, session: None, server_owner: false }, surface)
    }

    /// Anybody, on `surface`, with a correlation of its own.
    pub fn with(identity: Identity, surface: Surface) -> Self {
        Self {
            identity,
            surface,
            correlation: CorrelationId::fresh(),
            trace: None,
            address: String::new(),
            agent: String::new(),
        }
    }

    /// The person's id, if a person acts.
    pub fn id(&self) -> Option<PersonId> {
        match &self.identity {
            Identity::Person { person, .. } => Some(person.id),
            Identity::Visitor | Identity::System => None,
        }
    }

    /// The person, or [`Error::SignedOut`](super::Error::SignedOut).
    pub fn signed_in(&self) -> super::Result<&PersonSummary> {
        match &self.identity {
            Identity::Person { person, .. } => Ok(person),
            Identity::Visitor | Identity::System => Err(super::Error::SignedOut),
        }
    }

    /// The word for this kind of actor in audit entries.
    pub const fn kind(&self) -> &'static str {
        match self.identity {
            Identity::Visitor => "visitor",
            Identity::Person { .. } => "person",
            Identity::System => "system",
        }
    }
}
