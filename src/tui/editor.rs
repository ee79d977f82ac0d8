//! A longer text in the person's own editor.

use std::io::Read;
use std::process::{Command, ExitStatus};

use thiserror::Error;

use crate::domain::clean::clean_block;

/// The most bytes that are read back, as much as a note may have.
const LIMIT: usize = 1024 * 1024;

/// Why a text did not come back from the editor.
#[derive(Debug, Error)]
pub enum EditorError {
    /// No editor is named.
    #[error("no editor is named; set VISUAL or EDITOR, for example to `nano`")]
    NoEditor,
    /// The text could not be handed over or read back.
    #[error("the text could not be {doing} the editor: {source}")]
    File {
        /// `handed to` or `read back from`.
        doing: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// The editor says that something went wrong; the text is as it was.
    #[error("the editor `{editor}` ended with {status}; the text is as it was")]
    Failed {
        /// The command of the editor.
        editor: String,
        /// How it ended.
        status: ExitStatus,
    },
}

/// Lets the person edit the text and returns it clean; waits for the editor, so the terminal must be
/// lent to it first. `editor` is the value of `VISUAL` or `EDITOR`, a command with arguments as
/// for a shell.
///
/// The file lies in a folder that only the person can read, with whatever the editor puts beside
/// it, and is gone afterwards.
pub fn edit(text: &str, editor: Option<&str>) -> Result<String, EditorError> {
    let editor = editor
        .filter(|editor| !editor.trim().is_empty())
        .ok_or(EditorError::NoEditor)?;
    let handed = |source| EditorError::File {
        doing: "handed to",
        source,
    };
    let folder = private_folder().map_err(handed)?;
    let file = folder.path().join("walkaway.txt");
    std::fs::write(&file, text).map_err(handed)?;
    let status = shell(editor).arg(&file).status().map_err(handed)?;
    if !status.success() {
        return Err(EditorError::Failed {
            editor: editor.to_owned(),
            status,
        });
    }
    let back = |source| EditorError::File {
        doing: "read back from",
        source,
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&file).map_err(back)?;
    file.take(LIMIT as u64)
        .read_to_end(&mut bytes)
        .map_err(back)?;
    Ok(clean_block(&String::from_utf8_lossy(&bytes), LIMIT).into_owned())
}

fn private_folder() -> std::io::Result<tempfile::TempDir> {
    let mut folder = tempfile::Builder::new();
    folder.prefix("walkaway-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        folder.permissions(std::fs::Permissions::from_mode(0o700));
    }
    folder.tempdir()
}

/// The editor as the shell understands it; the file is an argument and never part of the command.
#[cfg(unix)]
fn shell(editor: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{editor} \"$@\"")).arg("sh");
    command
}

#[cfg(not(unix))]
fn shell(editor: &str) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_edited_text_comes_back_clean() {
        let editor = "printf 'two\\r\\nthree\\007\\n' >>";
        // A redirection takes the file as the next word of the command.
        let text = edit("one ", Some(&format!("f() {{ {editor} \"$1\"; }}; f")));
        assert_eq!(text.unwrap(), "one two\nthree");
    }

    #[test]
    fn an_editor_that_fails_leaves_the_text() {
        let error = edit("text", Some("false")).unwrap_err();
        assert!(matches!(error, EditorError::Failed { .. }), "{error}");
    }

    #[test]
    fn without_an_editor_the_message_says_what_to_set() {
        for none in [None, Some(" ")] {
            assert!(
                edit("text", none)
                    .unwrap_err()
                    .to_string()
                    .contains("EDITOR")
            );
        }
    }

    #[test]
    fn the_file_is_private_and_gone_afterwards() {
        let editor =
            "f() { stat -c %a \"$(dirname \"$1\")\" >\"$1\"; dirname \"$1\" >>\"$1\"; }; f";
        let text = edit("", Some(editor)).unwrap();

        let (mode, folder) = text.split_once('\n').unwrap();

        assert_eq!(mode, "700");
        assert!(!std::path::Path::new(folder).exists());
    }
}
