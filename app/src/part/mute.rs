//! Muting the open channel, from its bar.

use leptos::{ev::SubmitEvent, prelude::*};
use thunderline::domain::{ChannelId, channel::NotificationLevel};

use super::icon::Icon;
use crate::state::use_client;

/// Mutes a channel for oneself, or no longer. An `ActionForm` would bring the reading of forms into what every page loads.
#[component]
pub fn MuteButton(
    /// Which.
    channel: ChannelId,
    /// Whether it is muted.
    muted: bool,
    /// What one is told of; stays.
    level: NotificationLevel,
) -> impl IntoView {
    let client = use_client();
    let (icon, words) = if muted { ("bell-off", "Unmute this channel") } else { ("bell", "Mute this channel") };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        client.mute(channel, !muted, level);
    };
    view! {
        <form class="mute" method="post" action="/api/set_notifications" on:submit=submit>
            <input type="hidden" name="channel" value=channel.to_string()/>
            <input type="hidden" name="level" value=level.as_str()/>
            <input type="hidden" name="muted" value=(!muted).to_string()/>
            <button class="icon-button" type="submit" title=words>
                <Icon name=icon/>
                <span class="vh">{words}</span>
            </button>
        </form>
    }
}
