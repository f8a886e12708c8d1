use leptos::{html, prelude::*};
use thunderline::domain::{ChannelId, MessageId, reaction::Reactors};

use super::{
    completing::Offers,
    deleting::{Deleting, PlainDelete},
    editing::Editing,
    flagging::{Flagging, PlainFlag},
    history::History,
    picker::{Picker, PlainPicker},
};
use crate::{
    api::flash::Flash,
    part::aside::{self, aside},
};

/// What of a conversation is fetched apart: see [`aside`](crate::part::aside).
#[derive(Clone, Debug)]
pub enum Aside {
    /// What is asked over it.
    Questions,
    /// Completion of what is begun in a field.
    Completion(ChannelId, NodeRef<html::Textarea>),
    /// The form in place of a message's body.
    Editing(MessageId),
    /// Flagging a message without JavaScript, with what was refused.
    Flag(MessageId, Option<Flash>),
    /// Whether to delete a message, without JavaScript.
    Deletion(MessageId),
    /// Reacting to a message without JavaScript: who reacted, and whether one may.
    Reactions(MessageId, Vec<Reactors>, bool),
}

impl Aside {
    pub(in crate::part) fn view(self) -> AnyView {
        match self {
            Self::Questions => view! {
                <Deleting/>
                <Picker/>
                <History/>
                <Flagging/>
            }
            .into_any(),
            Self::Completion(channel, field) => view! { <Offers channel=channel field=field/> }.into_any(),
            Self::Editing(message) => view! { <Editing id=message/> }.into_any(),
            Self::Flag(message, refused) => view! { <PlainFlag id=message flash=refused/> }.into_any(),
            Self::Deletion(message) => view! { <PlainDelete id=message/> }.into_any(),
            Self::Reactions(message, reactors, may) => {
                view! { <PlainPicker id=message reactors=reactors may=may/> }.into_any()
            }
        }
    }
}

/// Shows it as soon as its code is there; `failed` is called where that cannot be fetched.
pub(super) fn apart(part: Aside, failed: impl FnOnce() + Send + 'static) -> AnyView {
    aside(aside::Aside::Conversation(part), failed)
}
