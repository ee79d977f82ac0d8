//! What a rep does, on a real terminal: each journey presses keys and reads the screen.

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::pty::{Launch, Pty};

const NOW: &str = "2026-11-23T09:00:00Z";

/// A folder of one test, with a CRM's export of six deals in it.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let deals = include_str!("../data/pipeline.csv");
        std::fs::write(desk.export(), deals).unwrap();
        desk
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("pipeline.db")
    }

    fn export(&self) -> PathBuf {
        self.folder.path().join("deals.csv")
    }

    /// The cockpit, started as a person would.
    fn cockpit(&self) -> Launch {
        let vars = [
            ("WALKAWAY_NOW", NOW),
            ("TZ", "UTC"),
            ("LANG", "en_GB.UTF-8"),
            ("USER", "ana"),
            ("TERM", "xterm-256color"),
        ];
        let launch = Launch::walkaway().env("WALKAWAY_DB", self.db());
        vars.into_iter()
            .fold(launch, |launch, (name, value)| launch.env(name, value))
    }

    /// A command on the same pipeline, as JSON.
    fn json(&self, args: &[&str]) -> Value {
        self.json_at(NOW, args)
    }

    /// The same at another time.
    fn json_at(&self, now: &str, args: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_walkaway"))
            .args(args)
            .arg("--json")
            .env_clear()
            .env("HOME", self.folder.path())
            .env("WALKAWAY_DB", self.db())
            .env("WALKAWAY_NOW", now)
            .env("TZ", "UTC")
            .env("USER", "ana")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The pipeline with the export in it.
    fn imported() -> Self {
        let desk = Self::new();
        desk.json(&["import", desk.export().to_str().unwrap()]);
        desk
    }
}

/// The cockpit once it shows its list.
fn open(launch: Launch) -> Pty {
    let pty = launch.start();
    pty.wait_for("to decide");
    pty
}

fn quit(mut pty: Pty) {
    pty.keys("q");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_given_back();
}

fn decision_of(desk: &Desk, deal: &str) -> String {
    desk.json(&["show", deal])["decision"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_new_user_imports_answers_fires_undoes_and_finds_all_as_it_was() {
    let desk = Desk::new();
    let pty = desk.cockpit().start();
    pty.wait_for("Import your pipeline");

    pty.keys("i");
    pty.wait_for("its path");
    pty.send(desk.export().to_str().unwrap().as_bytes());
    pty.keys("<CR>");
    pty.wait_for("6 new");
    pty.keys("<CR>");
    pty.wait_for("Imported: 6 new");

    pty.keys("/");
    pty.send(b"northw");
    pty.wait_for("Plant rollout");
    pty.keys("<CR>");
    pty.keys("<CR>");
    pty.wait_for("Do they have a problem");
    pty.keys("2");
    pty.wait_for("Has someone who can sign");
    pty.keys("n");
    pty.wait_for("That is enough to fire");
    pty.keys("F");
    pty.wait_for("hours back");
    pty.keys("<CR>");
    pty.wait_for("Fired Northwind");
    assert_eq!(decision_of(&desk, "Northwind"), "fired");

    pty.keys("<Esc>");
    pty.keys("u");
    pty.wait_for("Taken back: Fired Northwind");
    assert_eq!(decision_of(&desk, "Northwind"), "undecided");
    quit(pty);

    let again = open(desk.cockpit());
    again.wait_for("Northwind");
    let shown = desk.json(&["show", "Northwind"]);
    assert_eq!(shown["verdict"], "fire");
    assert_eq!(shown["answers"].as_array().unwrap().len(), 2);
    let report = desk.json(&["import", desk.export().to_str().unwrap()]);
    assert_eq!(
        (&report["same"], &report["new"]),
        (&Value::from(6), &Value::from(0))
    );
    quit(again);
}

#[test]
fn a_column_that_was_corrected_once_is_right_the_next_time() {
    let desk = Desk::new();
    let table = "Opportunity Name,Account Name,Stage,Worth,Close Date\n\
                 Rollout,Northwind,Proposal,48000,2027-01-29\n";
    std::fs::write(desk.export(), table).unwrap();
    let pty = desk.cockpit().start();
    pty.wait_for("Import your pipeline");
    pty.keys(":");
    pty.send(format!("import {}", desk.export().display()).as_bytes());
    pty.keys("<CR>");
    pty.wait_for("1 new");

    pty.keys("<Tab> <Tab> j j j e");
    pty.wait_for("What `Worth` means");
    pty.send(b"amount");
    pty.keys("<CR>");
    pty.wait_for("Worth: no currency is named");
    pty.keys("<CR>");
    pty.wait_for("Imported: 1 new");
    assert_eq!(desk.json(&["list"])[0]["amount"]["minor"], 4_800_000);

    std::fs::write(desk.export(), table.replace("48000", "51000")).unwrap();
    pty.keys(":");
    pty.send(format!("import {}", desk.export().display()).as_bytes());
    pty.keys("<CR>");
    pty.wait_for("as you corrected it on 23 Nov 2026");
    pty.wait_for("1 updated");
    pty.keys("<CR>");
    pty.wait_for("Imported: 0 new, 1 updated");
    assert_eq!(desk.json(&["list"])[0]["amount"]["minor"], 5_100_000);
    quit(pty);
}

#[test]
fn the_demo_takes_the_place_of_an_empty_pipeline_and_leaves_it_empty() {
    let desk = Desk::new();
    let pty = desk.cockpit().start();
    pty.wait_for("Import your pipeline");

    pty.keys("d");
    pty.wait_for("DEMO");
    pty.wait_for("Fourth Coffee");
    pty.keys("F");
    pty.wait_for("hours back");
    pty.keys("<Esc>");
    quit(pty);

    assert_eq!(desk.json(&["list"]), Value::Array(Vec::new()));
}

#[test]
fn a_second_cockpits_decision_shows_by_itself() {
    let desk = Desk::imported();
    let first = open(desk.cockpit());
    first.wait_for("Contoso");

    let second = open(desk.cockpit());
    second.keys("/");
    second.send(b"contoso");
    second.wait_for("Press line 2");
    second.keys("<CR>");
    second.keys("F");
    second.wait_for("hours back");
    second.keys("<CR>");
    second.wait_for("Fired Contoso");

    first.wait_for("1 fired today");
    quit(first);
    quit(second);
}

#[test]
fn a_command_beside_an_open_cockpit_shows_as_well() {
    let desk = Desk::imported();
    let pty = open(desk.cockpit());

    desk.json(&["hold", "Litware", "what=they answer", "until=+4w"]);

    pty.wait_gone("Litware");
    quit(pty);
}

#[test]
fn a_paste_in_the_list_decides_nothing() {
    let desk = Desk::imported();
    let pty = open(desk.cockpit());

    pty.paste("F\rH\rC\r!u");
    pty.keys("j k");

    let deals = desk.json(&["list"]);
    let decided = deals
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["decision"] != "undecided");
    assert_eq!(decided.count(), 0);
    quit(pty);
}

#[test]
fn a_burst_of_keys_decides_nothing() {
    let desk = Desk::imported();
    let pty = open(desk.cockpit());

    pty.send(b"xyFF\r");
    pty.wait_until("a still list", |screen| screen.contains("to decide"));

    let deals = desk.json(&["list"]);
    let decided = deals
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["decision"] != "undecided");
    assert_eq!(decided.count(), 0);
}

#[test]
fn what_the_screen_acknowledged_outlives_a_kill() {
    let desk = Desk::imported();
    let mut pty = open(desk.cockpit());
    pty.keys("/");
    pty.send(b"proseware");
    pty.wait_for("Group deal");
    pty.keys("<CR>");
    pty.keys("F");
    pty.wait_for("hours back");
    pty.keys("<CR>");
    pty.wait_for("Fired Proseware");

    pty.signal(Signal::KILL);
    pty.wait_exit();

    assert_eq!(decision_of(&desk, "Proseware"), "fired");
    let health = desk.json(&["doctor", "--deep"]);
    assert_eq!(health["schema"], 1);
}

#[test]
fn a_closed_window_and_a_polite_end_leave_terminal_and_data_well() {
    let desk = Desk::imported();
    let mut closed = open(desk.cockpit());
    closed.hang_up();
    assert_eq!(closed.wait_exit(), 129);

    let mut ended = open(desk.cockpit());
    ended.signal(Signal::TERM);
    assert_eq!(ended.wait_exit(), 143);
    ended.assert_given_back();

    assert_eq!(desk.json(&["list"]).as_array().unwrap().len(), 6);
}

#[test]
fn the_place_is_kept_over_a_restart() {
    let desk = Desk::imported();
    let pty = open(desk.cockpit());
    pty.keys("j j");
    let before = pty.wait_for("3 of");
    quit(pty);

    let again = open(desk.cockpit());

    again.wait_for("3 of");
    let deal = |screen: &str| screen.lines().nth(3).unwrap_or_default().to_owned();
    assert_eq!(deal(&again.screen()), deal(&before));
    quit(again);
}

#[test]
fn any_size_is_drawn_and_a_small_one_says_what_it_needs() {
    let desk = Desk::imported();
    let pty = open(desk.cockpit().size(120, 36));

    for (width, height) in [(1, 1), (20, 5), (59, 40), (200, 60), (60, 16), (500, 200)] {
        pty.resize(width, height);
    }
    pty.resize(40, 10);
    pty.wait_for("60");
    pty.resize(80, 24);

    pty.wait_for("Northwind");
    quit(pty);
}

#[test]
fn a_file_that_can_only_be_read_opens_and_says_so() {
    let desk = Desk::imported();
    let mut rights = std::fs::metadata(desk.db()).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(desk.db(), rights).unwrap();
    if is_root() {
        eprintln!("SKIPPED: nothing is read-only for the superuser");
        return;
    }

    let pty = open(desk.cockpit());

    pty.wait_for("READ-ONLY");
    quit(pty);
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn without_colours_or_utf8_the_same_is_said() {
    let desk = Desk::imported();
    let plain = open(desk.cockpit().env("NO_COLOR", "1"));
    let output = String::from_utf8_lossy(&plain.output()).into_owned();
    assert!(!output.contains("\u{1b}[38;"), "no colour was asked for");
    quit(plain);

    let ascii = desk.cockpit().env("LANG", "C").start();
    let screen = ascii.wait_for("to decide");
    assert!(screen.is_ascii() || screen.contains('株'), "{screen}");
    assert!(!screen.contains('━'));
    quit(ascii);
}

#[test]
fn a_pipeline_that_is_none_is_refused_in_words() {
    let desk = Desk::new();
    std::fs::write(
        desk.db(),
        "not a pipeline, but long enough to look at. ".repeat(50),
    )
    .unwrap();

    let mut pty = desk.cockpit().start();

    assert_eq!(pty.wait_exit(), 1);
    let said = String::from_utf8_lossy(&pty.output()).into_owned();
    assert!(said.contains("is no walkaway pipeline"), "{said}");
    assert!(Path::new(&desk.db()).exists());
}

#[test]
fn an_ask_of_one_day_opens_the_next_one_and_one_key_answers_it() {
    let desk = Desk::imported();
    let pty = open(desk.cockpit());
    pty.keys("/");
    pty.send(b"northw");
    pty.wait_for("Plant rollout");
    pty.keys("<CR>");
    pty.keys("a");
    pty.wait_for("whom");
    pty.keys("<Tab> <Tab> <C-u>");
    pty.send(b"tomorrow");
    pty.keys("<CR> <CR>");
    pty.wait_for("To ask: Northwind");
    quit(pty);

    let next_day = || desk.cockpit().env("WALKAWAY_NOW", "2026-11-24T09:00:00Z");
    let pty = next_day().start();
    pty.wait_for("What came back?");
    pty.wait_for("Northwind");
    pty.keys("2");
    pty.wait_for("1 of 1 put, 1 answered");
    // The tally goes on with the key; that it is on disk is said.
    pty.wait_for("What came back is kept for Northwind");
    let shown = desk.json(&["show", "Northwind"]);
    let answers = shown["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0]["grade"], "said");
    pty.keys("<Esc>");
    pty.wait_for("to decide");
    quit(pty);

    let again = open(next_day());
    again.wait_for("Northwind");
    quit(again);
}

#[test]
fn what_no_crm_sees_is_told_in_one_line_settled_by_one_key_and_taken_back() {
    let desk = Desk::imported();
    let pty = open(desk.cockpit());
    pty.keys("/");
    pty.send(b"northw");
    pty.wait_for("Plant rollout");
    pty.keys("<CR>");

    pty.keys("t");
    pty.wait_for("they or we, by what");
    pty.send(b"they call -5m");
    pty.keys("<CR>");
    pty.wait_for("minutes cannot be negative");
    pty.send(b"\x7f\x7f\x7f");
    pty.send(b"25m asked for the quote again");
    pty.wait_for("25 min");
    pty.keys("<CR>");
    pty.wait_for("Touch on Northwind");

    pty.send(b"<");
    pty.wait_for("they owe");
    pty.send(b"data sample by fri");
    pty.wait_for("they owe us");
    pty.keys("<CR>");
    pty.wait_for("Promise kept in mind for Northwind");

    pty.keys("<Tab>");
    pty.keys("G");
    pty.wait_for("3 kept");
    pty.keys("3");
    pty.wait_for("Promise settled on Northwind");
    let promises = || desk.json(&["show", "Northwind"])["commitments"].clone();
    assert_eq!(promises()[0]["state"], "kept");

    pty.keys("u");
    pty.wait_for("Taken back");
    assert_eq!(promises()[0]["state"], "open");
    let touches = desk.json(&["show", "Northwind"])["touches"].clone();
    assert_eq!(touches[0]["minutes"], 25);
    pty.keys("<Esc>");
    pty.keys("<Esc>");
    quit(pty);
}

/// The bank of hours as of a day: what was freed, spent again, planned, one's own, and without a
/// place. It adds up.
fn bank(desk: &Desk, day: &str) -> [f64; 5] {
    let hours = desk.json_at(&format!("{day}T09:00:00Z"), &["hours"]);
    let figures = [
        "reclaimed",
        "reinvested",
        "planned",
        "own_time",
        "not_placed",
    ]
    .map(|name| hours[name].as_f64().unwrap());
    let gap = figures[0] - figures[1..].iter().sum::<f64>();
    assert!(gap.abs() < 0.03, "{day}: {hours}");
    figures
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.03
}

/// One sitting, on its own day: the cockpit is opened, used and left, and the bank adds up.
fn on(desk: &Desk, day: &str, work: impl FnOnce(&Pty)) -> [f64; 5] {
    let now = format!("{day}T09:00:00Z");
    let pty = open(desk.cockpit().env("WALKAWAY_NOW", &now).size(120, 36));
    work(&pty);
    pty.keys("g");
    pty.keys("c");
    quit(pty);
    bank(desk, day)
}

fn find(pty: &Pty, name: &str, title: &str) {
    pty.keys("/");
    pty.send(b"\x15");
    pty.send(name.as_bytes());
    pty.wait_for(title);
    pty.keys("<CR>");
}

/// Logs a touch of the deal under the cursor in one line.
fn touch(pty: &Pty, line: &str) {
    pty.keys("t");
    pty.wait_for("they or we, by what");
    pty.send(line.as_bytes());
    pty.wait_for(line);
    pty.keys("<CR>");
    pty.wait_gone("they or we, by what");
    pty.wait_for("Touch on");
}

/// Does something by its name.
fn run(pty: &Pty, line: &str, says: &str) {
    pty.keys(":");
    pty.wait_for("Tab complete");
    pty.send(line.as_bytes());
    pty.wait_for(line);
    pty.keys("<CR>");
    pty.wait_for(says);
}

#[test]
fn a_deal_goes_the_whole_circle_by_keys_alone() {
    let desk = Desk::imported();
    let dates = desk.folder.path().join("dates.ics");
    let ics = dates.to_str().unwrap();
    let calendar = || std::fs::read_to_string(&dates).unwrap();

    // Dark after joint work: the note that closes the file is copied, and they are nurtured.
    let freed = on(&desk, "2026-11-23", |pty| {
        find(pty, "northw", "Plant rollout");
        touch(pty, "we workshop 8h 5 oct plan");
        touch(pty, "we call 12 oct");
        touch(pty, "we email 20 oct");
        touch(pty, "we call 2 nov");
        pty.wait_for("dark after joint");
        pty.keys("F");
        pty.wait_for("[closing the file]");
        // What the record shows is ticked.
        pty.wait_for("[x] dark after joint work");
        pty.keys("<Down> <Tab> <Tab> <Right>");
        pty.wait_for("[re-gift]");
        pty.keys("<Right>");
        pty.wait_for("nurture until");
        pty.keys("<Tab>*5 <Right>");
        pty.wait_for("[closing the file]");
        pty.keys("<Tab>*2");
        pty.send(b"Tom");
        pty.keys("<Tab>");
        pty.wait_for("Dear Tom,");
        pty.keys("<Tab>*4 c");
        pty.wait_for("Copied");
        pty.keys("<CR>");
        pty.wait_for("Fired Northwind");
        run(pty, &format!("calendar {ics}"), "for your calendar");
    });
    assert!(freed[0] > 5.0 && near(freed[0], freed[4]), "{freed:?}");
    assert!(calendar().contains("SUMMARY:Northwind: ask once more"));
    let fired = desk.json(&["show", "Northwind"])["decisions"][0].clone();
    assert_eq!(fired["disposition"], "nurture", "{fired}");
    let reasons = fired["reasons"].as_array().unwrap();
    let told = |reason: &serde_json::Value| reason.as_str().unwrap().starts_with("dark");
    assert!(!reasons.is_empty() && reasons.iter().all(told), "{fired}");

    // Its hours get a place on a deal worth winning, and are spent there.
    let placed = on(&desk, "2026-11-24", |pty| {
        find(pty, "contoso", "Press line 2");
        pty.keys("C");
        pty.wait_for("or else");
        pty.keys("<CR>");
        pty.wait_for("Continued Contoso");
        pty.keys("g w");
        pty.wait_for("hours a week do you sell");
        pty.keys("j*2 +");
        pty.wait_for("1 h placed");
        pty.keys("+");
        pty.wait_for("2 h placed");
    });
    assert!(
        near(placed[0], freed[0]) && near(placed[2], 2.0),
        "{placed:?}"
    );
    let spent = on(&desk, "2026-11-25", |pty| {
        find(pty, "contoso", "Press line 2");
        touch(pty, "we call 1h offer");
    });
    assert!(near(spent[1], 1.0) && near(spent[2], 1.0), "{spent:?}");

    // After ninety days: the question, their word, and back on better terms with a tripwire.
    let back = on(&desk, "2027-02-22", |pty| {
        pty.keys("g f");
        pty.wait_for("What came of them?");
        pty.wait_for("after 90 days");
        pty.keys("1");
        pty.wait_for("nothing on record says");
        pty.keys("<Esc>");
        find(pty, "northw", "Plant rollout");
        pty.wait_for("nurture until 21 Feb");
        touch(pty, "they meeting 45m the budget is there");
        pty.keys("g f");
        pty.wait_for("What came of them?");
        pty.keys("1");
        pty.wait_for("Came back better");
        pty.keys("<Esc>");
        pty.wait_for("to decide");
        pty.keys("1");
        pty.wait_for("terms");
        pty.send(b"half the scope");
        pty.keys("<CR> <CR>");
        pty.wait_for("Reinstated Northwind");
        pty.keys("C");
        pty.wait_for("or else");
        pty.keys("<CR>");
        pty.wait_for("Continued Northwind");
        run(pty, &format!("calendar {ics}"), "for your calendar");
    });
    assert!(near(back[0], freed[0]) && near(back[2], 0.0), "{back:?}");
    assert_eq!(decision_of(&desk, "Northwind"), "continued");
    assert!(calendar().contains("SUMMARY:Northwind: tripwire"));
    assert!(
        calendar().contains("SUMMARY:No longer due"),
        "their nurture date is over"
    );

    // What the tripwire waited for happened, so it goes on; then it is won.
    on(&desk, "2027-03-08", |pty| {
        find(pty, "northw", "Plant rollout");
        pty.wait_for("3 it happened");
        pty.keys("3");
        pty.wait_for("what happened");
        pty.send(b"their director signed the plan");
        pty.keys("<CR> <CR>");
        pty.wait_for("or else");
        pty.keys("<CR>");
        pty.wait_for("Continued Northwind");
    });
    on(&desk, "2027-03-15", |pty| {
        find(pty, "northw", "Plant rollout");
        pty.wait_for("GOES ON");
        run(pty, "close won", "Won: Northwind");
    });
    let end = on(&desk, "2027-05-17", |pty| {
        pty.keys("g f");
        pty.wait_for("Would you sell it again?");
        pty.keys("y");
        pty.wait_for("You would sell it again");
    });
    assert!(
        near(end[0], freed[0]),
        "what it freed stays on record: {end:?}"
    );

    let told = desk.json(&["regret", "list"]);
    assert_eq!(told[0]["again"], true);
    let record = desk.json(&["outcome", "list"]);
    assert_eq!(record["rows"][0]["outcome"], "came_back_better");
    let shown = desk.json(&["show", "Northwind"]);
    assert_eq!(shown["status"], "won");
    let terms = shown["decisions"].as_array().unwrap().iter();
    assert!(terms.clone().any(|row| row["terms"] == "half the scope"));
}
