//! Thunderline.
fn main() {}
