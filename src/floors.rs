//! The floors hold: a test reads the sources and proves that imports only point down.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Each module of the root package and what it may use. Siblings on a floor do not know each other.
const FLOORS: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("watching", &["domain"]),
    ("policy", &["domain"]),
    ("view", &["domain"]),
    ("store", &["domain", "watching", "policy", "view"]),
    ("audit", &["domain", "policy", "view"]),
    ("queue", &["domain", "watching", "policy", "view", "store"]),
    ("hub", &["domain", "watching", "policy", "view", "store"]),
    ("service", &["domain", "watching", "policy", "view", "store", "audit"]),
    ("lane", &["domain", "watching", "policy", "view", "store", "audit", "queue", "hub", "service"]),
    ("engine", &["domain", "watching", "policy", "view", "store", "audit", "queue", "hub", "service", "lane"]),
    ("lab", &["domain", "watching", "policy", "view", "store", "audit", "queue", "hub", "service", "lane", "engine"]),
];
/// What `app` may use of the root package; the engine only on the server.
const APP: [&str; 4] = ["domain", "policy", "view", "engine"];

#[test]
fn imports_point_down_the_floors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for (floor, below) in FLOORS {
        for file in sources(&root.join("src"), floor) {
            let used = used(&file, "crate");
            let known: BTreeSet<String> = FLOORS.iter().map(|(name, _)| (*name).to_owned()).collect();
            for up in used.intersection(&known).filter(|name| *name != floor && !below.contains(&name.as_str())) {
                wrong.push(format!("{} uses {up}, which is not below {floor}", file.display()));
            }
        }
    }
    for file in rust_files(&root.join("app/src")) {
        for up in used(&file, "thunderline").iter().filter(|name| !APP.contains(&name.as_str())) {
            wrong.push(format!("{} uses {up}; pages know floors 0-2 and, on the server, the engine", file.display()));
        }
    }
    assert!(wrong.is_empty(), "\nWhat happened travels up as events, never by call:\n{}\n", wrong.join("\n"));
}

#[test]
fn the_reader_of_sources_sees_what_is_used() {
    let source = "use crate::{domain::{Error, Time}, hub::Hub};\n// crate::engine\nfn f() { crate::store::open() }\n\
        #[cfg(test)]\nmod tests { use crate::lab::World; }";
    let expected: BTreeSet<String> = ["domain", "hub", "store"].map(str::to_owned).into();
    assert_eq!(names_after(&without_tests(source), "crate"), expected);
}

/// A floor's file and all below its folder.
fn sources(src: &Path, floor: &str) -> Vec<PathBuf> {
    let mut files = rust_files(&src.join(floor));
    files.extend(Some(src.join(format!("{floor}.rs"))).filter(|file| file.exists()));
    assert!(!files.is_empty(), "floor {floor} has no sources");
    files
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let test = path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("tests"));
        if test || path.ends_with("conformance.rs") {
            continue;
        }
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

fn used(file: &Path, root: &str) -> BTreeSet<String> {
    names_after(&without_tests(&fs::read_to_string(file).expect("a source can be read")), root)
}

fn without_tests(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first names after `root::`, also those of `root::{a::…, b::…}`.
fn names_after(source: &str, root: &str) -> BTreeSet<String> {
    let start = format!("{root}::");
    let mut names = BTreeSet::new();
    for (at, _) in source.match_indices(&start) {
        let rest = &source[at + start.len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(listed(list)),
            None => names.extend(name(rest)),
        }
    }
    names
}

fn listed(list: &str) -> Vec<String> {
    let (mut depth, mut fresh, mut names) = (0, true, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && !c.is_whitespace() => {
                names.extend(name(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

fn name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    Some(text[..end].to_owned()).filter(|name| !name.is_empty())
}
