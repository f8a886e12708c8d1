//! Pins.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{ChannelId, MessageId, pin::Pin};

use super::Fault;

/// Pins a message.
#[server(endpoint = "pin_message")]
pub async fn pin_message(message: MessageId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::PinMessage { message }).await)?;
    lead_back(&format!("at={message}"), &format!("m-{message}"));
    Ok(())
}

/// Takes a pin away.
#[server(endpoint = "unpin_message")]
pub async fn unpin_message(
    message: MessageId,
    /// Whether it was done in the list of pins, to lead back there.
    #[server(default)]
    listed: bool,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::UnpinMessage { message }).await)?;
    if listed {
        lead_back("panel=pins", "panel");
    } else {
        lead_back(&format!("at={message}"), &format!("m-{message}"));
    }
    Ok(())
}

/// What is pinned in a channel, the latest pin first.
#[server(endpoint = "list_pins")]
pub async fn list_pins(channel: ChannelId) -> Result<Vec<Pin>, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListPins { channel }).await)
}
