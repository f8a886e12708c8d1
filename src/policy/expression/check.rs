//! What a condition may say: every name, call and comparison is known and fits before it is kept.

use cel::common::ast::{CallExpr, Expr, LiteralValue, SelectExpr, operators};

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Truth,
    Number,
    Text,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::Truth => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
        }
    }
}

/// What can be asked, and what it is.
const NAMES: [(&str, &[(&str, Kind)]); 5] = [
    (
        "actor",
        &[
            ("id", Kind::Text),
            ("handle", Kind::Text),
            ("kind", Kind::Text),
            ("role", Kind::Text),
            ("server_owner", Kind::Truth),
            ("surface", Kind::Text),
        ],
    ),
    (
        "channel",
        &[
            ("id", Kind::Text),
            ("kind", Kind::Text),
            ("visibility", Kind::Text),
            ("status", Kind::Text),
            ("participant", Kind::Truth),
        ],
    ),
    ("community", &[("id", Kind::Text), ("public", Kind::Truth)]),
    ("message", &[("own", Kind::Truth)]),
    (
        "now",
        &[
            ("year", Kind::Number),
            ("month", Kind::Number),
            ("day", Kind::Number),
            ("weekday", Kind::Number),
            ("hour", Kind::Number),
            ("minute", Kind::Number),
        ],
    ),
];

/// Whether it is true or false in the end, and all in it fits. The error is a sentence's rest: "knows no `x`".
pub(super) fn answers(expr: &Expr) -> Result<(), String> {
    match kind(expr)? {
        Kind::Truth => Ok(()),
        other => Err(format!("is {}, not true or false", other.words())),
    }
}

fn kind(expr: &Expr) -> Result<Kind, String> {
    match expr {
        Expr::Literal(LiteralValue::Boolean(_)) => Ok(Kind::Truth),
        Expr::Literal(LiteralValue::Int(_)) => Ok(Kind::Number),
        Expr::Literal(LiteralValue::String(_)) => Ok(Kind::Text),
        Expr::Literal(_) => Err("may hold only true and false, whole numbers and texts".to_owned()),
        Expr::Ident(name) => Err(match fields(name) {
            Some(fields) => format!("names `{name}` without saying what of it: {}", list(fields)),
            None => unknown(name),
        }),
        Expr::Select(select) => field(select),
        Expr::Call(call) => called(call),
        Expr::List(_) => Err("may hold a list only behind `in`".to_owned()),
        Expr::Comprehension(_) => Err("goes through a list, which is not known here".to_owned()),
        Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => Err("may hold no `{…}`".to_owned()),
    }
}

fn fields(name: &str) -> Option<&'static [(&'static str, Kind)]> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, fields)| *fields)
}

fn list(fields: &[(&str, Kind)]) -> String {
    fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn unknown(name: &str) -> String {
    let names = NAMES.map(|(name, _)| name).join(", ");
    format!("knows no `{name}`; there are {names}")
}

fn field(select: &SelectExpr) -> Result<Kind, String> {
    if select.test {
        return Err("needs no has(): what there is not is an empty text".to_owned());
    }
    let Expr::Ident(name) = &select.operand.expr else {
        return Err(format!("knows no `.{}` there", select.field));
    };
    let known = fields(name).ok_or_else(|| unknown(name))?;
    let found = known.iter().find(|(field, _)| *field == select.field);
    found.map(|(_, kind)| *kind).ok_or_else(|| format!("knows no `{name}.{}`; there are {}", select.field, list(known)))
}

fn called(call: &CallExpr) -> Result<Kind, String> {
    let name = call.func_name.as_str();
    if let Some(target) = &call.target {
        if !matches!(name, "startsWith" | "endsWith" | "contains") {
            return Err(unknown_function(name));
        }
        let [argument] = call.args.as_slice() else { return Err(format!("gives `{name}` not one text")) };
        want(&target.expr, Kind::Text, name)?;
        want(&argument.expr, Kind::Text, name)?;
        return Ok(Kind::Truth);
    }
    let args: Vec<&Expr> = call.args.iter().map(|arg| &arg.expr).collect();
    match (name, args.as_slice()) {
        (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, args) => {
            args.iter().try_for_each(|arg| want(arg, Kind::Truth, sign(name)))?;
            Ok(Kind::Truth)
        }
        (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => {
            same(kind(left)?, kind(right)?)?;
            Ok(Kind::Truth)
        }
        (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, [left, right]) => {
            want(left, Kind::Number, sign(name))?;
            want(right, Kind::Number, sign(name))?;
            Ok(Kind::Truth)
        }
        (operators::ADD | operators::SUBSTRACT | operators::NEGATE, args) => {
            args.iter().try_for_each(|arg| want(arg, Kind::Number, sign(name)))?;
            Ok(Kind::Number)
        }
        (operators::CONDITIONAL, [asked, yes, no]) => {
            want(asked, Kind::Truth, sign(name))?;
            let yes = kind(yes)?;
            same(yes, kind(no)?)?;
            Ok(yes)
        }
        (operators::IN, [one, Expr::List(many)]) => {
            let one = kind(one)?;
            for element in &many.elements {
                if kind(&element.expr)? != one {
                    return Err(format!("mixes {} with something else behind `in`", one.words()));
                }
            }
            Ok(Kind::Truth)
        }
        (operators::IN, _) => Err("wants a list of texts or numbers behind `in`: ['a', 'b']".to_owned()),
        _ => Err(unknown_function(name)),
    }
}

fn unknown_function(name: &str) -> String {
    format!("knows no function `{}`; there are startsWith, endsWith and contains", sign(name))
}

/// An operator as it is written.
fn sign(name: &str) -> &str {
    name.trim_matches(['_', '@'])
}

fn want(expr: &Expr, wanted: Kind, by: &str) -> Result<(), String> {
    let found = kind(expr)?;
    if found == wanted {
        return Ok(());
    }
    let many = match wanted {
        Kind::Truth => "true or false",
        Kind::Number => "numbers",
        Kind::Text => "texts",
    };
    Err(format!("has `{by}`, which wants {many}, beside {}", found.words()))
}

fn same(left: Kind, right: Kind) -> Result<(), String> {
    if left == right { Ok(()) } else { Err(format!("compares {} with {}", left.words(), right.words())) }
}
