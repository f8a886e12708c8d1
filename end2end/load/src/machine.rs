use std::fs;

use serde::Serialize;

/// Where a run took place.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// How many cores.
    pub cores: usize,
    /// Which.
    pub processor: String,
    /// The kernel's version.
    pub kernel: String,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            cores: std::thread::available_parallelism().map_or(1, Into::into),
            processor: model.map_or_else(|| "unknown".into(), |(_, model)| model.trim().to_owned()),
            kernel: kernel.trim().to_owned(),
        }
    }
}

/// How many files this process may hold open, connections included.
pub fn open_files() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(1_024)
}

/// Resident memory of a process in bytes.
pub fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1_024)
}
