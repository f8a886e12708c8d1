use std::collections::{BTreeMap, BTreeSet};

use super::company::{Cast, Company};
use crate::{
    client::Client,
    failure::Result,
    ground::Ground,
    report::{Bound, Report, count},
};

const NAME: &str = "firstload";
/// The most files a page may name.
const FILES: usize = 200;

/// What a browser loads to show a channel for the first time, compressed as a browser asks for it.
pub async fn run(ground: &mut Ground, report: &mut Report) -> Result<()> {
    let cast = Cast { posters: 2, onlookers: 1, rooms: 1, watchers: 0, bytes: None, number: 70 };
    let company = Company::gather(ground, cast).await?;
    let mut sender = company.sender(0);
    for _ in 0..50 {
        sender.post(company.room().id, tokio::time::Instant::now()).await;
    }
    let mut client = company.stage.people[1].again();
    let mut sizes: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::from([company.room().path.clone()]);
    let mut waiting: Vec<String> = known.iter().cloned().collect();
    while let Some(path) = waiting.pop() {
        let (bytes, text) = fetch(&mut client, &path).await?;
        let kind = kind(&path, path == company.room().path);
        println!("  {NAME}: {bytes:>8} {kind:<5} {path}");
        *sizes.entry(kind).or_default() += bytes as u64;
        for found in named(&path, &text, kind) {
            if known.len() < FILES && known.insert(found.clone()) {
                waiting.push(found);
            }
        }
    }
    let kilobytes = |kind| count(sizes.get(kind).copied().unwrap_or_default()) / 1e3;
    for (kind, name, aim) in
        [("html", "HTML", 30.0), ("css", "CSS", 20.0), ("js", "glue (JavaScript)", 15.0), ("wasm", "WASM", 280.0)]
    {
        report.aim(NAME, name, (kilobytes(kind), "KB"), Bound::AtMost(aim));
    }
    report.note(NAME, "fonts, icons, other", kilobytes("other"), "KB");
    let all = (count(sizes.values().sum()) / 1e3, "KB");
    report.hold(NAME, "all resources", all, Bound::AtMost(500.0), Bound::AtMost(350.0));
    Ok(())
}

/// Answers what it weighs on the wire, and its text.
async fn fetch(client: &mut Client, path: &str) -> Result<(usize, String)> {
    let accept = if path.starts_with("/c/") { "text/html" } else { "*/*" };
    let packed = client.get(path, accept, "br").await?;
    if packed.status != 200 {
        return Err(format!("{path} answered {}", packed.status).into());
    }
    let plain = client.get(path, accept, "identity").await?;
    Ok((packed.body.len(), String::from_utf8_lossy(&plain.body).into_owned()))
}

fn kind(path: &str, is_page: bool) -> &'static str {
    match path.rsplit('.').next() {
        _ if is_page => "html",
        Some("css") => "css",
        Some("js") => "js",
        Some("wasm") => "wasm",
        _ => "other",
    }
}

/// The files of this server that a page, a style sheet or a script makes a browser load.
fn named(path: &str, text: &str, kind: &str) -> Vec<String> {
    match kind {
        "html" => {
            let elements = text.split('<').filter(|element| {
                element.starts_with("link ") || element.starts_with("script") || element.starts_with("img ")
            });
            let mut found: Vec<String> = Vec::new();
            for element in elements {
                let element = element.split_once('>').map_or(element, |(head, _)| head);
                for attribute in [" href=\"", " src=\""] {
                    let value = element.split(attribute).nth(1).and_then(|rest| rest.split('"').next());
                    found.extend(value.filter(|value| is_file(value)).map(ToOwned::to_owned));
                }
            }
            // The script at the foot of the page imports the glue and names the WASM.
            for quoted in text.split(['"', '\'', '`']).filter(|quoted| {
                quoted.starts_with("/pkg/") && matches!(quoted.rsplit('.').next(), Some("js" | "wasm"))
            }) {
                found.push(quoted.to_owned());
            }
            found
        }
        "css" => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let urls = text.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
            urls.map(|url| url.trim_matches(['"', '\'']))
                .filter(|url| !url.starts_with("data:") && !url.starts_with('#') && !url.contains("://"))
                .map(|url| if url.starts_with('/') { url.to_owned() } else { format!("{folder}/{url}") })
                .collect()
        }
        "js" => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            // What a file imports by itself; what it fetches when somebody goes there stands in a call.
            let imported = text.split("from").skip(1).filter_map(|rest| {
                let rest = rest.trim_start();
                let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
                rest[1..].split(quote).next()?.strip_prefix("./")
            });
            let files: BTreeSet<&str> = imported.collect();
            files.into_iter().map(|name| format!("{folder}/{name}")).collect()
        }
        _ => Vec::new(),
    }
}

fn is_file(value: &str) -> bool {
    value.starts_with('/') && !value.starts_with("//") && value.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_names_is_found() {
        let page = r#"<link rel="stylesheet" href="/pkg/a.css"><link rel="icon" href="/mark.svg"><a href="/c/x.y">
            <script type="module">import('/pkg/a.js').then(m => m.default({ module_or_path: "/pkg/a.wasm" }))</script>
            <script src="https://elsewhere/x.js"></script>"#;
        let found = named("/c/a/b", page, "html");
        assert_eq!(found, ["/pkg/a.css", "/mark.svg", "/pkg/a.js", "/pkg/a.wasm"]);
        let style = r#"@font-face{src:url("/f.woff2")} a{background:url(b.svg)} b{background:url(data:x)}"#;
        assert_eq!(named("/pkg/a.css", style, "css"), ["/f.woff2", "/pkg/b.svg"]);
        let glue = r#"let e;import*as n from"./s.js";import * as t from './s.js'; const later = fetch("./later.wasm"); Array.from(e)"#;
        assert_eq!(named("/pkg/a.js", glue, "js"), ["/pkg/s.js"]);
    }
}
