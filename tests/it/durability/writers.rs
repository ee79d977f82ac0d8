//! Two and eight programs that write into one file at once.
//!
//! Each is this test program once more, with a connection of its own, and does what chance says.
//! The journal tells in which order it came about; the reference model does the same in that
//! order, and must then hold what the file holds.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use walkaway::domain::bank::Bank;
use walkaway::store::StoreError;

use super::Template;
use crate::model::reference::{Came, Deed, Pipeline};
use crate::model::{any_deed, assert_same, carry_out};
use crate::support::content::{look, stamp, store};
use crate::support::rounds::{by_hand, dice, rounds, tell};

/// Deals that all writers write to.
const DEALS: i64 = 4;

/// Where a writer that is started by a test finds what it has to do.
const TASK: &str = "WALKAWAY_WRITER";

fn name(writer: u64) -> String {
    format!("Writer {writer}")
}

/// What a writer does as its `n`th deed; it follows from the numbers alone.
fn deeds(writer: u64) -> impl Iterator<Item = Deed> {
    let mut dice = dice(1_000 + writer);
    std::iter::repeat_with(move || any_deed(&mut dice, DEALS, 40))
        .filter(|deed| !matches!(deed, Deed::Add(_)))
}

/// One of the programs that write at once; alone it has nothing to do.
#[test]
#[ignore = "the tests of many writers start it"]
fn one_of_many_writers() {
    let Some(task) = std::env::var_os(TASK) else {
        return;
    };
    let task = task.into_string().unwrap();
    let [path, writer, count] = task.split('|').collect::<Vec<_>>()[..] else {
        panic!("{task}");
    };
    let writer: u64 = writer.parse().unwrap();
    let mut store = store(Path::new(path));
    let who = stamp(&name(writer), &name(writer));
    let mut told = String::new();
    for (n, deed) in deeds(writer).take(count.parse().unwrap()).enumerate() {
        match carry_out(&mut store, &who, &deed) {
            Ok(Some(action)) => writeln!(told, "{n} {action}").unwrap(),
            Ok(None) => {}
            Err(StoreError::Locked { .. }) => writeln!(told, "{n} locked").unwrap(),
            Err(
                StoreError::Refused { .. }
                | StoreError::UndoConflict { .. }
                | StoreError::Nothing { .. },
            ) => writeln!(told, "{n} refused").unwrap(),
            Err(other) => panic!("{deed:?}: {other}"),
        }
    }
    std::fs::write(format!("{path}.{writer}"), told).unwrap();
}

fn start(path: &Path, writer: u64, count: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "durability::writers::one_of_many_writers",
            "--exact",
            "--ignored",
        ])
        .env(TASK, format!("{}|{writer}|{count}", path.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

fn write_at_once(writers: u64, each: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = crate::model::empty(&folder);
    let bank = Bank::default_bank();
    let mut model = Pipeline::default();
    let ana = stamp("Ana", "one");
    let mut first = store(&path);
    for n in 0..DEALS {
        let deed = Deed::Add(format!("Account {n}"));
        carry_out(&mut first, &ana, &deed).unwrap();
        assert_eq!(model.act(&bank, "Ana", "one", &deed), Came::Done);
    }

    let children: Vec<Child> = (0..writers).map(|w| start(&path, w, each)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }

    let mut all = Vec::new();
    let (mut refused, mut locked) = (0, 0);
    for writer in 0..writers {
        let told = std::fs::read_to_string(format!("{}.{writer}", path.display())).unwrap();
        let mut told = told
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .peekable();
        for (n, deed) in deeds(writer).take(each as usize).enumerate() {
            let Some((_, came)) = told.next_if(|(at, _)| *at == n.to_string()) else {
                continue;
            };
            match came {
                "refused" => refused += 1,
                "locked" => locked += 1,
                action => all.push((action.parse::<i64>().unwrap(), writer, deed)),
            }
        }
    }
    all.sort_by_key(|(action, ..)| *action);
    for (action, writer, deed) in &all {
        let who = name(*writer);
        let came = model.act(&bank, &who, &who, deed);
        let what = format!("{who}, action {action}: {deed:?}");
        assert_eq!((came, model.latest()), (Came::Done, *action), "{what}");
    }
    let conn = look(&path);
    assert_same(&conn, &model, "after all");
    let count: i64 = conn
        .query_row("SELECT count(*) FROM action", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        count,
        DEALS + all.len() as i64,
        "actions that nobody was told of"
    );
    assert!(first.check(true).unwrap().is_empty());
    tell(format!(
        "{writers} programs, {} deeds: {} actions in the order of the journal, {refused} refused \
         in words, {locked} waited too long: 0 lost updates",
        writers * each,
        all.len()
    ));
}

#[test]
fn two_programs_at_once_lose_nothing() {
    write_at_once(2, rounds(40));
}

#[test]
fn eight_programs_at_once_lose_nothing() {
    write_at_once(8, rounds(10));
}

#[test]
fn eight_commands_at_once_are_all_kept() {
    let template = Template::new();
    let path = template.copy("victim.db");
    let each = if by_hand() { 25 } else { 2 };
    for turn in 0..each {
        let notes: Vec<String> = (0..8).map(|n| format!("note {n} of turn {turn}")).collect();
        let start = |note: &String| {
            let args = ["note", "8001", note, "--db", "victim.db"];
            let mut command = template.bench.command(&args);
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let running: Vec<Child> = notes.iter().map(start).collect();
        for (child, note) in running.into_iter().zip(&notes) {
            let mut out = child.wait_with_output().unwrap();
            // Whoever waited too long for the others on a busy machine was told to try again.
            while !out.status.success() {
                let said = String::from_utf8_lossy(&out.stderr).into_owned();
                assert!(said.contains("try again"), "{said}");
                out = start(note).wait_with_output().unwrap();
            }
        }
    }
    let conn = look(&path);
    let kept: i64 = conn
        .query_row("SELECT count(DISTINCT text) FROM note", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(kept, 8 * each);
    template.whole.assert(&path, "after all");
}
