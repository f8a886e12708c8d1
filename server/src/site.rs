use std::{
    env,
    path::{Path, PathBuf},
};

use leptos::config::{Env, LeptosOptions};

/// Where the built pages' files lie. `LEPTOS_*` variables decide when they are set (as `cargo leptos` does); without
/// them the folder beside the binary, so that it also runs by hand.
pub(crate) fn options() -> LeptosOptions {
    let beside = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf)).unwrap_or_default();
    if env::var_os("LEPTOS_OUTPUT_NAME").is_some()
        && let Ok(config) = leptos::config::get_configuration(None)
    {
        let mut options = config.leptos_options;
        // Without the list of hashed names (a test's binary has none beside it) every page would fail.
        options.hash_files &= beside.join(options.hash_file.as_ref()).is_file();
        return options;
    }
    let candidates = [beside.join("../site"), beside.join("site"), PathBuf::from("site"), PathBuf::from("target/site")];
    let root = candidates.iter().find(|folder| folder.join("pkg").is_dir()).unwrap_or(&candidates[0]);
    LeptosOptions::builder()
        .output_name("thunderline")
        .site_root(root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .env(Env::PROD)
        .hash_files(beside.join("hash.txt").is_file())
        .build()
}
