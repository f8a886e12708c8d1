//! The binary as somebody starts it by hand.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

/// Starts it with the pages' files at `site`, its data in `data`, and no terminal.
fn started(site: &Path, data: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_thunderline"))
        .args(["--listen", "127.0.0.1:0", "--log", "debug", "--data"])
        .arg(data)
        .args(more)
        .env("LEPTOS_OUTPUT_NAME", "thunderline")
        .env("LEPTOS_SITE_ROOT", site)
        .env_remove("NO_COLOR")
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

// O01
#[test]
fn without_its_pages_it_does_not_start_and_says_where_it_looked() {
    let folder = tempfile::tempdir().unwrap();
    let (site, data) = (folder.path().join("nowhere"), folder.path().join("data"));
    let ended = started(&site, &data, &[]);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("thunderline: ")).collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].contains("`site`") && lines[0].contains(&site.display().to_string()), "{said}");
    assert!(!data.exists(), "nothing was begun");
}

// O03
#[test]
fn what_is_logged_to_no_terminal_has_no_colours() {
    let folder = tempfile::tempdir().unwrap();
    // It reads the database, and logs doing so.
    let ended = started(
        folder.path(),
        folder.path(),
        &["import", "slack", "nothing.zip", "--community", "harbour", "--owner", "ana"],
    );
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!said.is_empty() && !said.contains('\u{1b}'), "{said:?}");
}
