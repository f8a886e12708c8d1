//! Conditions in CEL, the Common Expression Language: the part of it whose cost is bounded by its length. No loops, no
//! regular expressions, no texts that grow; so a condition of [`CONDITION_CHARS`] characters is evaluated in
//! microseconds whatever it says.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use cel::{Context, Env, IdedExpr, Value, parser::Parser};

use super::{Target, Unanswered};
use crate::domain::{Actor, Identity, Time, rule::CONDITION_CHARS};

mod check;

/// How deep brackets and choices may be nested: beyond it nobody reads it, and the parser's stack is not tried.
const DEEP: usize = 12;

/// A condition as it was written, and compiled.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    /// Or why it cannot be.
    compiled: Result<Arc<IdedExpr>, String>,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

impl Expression {
    /// Compiles what somebody writes. The error says what is wrong with it: that it cannot be read, names what there is
    /// not, compares what cannot be compared, or is not true or false in the end.
    pub fn parse(source: &str) -> Result<Self, String> {
        let source = source.trim();
        let compiled = Arc::new(compile(source)?);
        Ok(Self { source: source.into(), compiled: Ok(compiled) })
    }

    /// What was stored. One that cannot be compiled any more can never be evaluated.
    pub fn stored(source: &str) -> Self {
        Self { source: source.into(), compiled: compile(source).map(Arc::new) }
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is true.
    pub(super) fn holds(&self, actor: &Actor, target: &Target) -> Result<bool, Unanswered> {
        let expression = self.compiled.as_ref().map_err(|cause| Unanswered(cause.clone()))?;
        match Value::resolve(expression, &context(actor, target)) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(_) => Err(Unanswered("it is neither true nor false".to_owned())),
            Err(cause) => Err(Unanswered(cause.to_string())),
        }
    }
}

fn compile(source: &str) -> Result<IdedExpr, String> {
    let chars = source.chars().count();
    if chars > CONDITION_CHARS {
        return Err(format!("must be at most {CONDITION_CHARS} characters, not {chars}"));
    }
    if depth(source) > DEEP {
        return Err(format!("is nested too deeply: at most {DEEP} brackets, choices and negations"));
    }
    let parsed = Parser::default().max_recursion_depth(64).parse(source).map_err(|errors| {
        let first = errors.errors.first();
        let place = first.map(|error| format!(" at character {}", error.pos.1)).unwrap_or_default();
        let cause = first.map(|error| error.msg.clone()).unwrap_or_default();
        format!("cannot be read{place}: {cause}")
    })?;
    check::answers(&parsed.expr)?;
    Ok(parsed)
}

/// At most how deep it can be nested, counted without reading it.
fn depth(source: &str) -> usize {
    let (mut open, mut deepest, mut others) = (0_usize, 0, 0);
    for c in source.chars() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            '?' => others += 1,
            _ => {}
        }
        deepest = deepest.max(open);
    }
    // Signs in a row: `!!!!true`.
    let mut signs = 0_usize;
    let mut most_signs = 0;
    for c in source.chars().filter(|c| !c.is_whitespace()) {
        signs = if matches!(c, '!' | '-') { signs + 1 } else { 0 };
        most_signs = most_signs.max(signs);
    }
    deepest + others + most_signs
}

/// What a condition can ask: the same names as [`check`] knows.
fn context(actor: &Actor, target: &Target) -> Context<'static, 'static> {
    static STANDARD: OnceLock<Arc<Env>> = OnceLock::new();
    let mut context = Context::with_env(STANDARD.get_or_init(|| Arc::new(Env::stdlib())).clone());
    let text = |text: Option<&str>| Value::from(text.unwrap_or_default());
    let (person, server_owner) = match &actor.identity {
        Identity::Person { person, server_owner, .. } => (Some(person), *server_owner),
        Identity::Visitor | Identity::System => (None, false),
    };
    let id = person.map(|person| person.id.to_string());
    let mut bind = |name: &str, fields: Vec<(&'static str, Value)>| {
        context.add_variable_from_value(name, fields.into_iter().collect::<HashMap<_, _>>());
    };
    bind(
        "actor",
        vec![
            ("id", text(id.as_deref())),
            ("handle", text(person.map(|person| person.handle.as_str()))),
            ("kind", text(person.map(|person| person.kind.as_str()))),
            ("role", text(target.role.map(crate::domain::Role::as_str))),
            ("server_owner", server_owner.into()),
            ("surface", text(Some(actor.surface.as_str()))),
        ],
    );
    let channel = target.channel.map(|id| id.to_string());
    bind(
        "channel",
        vec![
            ("id", text(channel.as_deref())),
            ("kind", text(target.kind.map(crate::domain::ChannelKind::as_str))),
            ("visibility", text(target.visibility.map(crate::domain::Visibility::as_str))),
            ("status", text(target.status.map(crate::domain::ChannelStatus::as_str))),
            ("participant", target.participant.into()),
        ],
    );
    let community = target.community.map(|id| id.to_string());
    bind("community", vec![("id", text(community.as_deref())), ("public", target.public_community.into())]);
    bind("message", vec![("own", target.author.into())]);
    bind("now", moment(target.now));
    context
}

/// A moment in UTC; Monday is day 1 of the week.
fn moment(now: Time) -> Vec<(&'static str, Value)> {
    let (year, month, day) = now.date();
    let minutes = now.micros().rem_euclid(Time::DAY) / Time::MINUTE;
    vec![
        ("year", Value::Int(year)),
        ("month", Value::Int(month.into())),
        ("day", Value::Int(day.into())),
        // 1970-01-01 was a Thursday.
        ("weekday", Value::Int((now.day() + 3).rem_euclid(7) + 1)),
        ("hour", Value::Int(minutes / 60)),
        ("minute", Value::Int(minutes % 60)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PersonId, PersonSummary, Role, Surface, person::PersonKind};

    fn bo() -> Actor {
        let (id, kind) = (PersonId::fresh(), PersonKind::Person);
        Actor::person(PersonSummary { id, handle: "bo".to_owned(), name: "Bo".to_owned(), kind }, Surface::Page)
    }

    fn here() -> Target {
        // Thursday, 2026-01-01 09:30 UTC.
        let now = Time::from_micros(1_767_225_600_000_000 + 570 * Time::MINUTE);
        Target { role: Some(Role::Guest), participant: true, now, ..Target::default() }
    }

    // S01
    #[test]
    fn a_condition_asks_about_actor_channel_community_message_and_now() {
        for (source, answer) in [
            ("actor.role == 'guest' && actor.handle in ['bo', 'cy']", true),
            ("actor.handle.startsWith('b') ? channel.participant : false", true),
            ("community.public || message.own", false),
            ("now.hour >= 9 && now.hour < 17 && now.weekday <= 5", true),
            ("now.year == 2026 && now.month == 1 && now.day == 1 && now.minute == 30 && now.weekday == 4", true),
            ("!(actor.surface == 'page') || actor.server_owner", false),
            ("channel.status == '' && channel.id == ''", true),
            ("now.hour - 9 + -1 < 0", true),
        ] {
            assert_eq!(Expression::parse(source).unwrap().holds(&bo(), &here()), Ok(answer), "{source}");
        }
    }

    // S01
    #[test]
    fn what_is_wrong_with_a_condition_is_said_before_it_is_kept() {
        for (source, said) in [
            ("actor.role = 'guest'", "cannot be read at character"),
            ("", "cannot be read"),
            ("person.role == 'guest'", "knows no `person`"),
            ("actor.rolle == 'guest'", "knows no `actor.rolle`"),
            ("actor.role == 1", "compares a text with a number"),
            ("now.hour", "is a number, not true or false"),
            ("actor", "names `actor` without saying what of it"),
            ("now.hour && true", "wants true or false"),
            ("actor.handle.matches('a*')", "knows no function `matches`"),
            ("['a', 'b'].exists(x, x == actor.handle)", "goes through a list"),
            ("actor.handle in ['a', 1]", "mixes"),
            ("actor.handle + 'x' == 'box'", "wants numbers"),
            ("has(actor.role)", "has()"),
        ] {
            let error = Expression::parse(source).unwrap_err();
            assert!(error.contains(said), "{source}: {error}");
        }
    }

    // S01
    #[test]
    fn a_condition_is_bounded_in_length_and_depth() {
        let long = format!("actor.handle == '{}'", "x".repeat(CONDITION_CHARS));
        assert!(Expression::parse(&long).unwrap_err().contains("at most 500 characters"));
        for deep in [
            format!("{}true{}", "(".repeat(200), ")".repeat(200)),
            format!("{}true", "!".repeat(400)),
            "true ? ".repeat(25) + "true" + &" : true".repeat(25),
            "[".repeat(480),
        ] {
            assert!(Expression::parse(&deep).unwrap_err().contains("nested too deeply"), "{deep}");
        }
        let wide = vec!["message.own"; 33].join(" || ");
        assert_eq!(Expression::parse(&wide).unwrap().holds(&bo(), &here()), Ok(false));
    }

    // S01
    #[test]
    fn what_cannot_be_evaluated_is_no_answer() {
        let overflow = Expression::parse("now.year + 9223372036854775807 > 0").unwrap();
        assert!(overflow.holds(&bo(), &here()).is_err());
        assert!(Expression::stored("actor.rank > 3").holds(&bo(), &here()).is_err());
    }
}
