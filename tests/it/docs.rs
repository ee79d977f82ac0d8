//! What is written about the program is what the program does.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use walkaway::app::command::key_table;

const BEGIN: &str = "<!-- keys: made from the table of commands; a test compares -->\n";
const END: &str = "<!-- /keys -->";

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// The key table as the README has it.
fn keys() -> String {
    let mut text = String::from("| where | keys | does |\n| --- | --- | --- |\n");
    let mut place = "";
    for row in key_table() {
        let here = if row.place == place { "" } else { row.place };
        place = row.place;
        let keys: Vec<String> = row
            .keys
            .split(' ')
            .map(|key| format!("`{}`", key.replace('|', "\\|")))
            .collect();
        let _ = writeln!(text, "| {here} | {} | {} |", keys.join(" "), row.does);
    }
    text
}

/// With `WALKAWAY_WRITE_README` set it writes the table instead of comparing it.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a switch for whoever changes the table"
)]
fn the_readme_has_the_keys_of_the_program() {
    let text = fs::read_to_string(readme()).unwrap();
    let (before, rest) = text
        .split_once(BEGIN)
        .expect("the README marks where the keys begin");
    let (found, after) = rest
        .split_once(END)
        .expect("the README marks where the keys end");

    if std::env::var("WALKAWAY_WRITE_README").is_ok() {
        fs::write(readme(), format!("{before}{BEGIN}{}{END}{after}", keys())).unwrap();
        return;
    }

    assert_eq!(
        found,
        keys(),
        "run the tests once with WALKAWAY_WRITE_README=1"
    );
}

#[test]
fn what_the_readme_shows_is_there() {
    let text = fs::read_to_string(readme()).unwrap();
    let pictures = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());

    for target in pictures.filter(|target| !target.contains("://")) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
        assert!(path.exists(), "the README shows `{target}`");
    }
}
