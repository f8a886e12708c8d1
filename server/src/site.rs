use std::{
    env,
    path::{Path, PathBuf},
};

use leptos::config::{Env, LeptosOptions};

/// Where the built pages' files lie. `LEPTOS_*` variables decide when they are set (as `cargo leptos` does); without
/// them the folder beside the binary, so that it also runs by hand.
pub(crate) fn options() -> LeptosOptions {
    if env::var_os("LEPTOS_OUTPUT_NAME").is_some()
        && let Ok(config) = leptos::config::get_configuration(None)
    {
        return config.leptos_options;
    }
    let beside = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf)).unwrap_or_default();
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
