//! The built pages' files: where they lie, and whether they are there.

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

use leptos::config::{Env, LeptosOptions};

/// The built pages' files are nowhere where they were looked for.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSite(Vec<PathBuf>);

impl fmt::Display for NoSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let looked: Vec<String> = self.0.iter().map(|folder| folder.display().to_string()).collect();
        write!(
            f,
            "the folder `site` with the pages' files (a folder `pkg` in it) is missing; looked for it at {}. Put it beside \
             the binary, with hash.txt.",
            looked.join(", ")
        )
    }
}

impl std::error::Error for NoSite {}

/// Whether the built pages' files are there: without them every page stands without style and client.
pub fn check() -> Result<(), NoSite> {
    let options = options();
    found(&looked_at(&options), options.site_pkg_dir.as_ref())
}

fn found(folders: &[PathBuf], package: &str) -> Result<(), NoSite> {
    let there = folders.iter().any(|folder| folder.join(package).is_dir());
    if there { Ok(()) } else { Err(NoSite(folders.to_vec())) }
}

/// Where the built pages' files lie. `LEPTOS_*` variables decide when they are set (as `cargo leptos` does); without
/// them the folder beside the binary, so that it also runs by hand.
pub(crate) fn options() -> LeptosOptions {
    let beside = beside();
    if let Some(mut options) = told() {
        // Without the list of hashed names (a test's binary has none beside it) every page would fail.
        options.hash_files &= beside.join(options.hash_file.as_ref()).is_file();
        return options;
    }
    let candidates = candidates();
    let root = candidates.iter().find(|folder| folder.join("pkg").is_dir()).unwrap_or(&candidates[0]);
    LeptosOptions::builder()
        .output_name("thunderline")
        .site_root(root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .env(Env::PROD)
        .hash_files(beside.join("hash.txt").is_file())
        .build()
}

/// What the variables say, if they are set.
fn told() -> Option<LeptosOptions> {
    env::var_os("LEPTOS_OUTPUT_NAME")?;
    leptos::config::get_configuration(None).ok().map(|config| config.leptos_options)
}

fn looked_at(options: &LeptosOptions) -> Vec<PathBuf> {
    if told().is_some() { vec![PathBuf::from(options.site_root.as_ref())] } else { candidates().to_vec() }
}

fn candidates() -> [PathBuf; 4] {
    let beside = beside();
    [beside.join("../site"), beside.join("site"), PathBuf::from("site"), PathBuf::from("target/site")]
}

fn beside() -> PathBuf {
    env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_site_is_told_with_where_it_was_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().join("one"), folder.path().join("two")];
        let missing = found(&places, "pkg").unwrap_err().to_string();
        assert!(missing.contains("`site`") && !missing.contains('\n'), "{missing}");
        for place in &places {
            assert!(missing.contains(&place.display().to_string()), "{missing}");
        }
        std::fs::create_dir_all(places[1].join("pkg")).unwrap();
        assert_eq!(found(&places, "pkg"), Ok(()));
    }
}
