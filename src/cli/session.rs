//! What the verbs share: opening the pipeline, finding deals, stamping, reporting.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::args::Global;
use super::config::Config;
use super::error::CliError;
use super::out::Out;
use super::surroundings::Surroundings;
use crate::domain::clean::TermSafe;
use crate::domain::deal::Done;
use crate::domain::ids::DealId;
use crate::domain::shown::{Label, Level, Mask};
use crate::domain::when::{Lean, parse_day};
use crate::export::{calendar, deals};
use crate::store::{Access, Judge, Matches, Place, Stamp, Store, StoreError};

/// The name of the file in which the pipeline of this computer is kept.
const PIPELINE: &str = "pipeline.db";

/// The name of the file that remembers who sat here last.
pub const PERSON: &str = "person";

/// Why writing to a string cannot fail.
const TAKES: &str = "a string takes all that is written";

/// Deals that the search index takes up after a command that made many.
const INDEX: usize = 20_000;

/// Deals that are judged before somebody who waits at a terminal is told of it: a second of it.
const LONG: usize = 20_000;

/// One run of a command.
#[derive(Debug)]
pub struct Session<'a> {
    /// Clock, environment, terminal.
    pub around: &'a Surroundings,
    /// What every command takes.
    pub global: &'a Global,
    /// What the configuration says.
    pub config: Config,
    /// Where the answer goes.
    pub out: Out,
}

impl<'a> Session<'a> {
    /// Starts a run.
    pub fn new(around: &'a Surroundings, global: &'a Global) -> Self {
        let config = Config::read(around.config.as_deref());
        let out = Out::stdout(global.color, global.json, around);
        Self {
            around,
            global,
            config,
            out,
        }
    }

    /// The pipeline's path: `--db`, else `WALKAWAY_DB`, else the data folder.
    pub fn path(&self) -> Result<PathBuf, CliError> {
        let named = self.global.db.clone().or_else(|| self.around.db.clone());
        named
            .or_else(|| self.around.data.as_ref().map(|d| d.join(PIPELINE)))
            .ok_or_else(|| {
                CliError::failed("there is no home folder in which the pipeline could be")
                    .hint("name it with `--db FILE`")
            })
    }

    /// Who does it: `--as`, else `WALKAWAY_AS`, else the person last chosen here, else the login
    /// name.
    pub fn who(&self) -> String {
        let last = || {
            let file = self.around.data.as_ref()?.join(PERSON);
            let text = std::fs::read_to_string(file).ok()?;
            Some(text.lines().next()?.to_owned())
        };
        let name = |text: Option<String>| {
            let text = text?;
            let name = crate::domain::clean::clean_line(&text, 80);
            (!name.is_empty()).then(|| name.into_owned())
        };
        name(self.global.who.clone())
            .or_else(|| name(self.around.who.clone()))
            .or_else(|| name(last()))
            .or_else(|| name(self.around.login.clone()))
            .unwrap_or_else(|| "somebody".to_owned())
    }

    /// The stamp of what this command does.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            at: self.around.now,
            today: self.around.today(),
            who: self.who(),
            place: Place::Command,
            session: "command".to_owned(),
        }
    }

    /// The question banks and thresholds by which deals are judged.
    pub fn judge(&self) -> Judge {
        Judge::new(self.config.banks(), self.config.thresholds.clone())
            .with_messages(self.config.messages.clone())
    }

    /// Opens the pipeline.
    pub fn open(&self, access: Access) -> Result<Store, CliError> {
        self.open_at(&self.path()?, access)
    }

    /// Opens a pipeline and brings what depends on the day up to today.
    pub fn open_at(&self, path: &Path, access: Access) -> Result<Store, CliError> {
        let store = Store::open(path, access, self.around.now, self.judge())?;
        if !store.is_read_only() {
            self.tend(&store)?;
        }
        Ok(store)
    }

    /// Takes back what a stopped import left, and renews what a new day changes; beside an import
    /// that is left to it, which may take a minute. A disk without room for that keeps nobody from
    /// looking; what writes says so itself.
    fn tend(&self, store: &Store) -> Result<(), CliError> {
        let tended = store.take_back_unfinished().and_then(|_| {
            if store.is_importing() {
                Ok(())
            } else {
                self.judge_again(store)
            }
        });
        match tended {
            Ok(()) => Ok(()),
            Err(error) if error.is_full() => {
                self.warn(&format!("{error}; {}", error.hint()));
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Judges what a new day changes, and tells who waits for it why, where it is a lot.
    fn judge_again(&self, store: &Store) -> Result<(), StoreError> {
        let mut judged = 0;
        store.renew_day(self.around.today(), |more| {
            let is_told = judged >= LONG;
            judged += more;
            if !is_told && judged >= LONG && self.around.err_is_terminal {
                self.say("judging the deals for today, once a day and after an update");
            }
            Ok(())
        })
    }

    /// Says on standard error what went wrong beside the command.
    fn warn(&self, what: &str) {
        self.say(&format!("warning: {what}"));
    }

    /// Says something on standard error, to people only.
    fn say(&self, what: &str) {
        if !self.global.json {
            // What cannot be said beside a command is not worth failing for.
            let _ = writeln!(std::io::stderr(), "{}", TermSafe::caret(what));
        }
    }

    /// Finds the one deal that words name.
    pub fn deal(store: &Store, words: &str) -> Result<DealId, CliError> {
        match store.find(words)? {
            Matches::One(deal) => Ok(deal),
            Matches::None => Err(CliError::failed(format!("no deal is called `{words}`"))
                .hint("`walkaway list` shows the deals with their numbers")),
            Matches::Many(found) => {
                let mask = Mask::off();
                let mut error = CliError::failed(format!("several deals are called `{words}`"));
                for (id, account, title) in &found {
                    let title = mask.name(title, Label::Deal(*id));
                    let account = account.as_ref().map(|a| mask.name(a, Label::Deal(*id)));
                    error = error.because(match account {
                        Some(account) => format!("{id}  {account} · {title}"),
                        None => format!("{id}  {title}"),
                    });
                }
                Err(error.hint("name it by its number"))
            }
        }
    }

    /// Finds several deals, each named by one argument.
    pub fn deals(store: &Store, words: &[String]) -> Result<Vec<DealId>, CliError> {
        words.iter().map(|w| Self::deal(store, w)).collect()
    }

    /// The mask of `--mask`. Labels are drawn anew by each run.
    pub fn mask(&self, level: Option<u8>) -> Mask {
        let level = level.and_then(Level::from_number).unwrap_or_default();
        let nanos = self.around.now.timestamp_subsec_nanos();
        let seed = self.around.now.timestamp().cast_unsigned() ^ (u64::from(nanos) << 32);
        let seed = if self.around.frozen {
            seed
        } else {
            seed ^ u64::from(std::process::id())
        };
        Mask::new(level, seed).with_ascii(!self.around.utf8)
    }

    /// Reads a day as people type it.
    pub fn day(&self, text: &str, lean: Lean) -> Result<NaiveDate, CliError> {
        parse_day(text, self.around.today(), self.around.locale.order(), lean)
            .map_err(|e| CliError::usage(format!("`{text}`: {e}")))
    }

    /// Says what an action did, as words or as JSON.
    pub fn done(&mut self, store: &Store, done: &Done) -> Result<(), CliError> {
        self.follow(store);
        if self.global.json {
            let mut rows = Vec::new();
            for row in deals::records(store, &done.deals)? {
                rows.push(deals::DealJson::new(
                    &row,
                    store.judge().bank(),
                    &Mask::off(),
                    self.around.today(),
                ));
            }
            let value = deals::ActionJson::new(done, rows);
            self.out.value(&value)?;
            return Ok(());
        }
        let mut line = TermSafe::new(&done.what).into_string();
        if let Some(hours) = done.hours_back {
            write!(line, " · {hours:.1} h back, an estimate").expect(TAKES);
        }
        if let Some(action) = done.action {
            write!(line, " · `walkaway undo {action}` takes it back").expect(TAKES);
        }
        self.out.line(line)?;
        for left in &done.left {
            self.out.safe(left)?;
        }
        Ok(())
    }

    /// Brings the configured calendar up to what was changed. What was done stands, whether that
    /// works or not; where it does not, that is said on standard error.
    pub fn follow(&self, store: &Store) {
        let Some(path) = self.config.calendar_path(self.around) else {
            return;
        };
        let (now, today) = (self.around.now, self.around.today());
        let written = calendar::write(store, &path, &Mask::off(), now, today);
        if let Err(error) = written {
            self.warn(&format!("{error}; {}", error.hint()));
        }
    }

    /// Brings the search index up after an import, unless it made so many deals that this would be
    /// the beginning of it: whoever comes next does it then, and they are found by their list.
    pub fn index_import(store: &mut Store) -> Result<(), CliError> {
        if store.has_more_to_index(INDEX)? {
            return Ok(store.checkpoint()?);
        }
        Self::index(store)
    }

    /// Brings the search index up after an action that made deals.
    pub fn index(store: &mut Store) -> Result<(), CliError> {
        let mut left = INDEX;
        while left > 0 {
            let done = store.index_search(left.min(2_000))?;
            if done == 0 {
                break;
            }
            left = left.saturating_sub(done);
        }
        Ok(store.checkpoint()?)
    }
}
