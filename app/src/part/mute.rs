//! Muting the open channel, from its bar.

use leptos::prelude::*;
use thunderline::domain::{ChannelId, channel::NotificationLevel};

use super::icon::Icon;
use crate::api::channel_settings::SetNotifications;

/// Mutes a channel for oneself, or no longer; a form without JavaScript.
#[component]
pub fn MuteButton(
    /// Its form's action; outlives what is drawn anew.
    action: ServerAction<SetNotifications>,
    /// Which.
    channel: ChannelId,
    /// Whether it is muted.
    muted: bool,
    /// What one is told of; stays.
    level: NotificationLevel,
) -> impl IntoView {
    let (icon, words) = if muted { ("bell-off", "Unmute this channel") } else { ("bell", "Mute this channel") };
    view! {
        <ActionForm action=action attr:class="mute">
            <input type="hidden" name="channel" value=channel.to_string()/>
            <input type="hidden" name="level" value=level.as_str()/>
            <input type="hidden" name="muted" value=(!muted).to_string()/>
            <button class="icon-button" type="submit" title=words>
                <Icon name=icon/>
                <span class="vh">{words}</span>
            </button>
        </ActionForm>
    }
}
