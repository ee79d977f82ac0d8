//! The house keeps its layers: each room uses only those it may.

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with the layers that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("import", &["domain", "store"]),
    ("export", &["domain", "store", "import"]),
    ("app", &["domain"]),
    ("ui", &["app"]),
    ("tui", &["app", "domain", "export", "import", "store", "ui"]),
    ("sample", &["domain"]),
    ("cli", &["domain", "export", "import", "sample", "store"]),
];

/// Crates that have one home each.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("crossterm", &["tui"]),
    ("ratatui_textarea", &["app"]),
    ("clap", &["cli"]),
    ("csv", &["import", "export", "sample"]),
    ("fastrand", &["sample"]),
    ("plotters", &["export"]),
    ("minijinja", &["domain", "export"]),
    ("icalendar", &["export"]),
    ("mail_builder", &["export"]),
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Every source file of the library with its layer and its text without comments.
fn files() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&src, &mut paths);
    paths
        .into_iter()
        .filter_map(|path| {
            let inside = path.strip_prefix(&src).unwrap().to_path_buf();
            let layer = inside.components().next()?.as_os_str().to_str()?.to_owned();
            if inside.components().count() == 1 {
                return None;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            Some((layer, inside, code.join("\n")))
        })
        .collect()
}

#[test]
fn a_layer_uses_only_the_layers_below_it() {
    let mut wrong = Vec::new();
    for (layer, path, code) in files() {
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == layer)
            .unwrap_or_else(|| panic!("src/{layer} is no layer of ours: name it here"));
        for (other, _) in MAY_USE {
            let names = code.contains(&format!("crate::{other}::"))
                || code.contains(&format!("crate::{other};"))
                || code.contains(&format!("crate::{other}}}"));
            if names && *other != layer && !allowed.contains(other) {
                wrong.push(format!("{} uses {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_crate_with_a_home_is_used_nowhere_else() {
    let mut wrong = Vec::new();
    for (layer, path, code) in files() {
        for (name, homes) in HOMES {
            let uses =
                code.contains(&format!("{name}::")) || code.contains(&format!("use {name};"));
            if uses && !homes.contains(&layer.as_str()) {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nobody_reads_the_clock_or_the_environment_in_passing() {
    let mut wrong = Vec::new();
    for (_, path, code) in files() {
        for name in ["Utc::now(", "Local::now(", "SystemTime::now(", "env::var"] {
            if code.contains(name) {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
