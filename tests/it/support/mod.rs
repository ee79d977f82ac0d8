//! What the tests share.

use std::path::{Path, PathBuf};

pub mod bench;
pub mod content;
pub mod faults;
pub mod pty;
pub mod rounds;

/// A file of the shared data, or none with a word on it where it is not beside the checkout.
pub fn shared(file: &str) -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["..", "../.."]
        .iter()
        .map(|up| checkout.join(up).join("shared/data").join(file))
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("SKIPPED: {file} is not beside this checkout");
    }
    found
}
