use crate::service::markdown::excerpt;

// M32
#[test]
fn an_excerpt_is_the_words_without_their_marks() {
    assert_eq!(excerpt("plain words", 80), "plain words");
    assert_eq!(
        excerpt("# *Hello*, **world** :tada:\n\n- one\n- `two`\n\n> three\nfour", 80),
        "Hello, world 🎉 one two three four"
    );
    assert_eq!(excerpt("[docs](https://a.example) ![a cat](/x.png) ~~old~~", 80), "docs a cat old");
    assert_eq!(excerpt("| a | b |\n|-|-|\n| c | d |", 80), "a b c d");
    assert_eq!(excerpt("```rust\nfn x() {\n    y()\n}\n```", 80), "fn x() { y() }");
    assert_eq!(excerpt("a <b>bold</b> word\n\n<div>\nx", 80), "a <b>bold</b> word <div> x");
    assert_eq!(excerpt(" \n\n ", 80), "");
}

// M32
#[test]
fn a_long_excerpt_ends_after_a_whole_word() {
    assert_eq!(excerpt("the quick brown fox", 12), "the quick…");
    assert_eq!(excerpt("the quick brown fox", 10), "the quick…");
    assert_eq!(excerpt("the quick brown fox", 19), "the quick brown fox");
    assert_eq!(excerpt(&"x".repeat(100), 10), "xxxxxxxxx…");
    assert_eq!(excerpt("word", 1), "…");
    assert_eq!(excerpt("word", 0), "");
}

// M32
#[test]
fn an_excerpt_does_not_cut_through_what_is_seen_as_one_character() {
    assert_eq!(excerpt("👩‍👩‍👧abcdefghijklmnopqrstuvw", 4), "…");
    assert_eq!(excerpt("xe\u{301}xxxxxxxxxxxxxxxxxxxxxx", 3), "x…");
}

// M32
#[test]
fn an_excerpt_cannot_turn_the_direction_of_the_page() {
    assert_eq!(excerpt("a\u{202e}b\u{2066}c", 80), "abc");
}
