use comrak::markdown_to_html;
use serde_json::Value;

use crate::service::markdown::dialect;

/// Every example of the specification; see `commonmark.md` for where it comes from.
const EXAMPLES: &str = include_str!("../commonmark.json");

// M32
#[test]
fn every_example_of_the_commonmark_specification_renders_like_the_reference() {
    let examples: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap();
    assert_eq!(examples.len(), 652, "the specification 0.31.2 has 652 examples");
    let options = dialect::spec();
    let different: Vec<_> = examples
        .iter()
        .filter(|example| markdown_to_html(example["markdown"].as_str().unwrap(), &options) != example["html"])
        .map(|example| format!("{} ({}): {}", example["example"], example["section"], example["markdown"]))
        .collect();
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}
