//! The zip: found by name, read entry by entry, never written to disk.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use zip::ZipArchive;

use crate::import::{ImportError, Tally};

/// The most bytes one file of the archive may unpack to: a day of a channel is rarely more than a few.
const ENTRY_BYTES: u64 = 256 << 20;
/// How many bytes a byte of the archive may unpack to, over all of it. JSON gives 10 to 30.
const RATIO: u64 = 100;
/// What a small archive may unpack to, whatever its ratio.
const ALLOWANCE: u64 = 256 << 20;

/// What may be unpacked, in bytes.
#[derive(Clone, Copy)]
struct Limits {
    entry: u64,
    all: u64,
}

/// One open file that several readers share, each with a place of its own.
#[derive(Clone)]
struct Shared {
    file: Arc<Mutex<File>>,
    place: u64,
    length: u64,
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.place))?;
        let read = file.read(buffer)?;
        self.place += read as u64;
        Ok(read)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the start"))?;
        Ok(self.place)
    }
}

/// Where a file is in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub index: usize,
    /// Its path, for the report.
    pub path: String,
}

/// A file that could not be read, and the import goes on.
pub(super) enum Unread {
    /// This one only.
    Entry(String),
    /// Reading on would be a mistake.
    All(ImportError),
}

/// What is in the archive, by what it means to an export.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Files beside users.json, by name.
    pub top: HashMap<String, Entry>,
    /// Days of each folder, oldest first.
    pub days: BTreeMap<String, Vec<Entry>>,
}

/// An open archive. Cloning is cheap and gives a reader of its own.
#[derive(Clone)]
pub(super) struct Archive {
    zip: ZipArchive<Shared>,
    unpacked: Arc<AtomicU64>,
    limits: Limits,
}

impl Archive {
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let unreadable = |cause| ImportError::Unreadable { path: path.to_owned(), cause };
        let file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let shared = Shared { file: Arc::new(Mutex::new(file)), place: 0, length };
        let zip = ZipArchive::new(shared)
            .map_err(|error| ImportError::NotAnArchive { path: path.to_owned(), cause: error.to_string() })?;
        let all = length.saturating_mul(RATIO).saturating_add(ALLOWANCE);
        Ok(Self { zip, unpacked: Arc::default(), limits: Limits { entry: ENTRY_BYTES, all } })
    }

    /// Sorts the entries. Those that belong to no export are counted.
    pub fn contents(&self, tally: &mut Tally) -> Contents {
        let mut paths = Vec::with_capacity(self.zip.len());
        for index in 0..self.zip.len() {
            let Some(Ok(path)) = self.zip.name_for_index(index) else {
                tally.leave_out("files whose name cannot be read", 1);
                continue;
            };
            if path.ends_with('/') {
                continue;
            }
            if is_odd(&path) {
                tally.complain(&path, None, "the name leads out of the archive; left out");
                continue;
            }
            paths.push(Entry { index, path: path.into_owned() });
        }
        let base = base(&paths);
        let mut contents = Contents::default();
        for entry in paths {
            let Some(inner) = entry.path.strip_prefix(&base).map(str::to_owned) else {
                tally.leave_out("files that are not part of the export", 1);
                continue;
            };
            match inner.split_once('/') {
                None => {
                    contents.top.insert(inner, entry);
                }
                Some((folder, file)) if is_day(file) => {
                    contents.days.entry(folder.to_owned()).or_default().push(entry);
                }
                Some(_) => tally.leave_out("files that are no day of a channel", 1),
            }
        }
        for days in contents.days.values_mut() {
            days.sort_by(|a, b| a.path.cmp(&b.path));
        }
        contents
    }

    /// Unpacks one file into `buffer`.
    pub fn read(&mut self, entry: &Entry, buffer: &mut Vec<u8>) -> Result<(), Unread> {
        buffer.clear();
        let damaged = |error: &dyn std::fmt::Display| Unread::Entry(format!("cannot be unpacked ({error}); left out"));
        let file = self.zip.by_index(entry.index).map_err(|error| damaged(&error))?;
        let left = self.limits.all.saturating_sub(self.unpacked.load(Ordering::Relaxed));
        // The size in the directory may be a lie, so what comes out is counted.
        let read = file.take(self.limits.entry.min(left) + 1).read_to_end(buffer);
        let length = buffer.len() as u64;
        if self.unpacked.fetch_add(length, Ordering::Relaxed).saturating_add(length) > self.limits.all {
            return Err(Unread::All(ImportError::Bomb { limit: self.limits.all }));
        }
        if length > self.limits.entry {
            return Err(Unread::Entry(format!("unpacks to more than {} MiB; left out", self.limits.entry >> 20)));
        }
        read.map(|_| ()).map_err(|error| damaged(&error))
    }
}

/// Nothing is ever unpacked to a path, so such a name is harmless; it is also no part of any export.
fn is_odd(path: &str) -> bool {
    path.starts_with('/') || path.contains(['\\', '\0']) || path.split('/').any(|part| matches!(part, ".." | "." | ""))
}

/// The folder that everything lies in, with its slash: some tools pack the export's folder, not what is in it.
fn base(entries: &[Entry]) -> String {
    let lists = ["users.json", "channels.json", "groups.json"];
    let found = entries.iter().filter_map(|entry| {
        let (folder, file) = entry.path.rsplit_once('/').map_or(("", &*entry.path), |(folder, file)| (folder, file));
        lists.contains(&file).then(|| if folder.is_empty() { String::new() } else { format!("{folder}/") })
    });
    found.min_by_key(|folder| folder.matches('/').count()).unwrap_or_default()
}

/// `2018-05-02.json`
fn is_day(file: &str) -> bool {
    let Some(day) = file.strip_suffix(".json") else { return false };
    day.len() == 10
        && day
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(files: &[(&str, usize)], limits: Limits) -> Archive {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut zip = ZipWriter::new(file.reopen().unwrap());
        for (path, length) in files {
            zip.start_file(*path, SimpleFileOptions::default()).unwrap();
            zip.write_all(&vec![b' '; *length]).unwrap();
        }
        zip.finish().unwrap();
        Archive { limits, ..Archive::open(file.path()).unwrap() }
    }

    // O06
    #[test]
    fn one_file_that_unpacks_without_end_is_left_out_and_many_stop_the_import() {
        let limits = Limits { entry: 2 << 20, all: 5 << 20 };
        let files = [("channels.json", 10), ("a/2018-05-01.json", 3 << 20), ("a/2018-05-02.json", 2 << 20)];
        let mut archive = archive(&files, limits);
        let contents = archive.contents(&mut Tally::default());
        let mut buffer = Vec::new();
        let mut read = |entry: &Entry| archive.read(entry, &mut buffer);
        let days = &contents.days["a"];
        assert!(matches!(read(&days[0]), Err(Unread::Entry(what)) if what.contains("more than 2 MiB")));
        assert!(matches!(read(&days[1]), Ok(())));
        assert!(matches!(read(&days[1]), Err(Unread::All(ImportError::Bomb { .. }))));
    }

    // O06
    #[test]
    fn an_export_in_a_folder_is_found_and_names_that_lead_out_are_not_followed() {
        let files = [
            ("house/a/2018-05-02.json", 1),
            ("house/a/2018-05-01.json", 1),
            ("../a/2018-05-01.json", 1),
            ("/house/a/2018-05-03.json", 1),
            ("house\\a\\2018-05-04.json", 1),
            ("__MACOSX/house/._a", 1),
            ("house/users.json", 1),
        ];
        let mut tally = Tally::default();
        let contents = archive(&files, Limits { entry: 1, all: 1 }).contents(&mut tally);
        let days: Vec<&str> = contents.days["a"].iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(days, ["house/a/2018-05-01.json", "house/a/2018-05-02.json"]);
        assert!(contents.top.contains_key("users.json"));
        assert_eq!(tally.problems.len(), 3, "{:?}", tally.problems);
        assert_eq!(tally.left_out["files that are not part of the export"], 1);
    }
}
