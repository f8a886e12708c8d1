//! News for assistive technology: politely, and several at once.

use std::time::Duration;

use leptos::prelude::*;
use thunderline::{domain::Message, view::body};

use super::Client;
use crate::dom::page;

/// How long news are gathered before they are told.
const GATHERED: Duration = Duration::from_secs(2);
/// The most characters told of one message.
const TOLD: usize = 160;

/// What is to be told next.
#[derive(Clone, Debug, Default)]
pub struct News {
    first: Option<String>,
    more: usize,
}

impl Client {
    /// Tells of a message somebody else posted in the open channel.
    pub(super) fn tell(self, message: &Message) {
        if self.me() == Some(message.author.id) {
            return;
        }
        let gathering = self.news.try_update_value(|news| {
            let gathering = news.first.is_some();
            if gathering {
                news.more += 1;
            } else {
                news.first = Some([&message.author.name, ": ", &body::words(&message.html, TOLD)].concat());
            }
            gathering
        });
        if gathering != Some(false) {
            return;
        }
        let channel = message.channel;
        let client = self;
        set_timeout(
            move || {
                let Some(News { first: Some(first), more }) = client.news.try_update_value(std::mem::take) else {
                    return;
                };
                let name = client
                    .shell
                    .with_untracked(|shell| Some(shell.as_ref()?.channel(channel)?.title()))
                    .unwrap_or_default();
                page::announce(&match more {
                    0 => first,
                    1 => [&first, "; 1 more message in ", &name].concat(),
                    more => [&first, "; ", &more.to_string(), " more messages in ", &name].concat(),
                });
            },
            GATHERED,
        );
    }
}
