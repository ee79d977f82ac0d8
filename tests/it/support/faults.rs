//! A disk that fails and a clock that jumps: a small library of C, made by the first test that
//! asks and preloaded into the program as it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

static MADE: LazyLock<Option<(tempfile::TempDir, PathBuf)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("faults.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
    let made = cfg!(target_os = "linux").then(|| {
        Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .arg(source)
            .arg("-ldl")
            .status()
    });
    match made {
        Some(Ok(status)) if status.success() => Some((folder, library)),
        Some(_) | None => None,
    }
});

/// The library, or none with a word on it where it cannot be made.
pub fn shim() -> Option<&'static Path> {
    let made = MADE.as_ref().map(|(_, library)| library.as_path());
    if made.is_none() {
        eprintln!("SKIPPED: no C compiler here, or no Linux");
    }
    made
}

/// A way in which a disk fails.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// What it is called.
    pub name: &'static str,
    /// Which calls.
    pub calls: &'static str,
    /// The error's number.
    pub error: i32,
    /// `once`, or `on` for ever after.
    pub how: &'static str,
    /// Words of which the message has one.
    pub words: &'static [&'static str],
}

const fn fault(
    name: &'static str,
    calls: &'static str,
    error: i32,
    how: &'static str,
    words: &'static [&'static str],
) -> Fault {
    Fault {
        name,
        calls,
        error,
        how,
        words,
    }
}

/// All ways that are tried.
pub const FAULTS: [Fault; 6] = [
    fault("full disk", "write", 28, "on", &["full"]),
    fault("full disk, for a moment", "write", 28, "once", &["full"]),
    fault("error on write", "write", 5, "once", &["disk"]),
    fault("error on sync", "sync", 5, "once", &["disk"]),
    fault("error on every sync", "sync", 5, "on", &["disk"]),
    fault(
        "read-only from now on",
        "any",
        30,
        "on",
        &["read-only", "disk", "cannot open"],
    ),
];

impl Fault {
    /// The variables with which the `n`th call fails on the files that have `ours` in their path.
    pub fn variables(&self, n: u64, ours: &str, log: &Path) -> Vec<(&'static str, String)> {
        let library = shim().expect("asked for before");
        let fault = format!("{}:{n}:{}:{}", self.calls, self.error, self.how);
        vec![
            ("LD_PRELOAD", library.display().to_string()),
            ("WALKAWAY_FAULT", fault),
            ("WALKAWAY_FAULT_FILE", ours.to_owned()),
            ("WALKAWAY_FAULT_LOG", log.display().to_string()),
        ]
    }
}
