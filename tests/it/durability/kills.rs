//! The program is killed at any moment: in a random sitting on a real terminal, in an import.

use std::collections::VecDeque;
use std::num::NonZeroU16;
use std::time::Duration;

use rustix::process::Signal;

use super::{Template, number};
use crate::support::bench::START;
use crate::support::content::{actions, look};
use crate::support::pty::{Launch, Pty};
use crate::support::rounds::{by_hand, dice, pick, rounds, tell};

const SIZE: (u16, u16) = (120, 36);

/// What a hand does in one go. None of it leaves the program or shows its journal.
const GESTURES: [&str; 34] = [
    "j",
    "k",
    "]",
    "[",
    "G",
    "<Tab>",
    "F <CR>",
    "F <CR>",
    "F <CR>",
    "H <CR>",
    "C <CR>",
    "u",
    "u",
    "<C-r>",
    "2",
    "n",
    "3",
    "0",
    "N",
    ".",
    "<CR> 2 n 3 <Esc>",
    "<CR> n <Esc>",
    "<Esc>",
    "<Esc>",
    "s <Space> j <Space> <CR>",
    "f n",
    "! <CR>",
    "a <CR>",
    "m",
    "R",
    "z",
    "v <Esc>",
    "o <Esc>",
    "<Space> <Space>",
];

/// How the screen says that something was done, with the journal's word for it.
const ACKNOWLEDGED: [(&str, &[&str]); 12] = [
    ("Fired ", &["fire"]),
    ("On hold: ", &["hold"]),
    ("Continued ", &["continue"]),
    ("Taken back: ", &["undo"]),
    ("Done again: ", &["redo"]),
    ("To ask: ", &["ask"]),
    ("Not wanted: ", &["unwanted"]),
    ("Wanted after all: ", &["unwanted"]),
    ("Sign ticked on ", &["sign"]),
    ("Sign taken back on ", &["sign"]),
    ("Touch on ", &["touch"]),
    ("Noted on ", &["note"]),
];

/// Whether two lines say the same, the one of a deal by its name and the other by what a mask calls
/// it: the key that masks says nothing of what was done before anew.
fn is_masked(one: &str, other: &str) -> bool {
    let around = |text: &str| {
        let at = text.find("Deal ")?;
        let (before, rest) = (&text[..at], &text[at + "Deal ".len()..]);
        let name = rest.find(|c: char| !c.is_ascii_uppercase())?;
        (name > 0).then(|| (before.to_owned(), rest[name..].to_owned()))
    };
    let hides = |masked: &str, open: &str| {
        around(open).is_none()
            && around(masked).is_some_and(|(before, after)| {
                open.len() >= before.len() + after.len()
                    && open.starts_with(&before)
                    && open.ends_with(&after)
            })
    };
    hides(one, other) || hides(other, one)
}

/// What the screen acknowledged, in order: each line that says so, once for as long as it stands.
fn acknowledged(bytes: &[u8]) -> Vec<(String, &'static [&'static str])> {
    let [width, height] = [SIZE.0, SIZE.1].map(|cells| NonZeroU16::new(cells).unwrap());
    let mut parser = vt100::Parser::new(height, width, 0);
    let mut found = Vec::new();
    let mut standing: Option<String> = None;
    // A frame is shown at once, when its end has come.
    let end = b"\x1b[?2026l";
    let mut rest = bytes;
    while let Some(at) = rest.windows(end.len()).position(|window| window == end) {
        let (frame, after) = rest.split_at(at + end.len());
        rest = after;
        parser.process(frame);
        let rows: Vec<String> = parser.screen().rows(0, width.get()).collect();
        let toast = rows.iter().rev().take(3).find_map(|row| {
            let words = row.trim_start_matches(|c: char| !c.is_alphanumeric());
            let (_, kinds) = ACKNOWLEDGED
                .iter()
                .find(|(said, _)| words.starts_with(said))?;
            Some((words.trim_end().to_owned(), *kinds))
        });
        let words = toast.as_ref().map(|(words, _)| words.clone());
        let is_same = match (&words, &standing) {
            (Some(words), Some(standing)) => words == standing || is_masked(words, standing),
            (words, standing) => words == standing,
        };
        if !is_same && let Some(toast) = toast {
            found.push(toast);
        }
        standing = words;
    }
    found
}

fn cockpit(path: &std::path::Path) -> Pty {
    let pty = Launch::walkaway()
        .size(SIZE.0, SIZE.1)
        .env("WALKAWAY_DB", path)
        .env("WALKAWAY_NOW", START)
        .env("USER", "ana")
        .start();
    pty.wait_for("to decide");
    pty
}

#[test]
fn a_line_that_is_masked_acknowledges_nothing_anew() {
    let open = "Fired Northwind · 1 h back · u undoes";
    assert!(is_masked("Fired Deal E · 1 h back · u undoes", open));
    assert!(is_masked(open, "Fired Deal AB · 1 h back · u undoes"));
    assert!(!is_masked("Fired Deal E · 2 h back · u undoes", open));
    assert!(!is_masked("Fired Contoso · 1 h back · u undoes", open));
    assert!(!is_masked("Taken back: Deal E fired", open));
}

#[test]
fn kills_at_any_moment_of_any_sitting_lose_nothing_that_was_acknowledged() {
    let template = Template::new();
    let rounds = rounds(3);
    let (mut told, mut written) = (0, 0);
    for round in 0..rounds {
        let mut dice = dice(round);
        let path = template.copy("victim.db");
        let mut pty = cockpit(&path);
        let mut pressed = Vec::new();
        for _ in 0..dice.usize(2..14) {
            let gesture = *pick(&mut dice, &GESTURES);
            pressed.push(gesture);
            pty.keys(gesture);
        }
        if dice.bool() {
            std::thread::sleep(Duration::from_micros(dice.u64(..60_000)));
        }
        pty.signal(Signal::KILL);
        pty.wait_exit();

        let when = format!("round {round}, after {}", pressed.join(" "));
        let said = acknowledged(&pty.output());
        let mut kept: VecDeque<_> = actions(&look(&path)).into();
        written += kept.len() - 1;
        for (words, kinds) in &said {
            let found = kept
                .iter()
                .position(|(kind, _)| kinds.contains(&kind.as_str()));
            let at = found.unwrap_or_else(|| {
                panic!("{when}: “{words}” was acknowledged and is lost; {kept:?}\n{said:?}")
            });
            kept.drain(..=at);
        }
        told += said.len();
        template.whole.assert(&path, &when);
    }
    tell(format!(
        "{rounds} kills in a sitting, {written} actions written, {told} seen as acknowledged: 0 lost"
    ));
    assert!(told > 0, "a harness that sees no word proves nothing");
}

#[test]
fn an_import_that_is_killed_is_whole_or_gone() {
    let template = Template::new();
    let rounds = rounds(4);
    let mut came = [0; 2];
    for round in 0..rounds {
        let mut dice = dice(round);
        // By hand now and then more rows than go into one chunk.
        let rows = if by_hand() && round % 8 == 0 {
            45_000
        } else {
            dice.i64(1..1_500)
        };
        let mut table = super::export_of(rows);
        // One that is there already changes too.
        table += "8001,Plant rollout,Negotiation,51000\n";
        template.bench.write("more.csv", &table);
        let path = template.copy("victim.db");
        let mut command = template
            .bench
            .command(&["import", "more.csv", "--db", "victim.db"]);
        let mut child = command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(
            dice.u64(..300_000 + rows as u64 * 1_000),
        ));
        let _ = child.kill();
        let finished = child.wait().unwrap().success();

        let when = format!("round {round}: {rows} rows");
        // Whatever is started next takes back what was not finished.
        template.bench.run(&["list", "--db", "victim.db"]).ok();
        let deals = number(&path, "SELECT count(*) FROM deal");
        assert!(deals == 4 || deals == 4 + rows, "{when}: {deals} deals");
        let whole = deals > 4;
        assert!(whole || !finished, "{when}: acknowledged and gone");
        came[usize::from(whole)] += 1;
        let stage = number(
            &path,
            "SELECT stage = 'Negotiation' FROM deal WHERE key = '8001'",
        );
        assert_eq!(stage == 1, whole, "{when}: half of it");
        template.whole.assert(&path, &when);
    }
    let [gone, whole] = came;
    tell(format!(
        "{rounds} kills in an import, {whole} whole and {gone} gone: 0 halves"
    ));
}
