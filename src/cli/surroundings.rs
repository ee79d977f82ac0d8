//! What the program was started in, read once in `main` and handed on.

use std::path::PathBuf;

use chrono::{DateTime, Local, NaiveDate, NaiveTime, TimeZone, Utc};

use crate::domain::locale::Locale;

/// The clock, the environment and the terminal, as they were when the program was started.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact about the terminal, none depends on another"
)]
pub struct Surroundings {
    /// The instant of the start; `WALKAWAY_NOW` where that is set.
    pub now: DateTime<Utc>,
    /// Whether `WALKAWAY_NOW` holds the clock still.
    pub frozen: bool,
    /// The system's clock, for what goes on for longer than a moment.
    pub clock: fn() -> DateTime<Utc>,
    /// `WALKAWAY_DB`.
    pub db: Option<PathBuf>,
    /// `WALKAWAY_AS`.
    pub who: Option<String>,
    /// The login name.
    pub login: Option<String>,
    /// The folder for data of this program; `None` without a home folder.
    pub data: Option<PathBuf>,
    /// The folder for its configuration; `None` without a home folder.
    pub config: Option<PathBuf>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The folder to which browsers save.
    pub downloads: Option<PathBuf>,
    /// The desktop.
    pub desktop: Option<PathBuf>,
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// How numbers and dates are written.
    pub locale: Locale,
    /// The locale's name, for `doctor`; empty when none is set.
    pub locale_name: String,
    /// Whether the locale says UTF-8.
    pub utf8: bool,
    /// `TERM`; empty when it is not set.
    pub term: String,
    /// Columns of the terminal on standard output; `None` when it goes elsewhere.
    pub width: Option<usize>,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub err_is_terminal: bool,
    /// Whether standard input is a terminal.
    pub in_is_terminal: bool,
    /// The keys of the cockpit, for the manual: where they work, the keys, what they do.
    pub keys: fn() -> Vec<[String; 3]>,
}

impl Surroundings {
    /// The instant that it is now, which a clock that is held still does not leave.
    pub fn instant(&self) -> DateTime<Utc> {
        if self.frozen {
            self.now
        } else {
            (self.clock)()
        }
    }

    /// The day that it is for the person, in the zone of `TZ`.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&Local).date_naive()
    }

    /// The instant at which a day begins in the zone of `TZ`.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        Local
            .from_local_datetime(&midnight)
            .earliest()
            .map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
    }
}
