//! Colours for code whose fence names its language: each word of it is one of a few kinds, which the page colours.

use std::sync::LazyLock;

use syntect::{
    easy::ScopeRegionIterator,
    parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet},
    util::LinesWithEndings,
};

/// Bytes of a line that is looked at word by word. What stands after a longer one stays without colours, for the
/// time that a grammar takes for a line can grow with the square of its length.
const LONGEST_LINE: usize = 400;

/// The classes of coloured words.
pub(super) const CLASSES: [&str; 6] =
    ["tok-comment", "tok-function", "tok-keyword", "tok-number", "tok-string", "tok-type"];

/// What a grammar calls a word, by the beginning of its name, and the class of such words; without a class it is
/// shown like what surrounds nothing. The first that fits counts.
const KINDS: [(&str, Option<&str>); 24] = [
    ("comment", Some("tok-comment")),
    ("markup.deleted", Some("tok-keyword")),
    ("markup.inserted", Some("tok-string")),
    ("markup.heading", Some("tok-type")),
    ("meta.diff.header", Some("tok-comment")),
    ("meta.diff.range", Some("tok-type")),
    ("meta.interpolation", None),
    ("string", Some("tok-string")),
    ("constant", Some("tok-number")),
    ("keyword.operator.word", Some("tok-keyword")),
    ("keyword.operator", None),
    ("keyword", Some("tok-keyword")),
    ("storage", Some("tok-keyword")),
    ("variable.language", Some("tok-keyword")),
    ("entity.name.function", Some("tok-function")),
    ("support.function", Some("tok-function")),
    ("support.macro", Some("tok-function")),
    ("variable.function", Some("tok-function")),
    ("entity.name.tag", Some("tok-keyword")),
    ("entity.other.attribute-name", Some("tok-function")),
    ("entity.name", Some("tok-type")),
    ("entity.other.inherited-class", Some("tok-type")),
    ("support", Some("tok-type")),
    ("source", None),
];

/// Names that people give a language and its grammar does not know.
const ALSO_KNOWN_AS: [(&str, &str); 5] =
    [("console", "sh"), ("golang", "go"), ("jsonc", "json"), ("shell", "sh"), ("shell-session", "sh")];

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

static SCOPES: LazyLock<Vec<(Scope, Option<&str>)>> = LazyLock::new(|| {
    KINDS.iter().map(|&(name, class)| (Scope::new(name).expect("a well-formed scope"), class)).collect()
});

/// The pieces of `code` in order, each with the class it has, if any; `None` for a language nobody here speaks.
/// Put together, the pieces are `code`.
pub(super) fn pieces<'a>(language: &str, code: &'a str) -> Option<Vec<(Option<&'static str>, &'a str)>> {
    let mut reader = Some((ParseState::new(grammar(language)?), ScopeStack::new()));
    let mut pieces = Pieces { code, told: 0, all: Vec::new() };
    let mut end = 0;
    for line in LinesWithEndings::from(code) {
        end += line.len();
        if line.len() > LONGEST_LINE {
            reader = None;
        }
        let read = reader.as_mut().and_then(|(state, stack)| {
            let operations = state.parse_line(line, &GRAMMARS).ok()?;
            for (piece, operation) in ScopeRegionIterator::new(&operations, line) {
                stack.apply(operation).ok()?;
                // White space has no colour.
                pieces.push(if piece.trim().is_empty() { None } else { class(stack) }, piece.len());
            }
            Some(())
        });
        if read.is_none() {
            // The grammar lost its way, perhaps in the middle of this line: from there on it is only text.
            reader = None;
            pieces.push(None, end - pieces.told);
        }
    }
    Some(pieces.all)
}

struct Pieces<'a> {
    code: &'a str,
    told: usize,
    all: Vec<(Option<&'static str>, &'a str)>,
}

impl Pieces<'_> {
    /// The next `length` bytes have this class; with those before them they are one piece where these have it, too.
    fn push(&mut self, class: Option<&'static str>, length: usize) {
        let start = match self.all.last() {
            Some((last, piece)) if *last == class => self.told - piece.len(),
            _ => self.told,
        };
        if start < self.told {
            self.all.pop();
        }
        self.told += length;
        if start < self.told {
            self.all.push((class, &self.code[start..self.told]));
        }
    }
}

fn grammar(language: &str) -> Option<&'static SyntaxReference> {
    let lower = language.to_ascii_lowercase();
    let name = ALSO_KNOWN_AS.iter().find(|(alias, _)| *alias == lower).map_or(&*lower, |(_, name)| name);
    GRAMMARS.find_syntax_by_token(name)
}

/// The class of what stands at `stack`: its innermost name that means something.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    let kind = |scope: &Scope| SCOPES.iter().find(|(kind, _)| kind.is_prefix_of(*scope));
    stack.as_slice().iter().rev().find_map(kind).and_then(|(_, class)| *class)
}
