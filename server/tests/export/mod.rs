//! A small Slack export, made by the test, with every oddity of the format.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

/// An export on its way into a zip.
#[derive(Clone, Default)]
pub struct Export(Vec<(String, Vec<u8>)>);

impl Export {
    /// With a file of JSON.
    pub fn with(self, path: &str, content: &Value) -> Self {
        self.raw(path, content.to_string().as_bytes())
    }

    /// With a file of anything.
    pub fn raw(mut self, path: &str, content: &[u8]) -> Self {
        self.0.retain(|(known, _)| known != path);
        self.0.push((path.to_owned(), content.to_owned()));
        self
    }

    /// Without a file.
    pub fn without(mut self, path: &str) -> Self {
        self.0.retain(|(known, _)| known != path);
        self
    }

    /// All in a folder, last file first.
    pub fn in_folder(self, folder: &str) -> Self {
        Self(self.0.into_iter().rev().map(|(path, content)| (format!("{folder}/{path}"), content)).collect())
    }

    /// Writes the zip.
    pub fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("export.zip");
        let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
        for (path, content) in &self.0 {
            zip.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap();
        path
    }
}

/// A message of `user` at `ts`.
pub fn said(user: &str, ts: &str, text: &str) -> Value {
    json!({ "type": "message", "user": user, "text": text, "ts": ts })
}

/// `message` with more fields.
pub fn and(mut message: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut message, more) {
        fields.extend(more);
    }
    message
}

/// How many records the export's importable channels hold.
pub const RECORDS: u64 = 21;
/// How many of them become messages.
pub const KEPT: u64 = 17;
/// How many parts a long one gives beyond the first.
pub const PARTS: u64 = 2;

/// The export with everything.
pub fn oddities() -> Export {
    Export::default()
        .with("users.json", &users())
        .with(
            "channels.json",
            &json!([
                { "id": "C1", "name": "general", "created": 1_525_132_800, "members": ["U1", "U2", "U404"],
                  "topic": { "value": "All about <#C2|old> &amp; <@U1>\nmore" }, "pins": [
                    { "id": "1525219200.000100", "type": "C", "created": 1_525_219_300, "user": "U2" },
                    { "id": "1", "type": "C" }, { "id": "F1", "type": "F" },
                  ] },
                { "id": "C2", "name": "archive", "is_archived": true, "created": 1_525_132_800, "members": ["U1"] },
                { "id": "C3", "name": "日本", "members": [] },
                { "id": "C4", "name": "members", "members": ["U2"], "purpose": { "value": "reserved" } },
            ]),
        )
        .with("groups.json", &json!([{ "id": "G1", "name": "secret", "members": ["U2"] }]))
        .with("dms.json", &json!([{ "id": "D1", "members": ["U1", "U2"] }]))
        .with("mpims.json", &json!([{ "id": "G2", "name": "mpdm-a--b-1", "members": ["U1", "U2"] }]))
        .with("integration_logs.json", &json!([]))
        .with(
            "D1/2018-05-02.json",
            &json!([said("U1", "1525219200.000100", "psst"), said("U2", "1525219201.000100", "yes")]),
        )
        .with("stray/2018-05-02.json", &json!([said("U1", "1525219200.000100", "nobody's")]))
        .with("general/canvas_in_the_conversation.json", &json!({}))
        .with("general/2018-05-02.json", &first_day())
        .with("general/2018-05-03.json", &second_day())
        .with("archive/2018-05-02.json", &json!([said("U1", "1525219200.000100", "old")]))
        .with("日本/2018-05-02.json", &json!([said("U1", "1525219200.000100", "こんにちは")]))
        .with("members/2018-05-02.json", &json!([said("U2", "1525219200.000100", "in a reserved place")]))
        .with("secret/2018-05-02.json", &json!([said("U2", "1525219200.000100", "hidden")]))
}

fn users() -> Value {
    json!([
        { "id": "U1", "name": "ada.brook", "real_name": "Ada Brook", "profile": { "display_name": "Ada" } },
        { "id": "U2", "name": "bo", "deleted": true, "profile": { "display_name": "", "real_name": "Bo Castell" } },
        { "id": "U3", "name": "hal", "is_bot": true, "profile": {} },
        { "id": "U4", "name": "owner", "profile": { "real_name": "Another owner" } },
    ])
}

fn first_day() -> Value {
    json!([
        // Not in the order of their times.
        and(said("U2", "1525219203.000100", "a reply"), json!({ "thread_ts": "1525219201.000100" })),
        and(said("U1", "1525219201.000100", "a root"), json!({ "thread_ts": "1525219201.000100", "reply_count": 2 })),
        and(
            said("U1", "1525219200.000100", "hello <@U2>, 1 &lt; 2, *bold*"),
            json!({
                "edited": { "user": "U1", "ts": "1525219300.000000" }, "reactions": [
                    { "name": "+1", "users": ["U2", "U404"], "count": 3 }, { "name": "party-parrot", "users": ["U1"], "count": 1 },
                    { "name": "wave::skin-tone-4", "users": ["U1"], "count": 1 }, { "name": "wave", "users": ["U1", "U2"], "count": 2 },
                    { "users": "all" },
                ],
            })
        ),
        and(said("U1", "1525219202.000100", "joined"), json!({ "subtype": "channel_join" })),
        and(said("U1", "1525219202.000200", "set the topic"), json!({ "subtype": "channel_topic" })),
        json!({ "type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "Hook", "ts": "1525219204.000100",
                "text": "", "attachments": [{ "title": "Build", "title_link": "https://example.org/1", "text": "*failed*" }] }),
        json!({ "type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "Hook", "ts": "1525219204.000200",
                "text": "", "blocks": [{ "type": "section", "text": { "type": "mrkdwn", "text": "from a block" } }] }),
        and(
            said("U404", "1525219205.000100", "by a stranger"),
            json!({ "user_profile": { "name": "stranger", "real_name": "A Stranger" } })
        ),
        and(said("U405", "1525219206.000100", "by nobody known"), json!({ "subtype": "me_message" })),
    ])
}

fn second_day() -> Value {
    json!([
        and(
            said("U2", "1525305600.000100", "a late reply"),
            json!({ "thread_ts": "1525219201.000100", "subtype": "thread_broadcast" })
        ),
        and(said("U2", "1525305601.000100", "to a lost root"), json!({ "thread_ts": "1500000000.000100" })),
        and(
            said("U1", "1525305602.000100", ""),
            json!({ "subtype": "file_share", "files": [{ "title": "plan.pdf" }, { "mode": "tombstone" }] })
        ),
        said("U1", "1525305603.000100", &"long words ".repeat(1_000)),
        said("U1", "1525305604.000100", ""),
        said("U2", "1525305600.000100", "a late reply"),
        json!({ "type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": "1525305605.000100" }),
        json!({ "type": "event", "ts": "1525305606.000100", "text": "no message" }),
    ])
}
