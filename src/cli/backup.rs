//! `backup` and `restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::session::Session;
use crate::export::deals::SCHEMA;
use crate::export::file;
use crate::store::{Access, restore as store_restore};

/// Copies the pipeline to a file, whole and checked.
///
/// The copy is a pipeline of its own: open it with `--db`, or put it back with `restore`.
#[derive(Args, Debug)]
pub struct BackupArgs {
    /// The file.
    file: PathBuf,
    /// Writes over a file that is there.
    #[arg(long)]
    force: bool,
}

/// Puts a backup in the place of the pipeline, which is kept beside it.
///
/// The backup is checked first. The pipeline as it is now is kept under a dated name in the same
/// folder. Refused while another program has the pipeline open.
#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The backup.
    file: PathBuf,
}

fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        (Ok(_) | Err(_), _) => a == b,
    }
}

/// Carries out `backup`.
pub fn backup(session: &mut Session<'_>, args: &BackupArgs) -> Result<(), CliError> {
    file::check(&args.file, args.force)?;
    if same(&args.file, &session.path()?) {
        return Err(
            CliError::usage("the backup would be written over the pipeline itself")
                .hint("name another file"),
        );
    }
    let store = session.open(Access::Write)?;
    store.backup(&args.file)?;
    let shown = args.file.to_string_lossy();
    if session.global.json {
        session.out.value(&json!({
            "schema": SCHEMA, "file": shown, "pipeline": store.path().to_string_lossy(),
        }))?;
    } else {
        session
            .out
            .safe(&format!("Backed up to {shown}, whole and checked"))?;
    }
    Ok(())
}

/// Carries out `restore`.
pub fn restore(session: &mut Session<'_>, args: &RestoreArgs) -> Result<(), CliError> {
    let path = session.path()?;
    if same(&args.file, &path) {
        return Err(CliError::usage("the backup is the pipeline itself").hint("name another file"));
    }
    if !args.file.exists() {
        let shown = args.file.to_string_lossy();
        return Err(CliError::failed(format!("there is no file `{shown}`"))
            .hint("look at the spelling and at the folder you are in")
            .in_file(shown));
    }
    let stamp = session.around.now.format("%Y-%m-%d-%H%M%S").to_string();
    let kept = store_restore(&args.file, &path, &stamp)?;
    let store = session.open(Access::Write)?;
    let deals = store.overview(&session.stamp())?.deals;
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    if session.global.json {
        session.out.value(&json!({
            "schema": SCHEMA,
            "file": shown(&args.file),
            "pipeline": shown(&path),
            "kept": kept.as_deref().map(shown),
            "deals": deals,
        }))?;
        return Ok(());
    }
    session
        .out
        .safe(&format!("Restored {} with {deals} deals", shown(&path)))?;
    if let Some(kept) = kept {
        session
            .out
            .safe(&format!("What it was is kept as {}", shown(&kept)))?;
    }
    Ok(())
}
