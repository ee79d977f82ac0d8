//! Copying: by the terminal, which also works over ssh, and by a program of the desktop.
//!
//! Whether the terminal did it nobody says; whoever offers a copy also says where a file is.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// The most bytes that are handed to the terminal; several terminals drop longer ones in silence.
pub const TERMINAL_LIMIT: usize = 74_000;

/// A program of the desktop that takes text on its standard input, by a fixed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Helper {
    /// Its name.
    pub name: &'static str,
    arguments: &'static [&'static str],
}

const WAYLAND: Helper = Helper {
    name: "wl-copy",
    arguments: &[],
};
const X11: Helper = Helper {
    name: "xclip",
    arguments: &["-selection", "clipboard"],
};
const MAC: Helper = Helper {
    name: "pbcopy",
    arguments: &[],
};
const WINDOWS: Helper = Helper {
    name: "clip",
    arguments: &[],
};

/// Where a text was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// To the terminal; it may or may not have taken it.
    pub terminal: bool,
    /// To this program.
    pub helper: Option<&'static str>,
}

/// What the environment says of a desktop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Desktop<'a> {
    /// `PATH`.
    pub path: Option<&'a OsStr>,
    /// `WAYLAND_DISPLAY` is set.
    pub wayland: bool,
    /// `DISPLAY` is set.
    pub x11: bool,
}

impl Helper {
    /// Finds the program of this desktop, if one is installed.
    pub fn find(desktop: Desktop<'_>) -> Option<Self> {
        let candidates = [
            (WAYLAND, desktop.wayland),
            (X11, desktop.x11),
            (MAC, cfg!(target_os = "macos")),
            (WINDOWS, cfg!(windows)),
        ];
        let present = |helper: &Self| {
            let file = format!("{}{}", helper.name, std::env::consts::EXE_SUFFIX);
            desktop.path.is_some_and(|path| {
                std::env::split_paths(path).any(|folder| folder.join(&file).is_file())
            })
        };
        candidates
            .into_iter()
            .filter(|(_, fits)| *fits)
            .map(|(it, _)| it)
            .find(present)
    }

    /// Hands the text to the program and returns at once. A program that does not read, or that
    /// stays as long as the text is wanted, holds nobody up.
    pub fn copy(self, text: String) -> io::Result<()> {
        let mut child = Command::new(self.name)
            .args(self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        std::thread::Builder::new()
            .name("clipboard".to_owned())
            .spawn(move || {
                if let Some(mut stdin) = child.stdin.take() {
                    // A program that gives up early shows in its own exit; the terminal got the text.
                    let _ = stdin.write_all(text.as_bytes());
                }
                let _ = child.wait();
            })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_helper_fits_the_desktop_and_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["wl-copy", "xclip"] {
            let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        let path = Some(folder.path().as_os_str());
        let found = |desktop| Helper::find(desktop).map(|helper| helper.name);

        assert_eq!(
            found(Desktop {
                path,
                wayland: true,
                x11: true
            }),
            Some("wl-copy")
        );
        assert_eq!(
            found(Desktop {
                path,
                wayland: false,
                x11: true
            }),
            Some("xclip")
        );
        assert_eq!(
            found(Desktop {
                path,
                ..Desktop::default()
            }),
            None
        );
        assert_eq!(
            found(Desktop {
                path: None,
                wayland: true,
                x11: true
            }),
            None
        );
    }

    #[test]
    fn a_helper_that_cannot_start_says_so() {
        let missing = Helper {
            name: "walkaway-has-no-such-program",
            arguments: &[],
        };
        assert!(missing.copy("text".to_owned()).is_err());
    }
}
