//! A place of its own for the program: its folders, its clock, no environment.

use std::cell::Cell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, Duration, SecondsFormat, Utc};

/// A folder in which the program is run, with a clock that goes on one second a command.
pub struct Bench {
    folder: tempfile::TempDir,
    now: Cell<DateTime<Utc>>,
}

/// What a command printed, and how it ended.
#[must_use]
pub struct Shot {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// The exit code.
    pub code: i32,
}

impl fmt::Display for Shot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.out)?;
        if !self.err.is_empty() {
            write!(f, "--- error\n{}", self.err)?;
        }
        write!(f, "--- exit {}", self.code)
    }
}

impl Shot {
    /// Asserts that the command did what it was asked, and returns what it printed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self}");
        self.out
    }

    /// Reads what was printed as JSON.
    #[track_caller]
    pub fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.ok()).expect("JSON was asked for")
    }
}

/// The day on which every test begins: a Monday.
pub const START: &str = "2026-11-23T09:00:00Z";

impl Bench {
    /// An empty place.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for part in ["home", "work"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
        }
        Self {
            folder,
            now: Cell::new(START.parse().unwrap()),
        }
    }

    /// A place with the deals of [`DEALS`].
    pub fn with_deals() -> Self {
        let bench = Self::new();
        bench.write("deals.csv", DEALS);
        bench.run(&["import", "deals.csv"]).ok();
        bench
    }

    /// A file in the folder in which the program runs.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// A file below the configuration folder.
    pub fn config(&self, name: &str, text: &str) {
        let path = self.folder.path().join("home/.config/walkaway").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A place in the home folder.
    pub fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join("home").join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Lets days go by.
    pub fn wait(&self, days: i64) {
        self.now.set(self.now.get() + Duration::days(days));
    }

    /// The program with its arguments, in this place.
    pub fn command(&self, args: &[&str]) -> Command {
        let now = self.now.get();
        self.now.set(now + Duration::seconds(1));
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("walkaway"));
        command
            .args(args)
            .current_dir(self.folder.path().join("work"))
            .env_clear()
            .env("HOME", self.folder.path().join("home"))
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm")
            .env("USER", "ana")
            .env("WALKAWAY_DB", "pipeline.db")
            .env(
                "WALKAWAY_NOW",
                now.to_rfc3339_opts(SecondsFormat::Secs, true),
            )
            .stdin(Stdio::null());
        command
    }

    /// Runs the program and waits for its end.
    pub fn run(&self, args: &[&str]) -> Shot {
        self.shot(&mut self.command(args))
    }

    /// Runs the program with so many kilobytes of address space.
    pub fn run_within(&self, kilobytes: u32, args: &[&str]) -> Shot {
        let inner = self.command(args);
        let mut outer = Command::new("sh");
        outer
            .arg("-c")
            .arg(format!("ulimit -v {kilobytes} && exec \"$0\" \"$@\""))
            .arg(inner.get_program())
            .args(inner.get_args())
            .env_clear()
            .stdin(Stdio::null());
        if let Some(folder) = inner.get_current_dir() {
            outer.current_dir(folder);
        }
        for (name, value) in inner.get_envs() {
            if let Some(value) = value {
                outer.env(name, value);
            }
        }
        self.shot(&mut outer)
    }

    /// Waits for the end of a command of this place.
    pub fn shot(&self, command: &mut Command) -> Shot {
        let output = command.output().unwrap();
        let folder = self.folder.path().to_str().unwrap();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .expect("UTF-8")
                .replace(folder, "PLACE")
        };
        Shot {
            out: text(output.stdout),
            err: text(output.stderr),
            code: output.status.code().expect("ended by itself"),
        }
    }
}

/// A file of deals as a CRM writes it.
pub const DEALS: &str = "\
Record ID,Deal Name,Associated Company,Deal owner,Deal Stage,Amount,Currency,Close Date,Create Date,Last Activity Date,Next step
8001,Plant rollout,Northwind,Ana Ruiz,Proposal,48000,EUR,2027-01-29,2026-07-26,2026-11-19,call Kim
8002,Press line 2,Contoso,Ana Ruiz,Discovery,\"95,000.50\",EUR,2026-12-18,2026-08-15,2026-11-14,
8003,Seats,Graphic Design Institute,Ana Ruiz,Negotiation,26000,EUR,2026-12-21,2026-10-06,2026-11-21,send paper
8004,Licences,Bellows College,Ana Ruiz,Closed Won,12500,EUR,2026-11-02,2026-06-01,2026-11-02,
";

/// Whether a file's permissions bind whoever runs the tests; they do not bind the superuser.
pub fn permissions_bind(folder: &Path) -> bool {
    let probe = folder.join("probe");
    std::fs::write(&probe, "").unwrap();
    let mut permissions = std::fs::metadata(&probe).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&probe, permissions).unwrap();
    std::fs::OpenOptions::new()
        .write(true)
        .open(&probe)
        .is_err()
}
