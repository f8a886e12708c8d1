//! A second opinion on what is safe, written without a look at the sanitiser: it reads the canonical form that a
//! serialiser writes, and everything it does not expect is an error.

/// Whether links must carry `rel` and `target`: they do when we wrote them, not when only the sanitiser saw them.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Links {
    Ours,
    Any,
}

/// The first thing in `html` that has no business in a message.
pub(super) fn objection(html: &str, links: Links) -> Option<String> {
    Inspector { rest: html, open: Vec::new(), links }.inspect().err()
}

struct Inspector<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    links: Links,
}

type Attributes<'a> = Vec<(&'a str, String)>;

impl<'a> Inspector<'a> {
    fn inspect(mut self) -> Result<(), String> {
        while let Some(at) = self.rest.find(['<', '>', '&']) {
            let (_, rest) = self.rest.split_at(at);
            if rest.starts_with('&') {
                self.rest = entity(rest)?.1;
            } else if let Some(rest) = rest.strip_prefix("</") {
                let (name, rest) = rest.split_once('>').ok_or("an end tag without an end")?;
                if self.open.pop() != Some(name) {
                    return Err(format!("</{name}> closes nothing"));
                }
                self.rest = rest;
            } else if let Some(rest) = rest.strip_prefix('<') {
                self.rest = self.tag(rest)?;
            } else {
                return Err(format!("a bare > in {rest:.40}"));
            }
        }
        if self.open.is_empty() { Ok(()) } else { Err(format!("{:?} stay open", self.open)) }
    }

    /// `name( name="value")*>`, and nothing else that HTML would forgive.
    fn tag(&mut self, source: &'a str) -> Result<&'a str, String> {
        let (name, mut rest) = word(source);
        if !TAGS.contains(&name) {
            return Err(format!("the element <{name}>"));
        }
        let mut attributes = Attributes::new();
        while let Some(source) = rest.strip_prefix(' ') {
            let (attribute, source) = word(source);
            let source = source.strip_prefix("=\"").ok_or_else(|| format!("a malformed {attribute} on <{name}>"))?;
            let (value, source) = source.split_once('"').ok_or("a value without an end")?;
            if attributes.iter().any(|(other, _)| *other == attribute) {
                return Err(format!("{attribute} twice on <{name}>"));
            }
            attributes.push((attribute, decode(value)?));
            rest = source;
        }
        rest = rest.strip_prefix('>').ok_or_else(|| format!("a malformed <{name}> at {rest:.40}"))?;
        for (attribute, value) in &attributes {
            if !is_expected(name, attribute, value) {
                return Err(format!("{attribute}={value:?} on <{name}>"));
            }
        }
        self.as_a_whole(name, &attributes)?;
        if !matches!(name, "br" | "hr" | "input") {
            self.open.push(name);
        }
        Ok(rest)
    }

    fn as_a_whole(&self, name: &str, attributes: &Attributes<'_>) -> Result<(), String> {
        let value = |wanted| attributes.iter().find(|(attribute, _)| *attribute == wanted).map(|(_, value)| &**value);
        if name == "a" && self.links == Links::Ours {
            if self.open.contains(&"a") {
                return Err("a link inside a link".into());
            }
            let href = value("href").ok_or("a link that leads nowhere")?;
            let guard = (value("rel"), value("target"));
            let expected = if href.starts_with('#') {
                (None, None)
            } else {
                (Some("noopener noreferrer nofollow ugc"), Some("_blank"))
            };
            if guard != expected {
                return Err(format!("{guard:?} on the link to {href}"));
            }
        }
        if name == "input" && (value("type"), value("disabled")) != (Some("checkbox"), Some("")) {
            return Err("an input that takes input".into());
        }
        Ok(())
    }
}

const TAGS: &[&str] = &[
    "p",
    "br",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "blockquote",
    "hr",
    "a",
    "ul",
    "ol",
    "li",
    "input",
    "sup",
    "section",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "math",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
];

fn is_expected(tag: &str, attribute: &str, value: &str) -> bool {
    let words = |allowed: &str| value.chars().all(|char| char.is_ascii_alphanumeric() || allowed.contains(char));
    match format!("{tag}.{attribute}").as_str() {
        "a.href" => {
            let lower = value.to_ascii_lowercase();
            let leads_out = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
            leads_out
                || ((lower.starts_with("#fn-") || lower.starts_with("#fnref-"))
                    && value[1..].len() < 48
                    && value[1..].chars().all(|char| char.is_ascii_alphanumeric() || char == '-'))
        }
        "a.title" => true,
        "a.rel" => value == "noopener noreferrer nofollow ugc",
        "a.target" => value == "_blank",
        "a.class" => value == "footnote-backref",
        "a.id" => value.starts_with("fnref-") && words("-") && value.len() < 48,
        "li.id" => value.starts_with("fn-") && words("-") && value.len() < 48,
        "a.aria-label" => {
            value.starts_with("Back to reference ")
                && value[18..].chars().all(|char| char.is_ascii_digit() || char == '-')
        }
        "input.aria-label" => value.ends_with("omplete task") || value == "Completed task",
        "input.type" => value == "checkbox",
        "input.checked" | "input.disabled" => value.is_empty(),
        "input.class" => value == "task-list-item-checkbox",
        "li.class" => value == "task-list-item",
        "ul.class" | "ol.class" => value == "contains-task-list",
        "ol.start" => value.parse::<u32>().is_ok(),
        "sup.class" => value == "footnote-ref",
        "section.class" => value == "footnotes",
        "span.class" => {
            let token = ["comment", "function", "keyword", "number", "string", "type"];
            value == "mention" || value.strip_prefix("tok-").is_some_and(|kind| token.contains(&kind))
        }
        "code.class" => value.starts_with("language-") && words("-_+#."),
        "math.display" => ["block", "inline"].contains(&value),
        "math.displaystyle"
        | "mrow.displaystyle"
        | "mfrac.displaystyle"
        | "mtable.displaystyle"
        | "mo.stretchy"
        | "mo.symmetric"
        | "mo.largeop"
        | "mo.movablelimits" => ["true", "false"].contains(&value),
        "math.scriptlevel" | "mrow.scriptlevel" | "mfrac.scriptlevel" | "mtable.scriptlevel" => {
            value.len() == 1 && "012".contains(value)
        }
        "mi.mathvariant" => value == "normal",
        "mfrac.linethickness" | "mo.minsize" | "mo.maxsize" | "mspace.width" | "mspace.height" | "mspace.depth" => {
            value.trim_end_matches("em").parse::<f32>().is_ok_and(|size| (-10.0..=10.0).contains(&size))
        }
        "th.align" | "td.align" => ["left", "center", "right"].contains(&value),
        _ => false,
    }
}

fn word(source: &str) -> (&str, &str) {
    source.split_at(source.find(|char: char| !char.is_ascii_alphanumeric() && char != '-').unwrap_or(source.len()))
}

fn entity(source: &str) -> Result<(char, &str), String> {
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{a0}')]
        .iter()
        .find_map(|(entity, char)| Some((*char, source.strip_prefix(entity)?)))
        .ok_or_else(|| format!("a bare & in {source:.40}"))
}

fn decode(mut value: &str) -> Result<String, String> {
    let mut decoded = String::new();
    while let Some(at) = value.find('&') {
        decoded.push_str(&value[..at]);
        let (char, rest) = entity(&value[at..])?;
        decoded.push(char);
        value = rest;
    }
    decoded.push_str(value);
    Ok(decoded)
}

// M32
#[test]
fn the_inspector_objects_to_what_must_never_be_written() {
    for bad in [
        "<script>alert(1)</script>",
        "<img src=\"x\">",
        "<p onclick=\"x\">x</p>",
        "<p style=\"x\">x</p>",
        "<p id=\"x\">x</p>",
        "<p class=\"x\">x</p>",
        "<p x>x</p>",
        "<p\nx=\"\">x</p>",
        "<P>x</P>",
        "<p>x",
        "x</p>",
        "<p>x</em>",
        "<!-- x -->",
        "a < b",
        "a > b",
        "a & b",
        "a &#60; b",
        "<a>x</a>",
        "<a href=\"https://a.example\">x</a>",
        "<svg></svg>",
        "<a href=\"javascript:x\" rel=\"noopener noreferrer nofollow ugc\" target=\"_blank\">x</a>",
        "<a href=\"//a.example\" rel=\"noopener noreferrer nofollow ugc\" target=\"_blank\">x</a>",
        "<a href=\"#main\">x</a>",
        "<a href=\"#fn-1\" target=\"_blank\">x</a>",
        "<a href=\"https://a.example\" href=\"x\">x</a>",
        "<code class=\"language-x modal\">x</code>",
        "<input type=\"text\" disabled=\"\">",
        "<input type=\"checkbox\">",
        "<a href=\"#fn-1\"><a href=\"#fn-1\">x</a></a>",
        "<li id=\"main\">x</li>",
        "<section class=\"x\">x</section>",
        "<span class=\"modal\">x</span>",
        "<span class=\"tok-keyword modal\">x</span>",
        "<span class=\"tok-x\">x</span>",
        "<math><mi href=\"https://a.example\">x</mi></math>",
        "<math><maction>x</maction></math>",
        "<math display=\"modal\"></math>",
        "<mspace width=\"9999em\"></mspace>",
        "<mrow style=\"position: fixed\"></mrow>",
    ] {
        assert!(objection(bad, Links::Ours).is_some(), "no objection to {bad}");
    }
}

// M32
#[test]
fn the_inspector_accepts_what_messages_are_made_of() {
    for good in [
        "<p>a &lt; b &amp; c</p>\n",
        "<h1>x</h1><hr><p>a<br>\nb</p>",
        "<pre><code class=\"language-c++\">x</code></pre>",
        "<p><a href=\"https://a.example/?a&amp;b\" title=\"x\" rel=\"noopener noreferrer nofollow ugc\" target=\"_blank\">x</a></p>",
        "<sup class=\"footnote-ref\"><a href=\"#fn-0-1\" id=\"fnref-0-1\">1</a></sup>",
    ] {
        assert_eq!(objection(good, Links::Ours), None, "{good}");
    }
}
