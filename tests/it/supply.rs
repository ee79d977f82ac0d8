//! What the program is made of: whose licences, from where, in how many versions.
//!
//! The rules stand in `deny.toml`, which `cargo deny` reads too; here they are held without it
//! and without a network. `WALKAWAY_WRITE_SBOM=FILE cargo test --test it supply` writes the
//! bill of materials (`CycloneDX` 1.5).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All that the lock names, where it was fetched; after a build alone, that is what this system
/// needs, and the rest is told to be left out.
fn metadata() -> Value {
    let read = |more: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .args(more)
            .current_dir(root())
            .output()
            .unwrap();
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success().then_some(output.stdout), why)
    };
    let (all, _) = read(&[]);
    let known = all.unwrap_or_else(|| {
        eprintln!("NOT CHECKED: packages of other systems; `cargo fetch --locked` gets them");
        let (ours, why) = read(&["--filter-platform", &host()]);
        ours.unwrap_or_else(|| panic!("{why}"))
    });
    serde_json::from_slice(&known).unwrap()
}

/// The system on which this runs, as the compiler calls it.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc tells its host").to_owned()
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// What the program itself consists of here: all that it depends on but for building, testing and
/// other systems, and no macros, which are gone once it is built. `cargo metadata` names more
/// than is built where features are optional, `cargo tree` does not.
fn shipped(metadata: &Value) -> Vec<&Value> {
    let args = [
        "tree",
        "--locked",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ];
    let output = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let named: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter(|line| !line.contains("(proc-macro)"))
        .filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            Some((name, rest.split(' ').next()?))
        })
        .collect();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .filter(|package| named.contains(&(text(package, "name"), text(package, "version"))))
        .collect()
}

struct Rules {
    allowed: BTreeSet<String>,
    exceptions: BTreeSet<(String, String)>,
    twice: BTreeSet<String>,
    /// The licences of those that name none in their manifest.
    clarified: BTreeMap<String, String>,
}

fn rules() -> Rules {
    let file = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let file: toml_edit::DocumentMut = file.parse().unwrap();
    let words = |item: &toml_edit::Item| -> BTreeSet<String> {
        let words = item.as_array().unwrap().iter();
        words
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    };
    let tables = |item: &toml_edit::Item| -> Vec<(String, BTreeSet<String>)> {
        let tables = item.as_array().unwrap().iter();
        tables
            .map(|table| {
                let table = table.as_inline_table().unwrap();
                let allow = table.get("allow").and_then(|list| list.as_array());
                let allow = allow.into_iter().flatten();
                let allow = allow.map(|word| word.as_str().unwrap().to_owned());
                (table["crate"].as_str().unwrap().to_owned(), allow.collect())
            })
            .collect()
    };
    let exceptions = tables(&file["licenses"]["exceptions"]).into_iter();
    let clarified = file["licenses"]["clarify"].as_array_of_tables().unwrap();
    let word = |table: &toml_edit::Table, field: &str| table[field].as_str().unwrap().to_owned();
    Rules {
        clarified: clarified
            .iter()
            .map(|table| (word(table, "crate"), word(table, "expression")))
            .collect(),
        allowed: words(&file["licenses"]["allow"]),
        exceptions: exceptions
            .flat_map(|(name, allow)| allow.into_iter().map(move |word| (name.clone(), word)))
            .collect(),
        twice: tables(&file["bans"]["skip"])
            .into_iter()
            .map(|(name, _)| name)
            .collect(),
    }
}

/// Whether a licence expression can be kept with what is allowed: of an `OR` one part, of an
/// `AND` each.
fn can_be_kept(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.trim().replace('/', " OR ");
    let parts = |word: &str| -> Vec<String> {
        let (mut depth, mut parts) = (0, vec![String::new()]);
        for token in expression
            .replace('(', " ( ")
            .replace(')', " ) ")
            .split_whitespace()
        {
            match token {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 && token == word {
                parts.push(String::new());
            } else {
                let part = parts.last_mut().unwrap();
                part.push_str(token);
                part.push(' ');
            }
        }
        parts
    };
    let alternatives = parts("OR");
    if alternatives.len() > 1 {
        return alternatives
            .iter()
            .any(|part| can_be_kept(part, is_allowed));
    }
    let all = parts("AND");
    if all.len() > 1 {
        return all.iter().all(|part| can_be_kept(part, is_allowed));
    }
    let inner = expression.trim();
    if let Some(inner) = inner
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    {
        return can_be_kept(inner, is_allowed);
    }
    is_allowed(inner.split(" WITH ").next().unwrap().trim())
}

#[test]
fn an_expression_is_kept_by_one_of_several_or_by_all() {
    let is_allowed = |word: &str| word == "MIT" || word == "Zlib";
    for (expression, kept) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("(GPL-3.0 OR MIT) AND GPL-3.0", false),
        ("MIT WITH LLVM-exception", true),
        ("", false),
    ] {
        assert_eq!(can_be_kept(expression, &is_allowed), kept, "{expression}");
    }
}

#[test]
fn all_that_is_used_has_a_licence_that_is_allowed_and_comes_from_the_registry() {
    let metadata = metadata();
    let rules = rules();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let (name, version) = (text(package, "name"), text(package, "version"));
        if name == env!("CARGO_PKG_NAME") {
            continue;
        }
        let is_allowed = |word: &str| {
            let exception = (name.to_owned(), word.to_owned());
            rules.allowed.contains(word) || rules.exceptions.contains(&exception)
        };
        let license = match text(package, "license") {
            "" => rules.clarified.get(name).map_or("", String::as_str),
            named => named,
        };
        used.insert(name);
        if !can_be_kept(license, &is_allowed) {
            wrong.push(format!("{name} {version} is under `{license}`"));
        }
        let source = text(package, "source");
        if source != "registry+https://github.com/rust-lang/crates.io-index" {
            wrong.push(format!("{name} {version} comes from `{source}`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle: Vec<_> = rules
        .exceptions
        .iter()
        .filter(|(name, _)| !used.contains(name.as_str()))
        .collect();
    assert!(idle.is_empty(), "exceptions for what is not used: {idle:?}");
}

#[test]
fn what_is_shipped_is_there_once() {
    let metadata = metadata();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in shipped(&metadata) {
        let of = versions.entry(text(package, "name")).or_default();
        of.insert(text(package, "version"));
    }
    let skipped = rules().twice;
    let twice: BTreeMap<_, _> = versions
        .iter()
        .filter(|(name, versions)| versions.len() > 1 && !skipped.contains(**name))
        .collect();
    assert!(twice.is_empty(), "more than once: {twice:?}");
    for name in ["ratatui", "crossterm", "unicode-width", "libsqlite3-sys"] {
        assert!(!skipped.contains(name), "{name} may never be there twice");
    }
}

/// The bill of materials: each part with its version, licence and checksum.
fn bill(metadata: &Value) -> Value {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let lock: toml_edit::DocumentMut = lock.parse().unwrap();
    let checksum = |name: &str, version: &str| {
        let packages = lock["package"].as_array_of_tables().unwrap();
        packages
            .iter()
            .find(|p| p["name"].as_str() == Some(name) && p["version"].as_str() == Some(version))
            .and_then(|package| package.get("checksum")?.as_str().map(ToOwned::to_owned))
    };
    let component = |package: &Value| {
        let (name, version) = (text(package, "name"), text(package, "version"));
        let mut component = json!({
            "type": "library",
            "bom-ref": format!("pkg:cargo/{name}@{version}"),
            "name": name,
            "version": version,
            "purl": format!("pkg:cargo/{name}@{version}"),
            "licenses": [{ "expression": text(package, "license").replace('/', " OR ") }],
        });
        if let Some(sum) = checksum(name, version) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
        }
        component
    };
    let (own, parts): (Vec<&Value>, Vec<&Value>) = shipped(metadata)
        .into_iter()
        .partition(|package| package["source"].is_null());
    let mut program = component(own[0]);
    program["type"] = json!("application");
    program.as_object_mut().unwrap().remove("licenses");
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": program },
        "components": parts.into_iter().map(component).collect::<Vec<_>>(),
    })
}

#[test]
fn the_bill_of_materials_names_every_part_with_its_licence_and_checksum() {
    let bill = bill(&metadata());

    let parts = bill["components"].as_array().unwrap();
    assert!(parts.len() > 50, "{}", parts.len());
    for part in parts {
        let sum = text(&part["hashes"][0], "content");
        assert_eq!(sum.len(), 64, "{part:#}");
        assert!(
            !text(&part["licenses"][0], "expression").is_empty(),
            "{part:#}"
        );
    }
    assert!(parts.iter().any(|part| part["name"] == "libsqlite3-sys"));
    assert!(
        parts.iter().all(|part| part["name"] != "proptest"),
        "a test is not shipped"
    );
    if let Some(file) = std::env::var_os("WALKAWAY_WRITE_SBOM") {
        let text = serde_json::to_string_pretty(&bill).unwrap();
        std::fs::write(root().join(file), text + "\n").unwrap();
    }
}

#[test]
fn no_code_of_ours_is_unsafe_and_no_panic_is_swallowed() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for word in ["catch_unwind", "allow(unsafe_code"] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
}
