//! Slash commands (M08, A05): a message that begins with `/name`. One file a command; a new one is a line in [`ALL`].

mod help;
mod invite;
mod me;
mod remind;
mod shrug;
mod topic;

use std::borrow::Cow;

use super::{
    error::{Error, Result},
    person::PersonSummary,
};

/// What a command comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Only other words for a post: this Markdown is posted.
    Post(String),
    /// Something to be done after it, by the lane.
    Errand(Errand),
}

/// What the lane does for the asker, as the asker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Sets the channel's topic.
    SetTopic(String),
    /// Brings somebody in.
    Invite {
        /// Their sign-in name.
        handle: String,
    },
    /// Tells the asker something.
    Say(String),
    /// Tells the asker something later.
    Remind {
        /// In how many microseconds.
        after: i64,
        /// Of what.
        of: String,
    },
}

/// A command.
pub trait Slash: Sync {
    /// What stands behind the slash.
    fn name(&self) -> &'static str;

    /// How it is written.
    fn usage(&self) -> &'static str;

    /// What it does, in a few words.
    fn does(&self) -> &'static str;

    /// What comes of it with these words behind its name; an error names `body`.
    fn plan(&self, words: &str, author: &PersonSummary) -> Result<Plan>;
}

/// Every command, as `/help` lists them.
pub const ALL: [&dyn Slash; 6] = [&me::Me, &shrug::Shrug, &topic::Topic, &invite::Invite, &remind::Remind, &help::Help];

/// What somebody wrote.
pub enum Said<'t> {
    /// A message.
    Words(Cow<'t, str>),
    /// A command, and the words behind its name.
    Command(&'static dyn Slash, &'t str),
}

/// Reads what somebody wrote. `//name` is the message `/name`; a path or a lone slash is words like any others. An unknown
/// command is an error that names `body`.
pub fn read(body: &str) -> Result<Said<'_>> {
    let Some(rest) = body.trim_start().strip_prefix('/') else { return Ok(Said::Words(body.into())) };
    if let Some(literal) = rest.strip_prefix('/') {
        let words = if named(literal).is_some() { ["/", literal].concat().into() } else { body.into() };
        return Ok(Said::Words(words));
    }
    let Some((name, words)) = named(rest) else { return Ok(Said::Words(body.into())) };
    let known = ALL.into_iter().find(|slash| slash.name().eq_ignore_ascii_case(name));
    let unknown = || format!("begins with /{name}, which is no command; write //{name} to post it as it is, or /help");
    known.map(|slash| Said::Command(slash, words.trim())).ok_or_else(|| Error::invalid("body", unknown()))
}

/// What is posted of what somebody wrote. What is to be carried out is an error that names `body`.
pub fn posted<'t>(body: &'t str, author: &PersonSummary) -> Result<Cow<'t, str>> {
    match read(body)? {
        Said::Words(words) => Ok(words),
        Said::Command(slash, words) => match slash.plan(words, author)? {
            Plan::Post(words) => Ok(words.into()),
            Plan::Errand(_) => Err(Error::invalid("body", "is a command: it is carried out and not posted")),
        },
    }
}

/// Whether this is a command that the lane carries out: it is run and not posted.
pub fn is_errand(body: &str, author: &PersonSummary) -> bool {
    match read(body) {
        Ok(Said::Command(slash, words)) => !matches!(slash.plan(words, author), Ok(Plan::Post(_))),
        _ => false,
    }
}

/// A name of letters, and what stands behind it.
fn named(text: &str) -> Option<(&str, &str)> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let letters = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    letters.then_some((name, rest))
}

/// An error of a command's words.
fn wrong(usage: &str) -> Error {
    Error::invalid("body", format!("is not a whole command; it is written {usage}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PersonId, Time, person::PersonKind};

    fn ana() -> PersonSummary {
        PersonSummary {
            id: PersonId::fresh(),
            handle: "ana".to_owned(),
            name: "Ana *Lima*".to_owned(),
            kind: PersonKind::Person,
        }
    }

    fn plan(body: &str) -> Result<Plan> {
        match read(body)? {
            Said::Words(words) => Ok(Plan::Post(words.into_owned())),
            Said::Command(slash, words) => slash.plan(words, &ana()),
        }
    }

    // M08, A05
    #[test]
    fn only_a_slash_and_a_name_make_a_command() {
        for words in ["hello", "a /topic", "/", "/ topic", "/usr/bin/env", "// a remark", "//example.com/x", "/é"] {
            assert_eq!(plan(words), Ok(Plan::Post(words.to_owned())), "{words}");
        }
        assert_eq!(plan("//topic x"), Ok(Plan::Post("/topic x".to_owned())));
        assert_eq!(plan("//nonsense"), Ok(Plan::Post("/nonsense".to_owned())));
        let unknown = plan("/nonsense x").unwrap_err();
        assert!(unknown.of_field("body").is_some_and(|why| why.contains("//nonsense")), "{unknown}");
    }

    // A05
    #[test]
    fn each_command_comes_to_what_it_says() {
        assert_eq!(plan("/me waves"), Ok(Plan::Post("_Ana \\*Lima\\* waves_".to_owned())));
        assert_eq!(plan("/shrug"), Ok(Plan::Post(r"¯\\\_(ツ)\_/¯".to_owned())));
        assert_eq!(plan("/Shrug who knows"), Ok(Plan::Post(r"who knows ¯\\\_(ツ)\_/¯".to_owned())));
        assert_eq!(plan("/topic  the launch "), Ok(Plan::Errand(Errand::SetTopic("the launch".to_owned()))));
        assert_eq!(plan("/invite @bo"), Ok(Plan::Errand(Errand::Invite { handle: "bo".to_owned() })));
        for (words, minutes) in [("in 10m", 10), ("in 2h", 120), ("in 3 days", 4_320), ("in 1 minute", 1)] {
            let remind = plan(&format!("/remind {words} the  tea")).unwrap();
            let after = minutes * Time::MINUTE;
            assert_eq!(remind, Plan::Errand(Errand::Remind { after, of: "the tea".to_owned() }), "{words}");
        }
        let Ok(Plan::Errand(Errand::Say(help))) = plan("/help") else { panic!("no help") };
        assert!(ALL.iter().all(|slash| help.contains(slash.usage())), "{help}");
    }

    // M03, A05
    #[test]
    fn a_command_that_is_not_whole_says_how_it_is_written() {
        for body in [
            "/me",
            "/topic",
            "/invite",
            "/invite a b",
            "/remind",
            "/remind in 10m",
            "/remind tea",
            "/remind in 0m x",
            "/remind in 9000 days x",
            "/remind in 99999999999999999999m x",
            "/remind in ten m x",
        ] {
            let wrong = plan(body).unwrap_err();
            assert!(wrong.of_field("body").is_some_and(|why| why.contains("written /")), "{body}: {wrong}");
        }
        for body in ["/remind in 0m x", "/remind in 366 days x", "/remind in 99999999999999999999m x"] {
            let wrong = plan(body).unwrap_err();
            let limits = "must wait at least 1 minute and at most 365 days";
            assert!(wrong.of_field("body").is_some_and(|why| why.starts_with(limits)), "{body}: {wrong}");
        }
        assert!(plan("/remind in 365 days x").is_ok());
    }
}
