//! A message as Slack writes it down.

use serde::Deserialize;
use serde_json::Value;
use thunderline::domain::Time;

use super::users::User;

/// One object of a day's file. What is not read is not named.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub subtype: Option<String>,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub user_profile: Option<User>,
    #[serde(default)]
    pub bot_id: Option<String>,
    #[serde(default)]
    pub bot_profile: Option<User>,
    #[serde(default)]
    pub username: Option<String>,
    #[serde(default)]
    pub text: Option<String>,
    pub ts: String,
    #[serde(default)]
    pub thread_ts: Option<String>,
    #[serde(default)]
    pub edited: Option<Edited>,
    #[serde(default)]
    pub reactions: Option<Value>,
    #[serde(default)]
    pub files: Option<Vec<Option<File>>>,
    #[serde(default)]
    pub attachments: Option<Vec<Value>>,
    #[serde(default)]
    pub blocks: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Edited {
    #[serde(default)]
    pub ts: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct File {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    pub user: Option<String>,
}

impl File {
    /// What people called it.
    pub fn title(&self) -> &str {
        let named = [&self.title, &self.name].into_iter().flatten().find(|name| !name.trim().is_empty());
        named.map_or("a file that is gone", |name| name.trim())
    }
}

/// The last second of the year 9999.
pub(super) const LAST_SECOND: i64 = 253_402_300_799;

/// Slack's `seconds.micros`.
pub(super) fn time(ts: &str) -> Option<Time> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.is_empty() || !digits(seconds) || !digits(fraction) {
        return None;
    }
    let seconds: i64 = seconds.parse().ok().filter(|seconds| *seconds <= LAST_SECOND)?;
    let micros: i64 = format!("{fraction:0<6.6}").parse().ok()?;
    Some(Time::from_micros(seconds * Time::SECOND + micros))
}

/// What Slack itself says in a channel, not a person: it has no place in a transcript of people.
pub(super) fn is_systems(subtype: &str) -> bool {
    let subtype = subtype.strip_prefix("group_").or_else(|| subtype.strip_prefix("channel_")).unwrap_or(subtype);
    matches!(
        subtype,
        "join"
            | "leave"
            | "topic"
            | "purpose"
            | "name"
            | "archive"
            | "unarchive"
            | "convert_to_private"
            | "convert_to_public"
            | "posting_permissions"
            | "canvas_updated"
            | "pinned_item"
            | "unpinned_item"
            | "bot_add"
            | "bot_remove"
            | "bot_enable"
            | "bot_disable"
            | "huddle_thread"
            | "sh_room_created"
            | "message_changed"
            | "message_deleted"
            | "message_replied"
            | "app_conversation_join"
            | "app_conversation_leave"
            | "joiner_notification"
            | "joiner_notification_for_inviter"
            | "ekm_access_denied"
            | "tabbed_canvas_updated"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // O06
    #[test]
    fn a_time_keeps_its_microseconds() {
        assert_eq!(time("1525132800.000100"), Some(Time::from_micros(1_525_132_800_000_100)));
        assert_eq!(time("1525132800"), Some(Time::from_micros(1_525_132_800_000_000)));
        assert_eq!(time("1525132800.5"), Some(Time::from_micros(1_525_132_800_500_000)));
        for bad in ["", "-1.0", "x", "1.x", "99999999999999999999.0", "253402300800.0", "+1"] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }
}
