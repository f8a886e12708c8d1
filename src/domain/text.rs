//! Text that was checked once and can be trusted after.

use serde::{Deserialize, Serialize};

use super::{
    custom_role::ROLE_NAME_CHARS,
    error::{Error, Result},
};

macro_rules! checked {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The checked text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    )+};
}

checked! {
    /// What a person wrote: 1–4,000 characters, not blank, no NUL (M02).
    MessageBody,
    /// What a person has begun to write: at most 4,000 characters as they stand there, no NUL; empty when it is blank.
    DraftBody,
    /// A person's sign-in name: 2–32 of `a-z 0-9 . _ -`, beginning with a letter or digit.
    Handle,
    /// The last part of a community's or channel's address: 1–50 of `a-z 0-9 - _` (C05).
    Slug,
    /// A name shown to people: 1–100 characters on one line.
    Name,
    /// A role's name shown to people: 1–32 characters on one line (R02).
    RoleName,
    /// A line about a channel or community: at most 500 characters, may be empty.
    Line,
    /// Why somebody did something: 1–500 characters.
    Reason,
}

/// The longest message, in characters (Unicode scalar values).
pub const MESSAGE_CHARS: usize = 4_000;
/// The longest reason, in characters.
pub const REASON_CHARS: usize = 500;
/// The shortest password, in characters (NIST SP 800-63B asks for at least 8).
pub const PASSWORD_CHARS: usize = 10;
/// The longest password, in bytes: bounds the work of hashing.
pub const PASSWORD_BYTES: usize = 512;

impl MessageBody {
    /// Checks `text`; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim_end();
        if text.trim().is_empty() || text.chars().all(is_invisible) {
            return Err(Error::invalid(field, "must not be empty"));
        }
        if text.contains('\0') {
            return Err(Error::invalid(field, "must not contain NUL characters"));
        }
        let chars = text.chars().count();
        if chars > MESSAGE_CHARS {
            return Err(Error::invalid(field, format!("must be at most {MESSAGE_CHARS} characters, not {chars}")));
        }
        Ok(Self(text.trim_start_matches('\n').to_owned()))
    }
}

impl DraftBody {
    /// Checks `text`; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text.replace("\r\n", "\n");
        if text.contains('\0') {
            return Err(Error::invalid(field, "must not contain NUL characters"));
        }
        let chars = text.chars().count();
        if chars > MESSAGE_CHARS {
            return Err(Error::invalid(field, format!("must be at most {MESSAGE_CHARS} characters, not {chars}")));
        }
        Ok(Self(if text.trim().is_empty() { String::new() } else { text }))
    }
}

/// Characters that show nothing: a message of these alone is empty.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}' | '\u{034F}' | '\u{115F}'
            | '\u{1160}' | '\u{180E}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{E0000}'..='\u{E007F}')
}

impl Handle {
    /// Checks `text` after lower-casing it; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text.trim().trim_start_matches('@').to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        if !(2..=32).contains(&text.len()) {
            return Err(Error::invalid(field, "must be 2 to 32 characters long"));
        }
        if !text.chars().all(allowed) || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(Error::invalid(
                field,
                "may hold only letters a-z, digits, dot, dash and underscore, and begins with a letter or digit",
            ));
        }
        // Words that speak to many, or for the server.
        if ["all", "channel", "everyone", "here", "system"].contains(&text.as_str()) {
            return Err(Error::invalid(field, "is a word of the server's own; choose another"));
        }
        Ok(Self(text))
    }
}

impl Slug {
    /// Checks `text` after lower-casing it; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text.trim().trim_start_matches('#').to_ascii_lowercase();
        if !(1..=50).contains(&text.len()) {
            return Err(Error::invalid(field, "must be 1 to 50 characters long"));
        }
        if !text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_')) {
            return Err(Error::invalid(field, "may hold only letters a-z, digits, dash and underscore"));
        }
        Ok(Self(text))
    }

    /// The slug a name suggests: letters and digits kept, the rest one dash. `None` if nothing is left.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut slug = String::new();
        for c in name.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() || c == '_' {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(50);
        Self::parse("slug", slug.trim_end_matches('-')).ok()
    }
}

impl Name {
    /// Checks `text`; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text.trim();
        if text.chars().all(is_invisible) {
            return Err(Error::invalid(field, "must not be empty"));
        }
        one_line(field, text, 100).map(Self)
    }
}

impl RoleName {
    /// Checks `text`; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text.trim();
        if text.chars().all(is_invisible) {
            return Err(Error::invalid(field, "must not be empty"));
        }
        one_line(field, text, ROLE_NAME_CHARS).map(Self)
    }
}

impl Line {
    /// Checks `text`; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        one_line(field, text.trim(), 500).map(Self)
    }
}

impl Reason {
    /// Checks `text`, in which line ends and repeated spaces count as one space; an error names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().all(is_invisible) {
            return Err(Error::invalid(field, "must not be empty"));
        }
        one_line(field, &text, REASON_CHARS).map(Self)
    }
}

fn one_line(field: &str, text: &str, limit: usize) -> Result<String> {
    // U+202A–U+202E and U+2066–U+2069 turn the direction of what stands beside a name: an impersonation trick.
    let forbidden = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if text.chars().any(forbidden) {
        return Err(Error::invalid(field, "must be one line of plain text"));
    }
    if text.chars().count() > limit {
        return Err(Error::invalid(field, format!("must be at most {limit} characters")));
    }
    Ok(text.to_owned())
}

/// A password on its way to being hashed; never printed, logged or serialised into an audit entry.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Takes the text as it came; [`Password::check`] says whether it may be chosen.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether this may be chosen as a new password; an error names `field`.
    pub fn check(&self, field: &str) -> Result<()> {
        if self.0.chars().count() < PASSWORD_CHARS {
            return Err(Error::invalid(field, format!("must be at least {PASSWORD_CHARS} characters long")));
        }
        if self.0.len() > PASSWORD_BYTES {
            return Err(Error::invalid(field, format!("must be at most {PASSWORD_BYTES} bytes long")));
        }
        Ok(())
    }

    /// The text itself, for the hash function.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // M02, M03
    #[test]
    fn a_message_body_is_one_to_four_thousand_characters() {
        assert_eq!(MessageBody::parse("body", " \n\t").unwrap_err().of_field("body"), Some("must not be empty"));
        assert!(MessageBody::parse("body", "\u{200B}\u{FEFF}").is_err());
        assert!(MessageBody::parse("body", &"é".repeat(4_000)).is_ok());
        assert!(MessageBody::parse("body", &"é".repeat(4_001)).is_err());
        assert!(MessageBody::parse("body", "a\0b").is_err());
        assert_eq!(MessageBody::parse("body", "a\r\nb  ").unwrap().as_str(), "a\nb");
        assert_eq!(MessageBody::parse("body", "    code").unwrap().as_str(), "    code");
    }

    // C05
    #[test]
    fn a_slug_is_one_to_fifty_plain_characters() {
        assert_eq!(Slug::parse("slug", "#General").unwrap().as_str(), "general");
        assert!(Slug::parse("slug", "").is_err());
        assert!(Slug::parse("slug", "a b").is_err());
        assert!(Slug::parse("slug", &"a".repeat(51)).is_err());
        assert_eq!(Slug::from_name("Good Morning, World!").unwrap().as_str(), "good-morning-world");
        assert_eq!(Slug::from_name("日本"), None);
    }

    #[test]
    fn a_name_cannot_turn_the_text_beside_it() {
        assert!(Name::parse("name", "Ana\u{202E}").is_err());
        assert!(Name::parse("name", "  ").is_err());
        assert_eq!(Name::parse("name", " Ana ").unwrap().as_str(), "Ana");
    }

    #[test]
    fn a_password_never_prints() {
        assert_eq!(format!("{:?}", Password::new("correct horse")), "Password(…)");
        assert!(Password::new("short").check("password").is_err());
    }
}
