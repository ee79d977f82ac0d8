//! What the cockpit has done on threads of their own: files are read, taken in and written there,
//! and programs asked, while the screen goes on.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};

use super::super::answers;
use super::super::outbox;
use super::super::worker::{self, Moment, Send};
use super::{Cockpit, Failure};
use crate::app::effect::{Notes, Outgoing};
use crate::app::msg::{Doing, NotesOut, Reply};
use crate::app::one_on_one::MinutesWish;
use crate::app::preview::{Request as Asked, RowCounts};
use crate::domain::insights::{Period, insights};
use crate::domain::load::Ending;
use crate::domain::message::Way;
use crate::domain::review::Telling;
use crate::domain::told::Choices;
use crate::domain::view::ListQuery;
use crate::export::crm::{self, CrmError, Rules};
use crate::export::file;
use crate::export::minutes::{self, Layout};
use crate::export::own::OwnError;
use crate::import::{self, Export, Options, RunError};
use crate::store::{Entrance, Store, StoreError};

/// Time between two reports of an import's progress.
const PROGRESS: Duration = Duration::from_millis(100);

impl Cockpit {
    pub(super) fn path(&self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), &self.around.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(text),
        }
    }

    /// What reads the files of a request, on the thread that reads them.
    fn files(&self, moment: Moment, request: Asked, cancel: &Arc<AtomicBool>) -> Files {
        let map = request
            .mapping
            .into_iter()
            .map(|(column, field)| format!("{column}={}", field.as_deref().unwrap_or("ignore")))
            .collect();
        let around = &self.around;
        Files {
            paths: request.paths.iter().map(|path| self.path(path)).collect(),
            options: Options {
                map,
                dates: request.dates,
                currency: request.currency,
                source: request.source,
                cancel: Some(Arc::clone(cancel)),
                today: Some(moment.today),
                ..around.import.clone()
            },
            forget: request.forget,
            take_theirs: request.take_theirs,
            today: moment.today,
            day: Arc::clone(&around.day),
            file_days: around.file_days,
        }
    }

    /// Reads files on a thread of its own; an earlier preview is stopped.
    pub(super) fn preview(&mut self, moment: Moment, number: u64, request: Asked) {
        self.previews.store(true, Ordering::SeqCst);
        let cancel: Arc<AtomicBool> = Arc::default();
        self.previews = Arc::clone(&cancel);
        let files = self.files(moment, request, &cancel);
        let send = Arc::clone(&self.send);
        let entrance = self.worker.entrance();
        worker::named("preview", move || {
            let told = look(&entrance, files, number, &send);
            // A newer preview is on its way where this one was stopped.
            if let (Err(e), false) = (told, cancel.load(Ordering::SeqCst)) {
                send(failure(Doing::Preview, &e));
            }
        });
    }

    /// Imports on a thread of its own.
    pub(super) fn import(&mut self, moment: Moment, request: Asked) {
        self.cancel = Arc::default();
        let mut files = self.files(moment, request, &self.cancel);
        let send = Arc::clone(&self.send);
        let entrance = self.worker.entrance();
        let stamp = self.who.stamp(moment);
        let follow = self.around.follow.clone();
        worker::named("import", move || {
            let mut last: Option<Instant> = None;
            let mut progress = |at: import::Progress, rows: u64| {
                // Nothing comes for a while after the word that it sorts.
                let is_last = at.ending == Some(Ending::Sorting);
                if is_last || last.is_none_or(|t| t.elapsed() >= PROGRESS) {
                    last = Some(Instant::now());
                    // The number of rows is not known before the end; by the bytes it is near.
                    let of = (at.read > 0)
                        .then(|| (rows as f64 * at.total as f64 / at.read as f64).round() as u64);
                    send(Reply::ImportProgress {
                        done: rows,
                        of,
                        ending: at.ending,
                    });
                }
            };
            let mut work = || -> Result<_, RunError> {
                let store = entrance.open()?;
                let export = files.open(&store)?;
                let at = stamp.at;
                let take = files.take_theirs;
                let report = import::run(&store, &export, take, stamp.clone(), &mut progress)?;
                import::remember(&store, &export, &files.options, at)?;
                import::note_taken(&store, &files.paths)?;
                if let Some(Err(failure)) = follow.as_ref().map(|f| f(&store, moment)) {
                    send(not_done(Doing::Calendar, failure));
                }
                Ok(report)
            };
            match work() {
                Ok(report) => send(Reply::ImportDone {
                    counts: answers::counts(report.counts, report.joined),
                    cancelled: false,
                }),
                Err(e) if e.is_cancelled() => {
                    send(Reply::ImportDone {
                        counts: RowCounts::default(),
                        cancelled: true,
                    });
                }
                Err(e) => send(failure(Doing::Import, &e)),
            }
        });
        self.worker.write(moment, worker::Write::Tend);
    }

    pub(super) fn find_export(&self, moment: Moment) {
        let (send, around) = (Arc::clone(&self.send), self.around.clone());
        let (entrance, stamp) = (self.worker.entrance(), self.who.stamp(moment));
        worker::named("downloads", move || {
            let store = entrance.open().ok();
            let record = store
                .as_ref()
                .and_then(|store| store.overview(&stamp).ok()?.record_day);
            let taken = store.as_ref().and_then(|store| import::taken(store).ok());
            let taken = taken.unwrap_or_default();
            let found = import::newest_export(&around.downloads, &around.import, &taken);
            send(Reply::NewestExport(found.map(|found| {
                let day = (around.day)(found.written);
                answers::found(found, record, day)
            })));
        });
    }

    pub(super) fn export(&self, path: Option<String>, query: Box<ListQuery>, mask: u8) {
        let (send, write) = (Arc::clone(&self.send), Arc::clone(&self.around.export));
        let (entrance, who) = (self.worker.entrance(), self.who.name());
        let path = path.map(|p| self.path(&p).to_string_lossy().into_owned());
        worker::named("export", move || {
            let done = entrance
                .open()
                .map_err(|e| (e.to_string(), e.hint()))
                .and_then(|store| write(&store, path.as_deref(), &query, mask, &who));
            send(match done {
                Ok((path, deals)) => Reply::Exported { path, deals },
                Err((what, hint)) => Reply::Failed {
                    doing: Doing::Export,
                    what,
                    why: String::new(),
                    hint,
                },
            });
        });
    }

    pub(super) fn insights(&self, moment: Moment, period: Period) {
        let (send, entrance) = (Arc::clone(&self.send), self.worker.entrance());
        worker::named("insights", move || {
            let read = || {
                let store = entrance.open()?;
                store.insight_facts(&period, moment.today)
            };
            send(match read() {
                Ok(facts) => Reply::Insights(insights(&facts)),
                Err(e) => worker::failed(Doing::Insights, &e),
            });
        });
    }

    /// Hands a message to the mail program or to a file, on a thread of its own.
    pub(super) fn message(&self, moment: Moment, outgoing: Outgoing, way: Way) {
        let (send, opener) = (Arc::clone(&self.send), self.around.opener);
        worker::named("message", move || {
            let folder = Path::new(".");
            let done = match way {
                Way::Mail => outbox::draft(&outgoing, opener, folder, moment.at, moment.today),
                Way::Copy | Way::File | Way::Print => {
                    outbox::write(&outgoing, folder, moment.today).map(Some)
                }
            };
            send(match done {
                Ok(path) => Reply::Left {
                    way,
                    path: path.map(|path| path.to_string_lossy().into_owned()),
                },
                Err(failure) => not_done(Doing::Message, failure),
            });
        });
    }

    /// Writes closing notes to a new folder, or brings them as one text.
    pub(super) fn notes(&self, moment: Moment, notes: Notes) {
        let (send, entrance) = (Arc::clone(&self.send), self.worker.entrance());
        worker::named("notes", move || {
            let work = || -> Result<Reply, Failure> {
                let store_words = |e: StoreError| (e.to_string(), e.hint());
                let store = entrance.open().map_err(store_words)?;
                let found = store.closing_notes(&notes.deals).map_err(store_words)?;
                let written = found.iter().map(|note| note.deal).collect();
                let (folder, text) =
                    outbox::put_out(&found, notes.way, Path::new("."), moment.at, moment.today)?;
                Ok(Reply::NotesOut(Box::new(NotesOut {
                    notes,
                    written,
                    folder: folder.map(|path| path.to_string_lossy().into_owned()),
                    text,
                })))
            };
            send(work().unwrap_or_else(|failure| not_done(Doing::Message, failure)));
        });
    }

    pub(super) fn calendar(&self, moment: Moment, path: Option<String>, mask: u8) {
        let (send, write) = (Arc::clone(&self.send), Arc::clone(&self.around.calendar));
        let entrance = self.worker.entrance();
        let path = path.map(|p| self.path(&p).to_string_lossy().into_owned());
        worker::named("calendar", move || {
            let done = entrance
                .open()
                .map_err(|e| (e.to_string(), e.hint()))
                .and_then(|store| write(&store, path.as_deref(), mask, moment));
            send(match done {
                Ok((path, dates)) => Reply::CalendarWritten { path, dates },
                Err(failure) => not_done(Doing::Calendar, failure),
            });
        });
    }

    /// Writes the minutes of a 1:1, or brings them to be copied.
    pub(super) fn minutes(&self, moment: Moment, wish: MinutesWish) {
        let (send, entrance) = (Arc::clone(&self.send), self.worker.entrance());
        let (stamp, locale) = (self.who.stamp(moment), self.model.locale);
        let path = wish.path.as_deref().map(|path| self.path(path));
        worker::named("minutes", move || {
            let work = || -> Result<Reply, Failure> {
                let store_words = |e: StoreError| (e.to_string(), e.hint());
                let store = entrance.open().map_err(store_words)?;
                let minutes = store.minutes(wish.review, &stamp).map_err(store_words)?;
                let minutes = minutes.ok_or_else(|| {
                    let what = "there are no minutes: the 1:1 was taken back".to_owned();
                    (what, String::new())
                })?;
                let told = Telling {
                    bank: store.judge().bank(),
                    mask: &wish.mask,
                    locale: &locale,
                    today: stamp.today,
                };
                let layout = if wish.html {
                    Layout::Html
                } else {
                    Layout::Markdown
                };
                let text = minutes::write(&minutes, &told, layout);
                let Some(path) = path else {
                    return Ok(Reply::Minutes { path: None, text });
                };
                let write = |to: &mut dyn Write| -> Result<(), OwnError> {
                    Ok(to.write_all(text.as_bytes())?)
                };
                file::write(&path, false, write).map_err(|e| {
                    let hint = "`walkaway report minutes -o FILE` writes them elsewhere";
                    (e.to_string(), hint.to_owned())
                })?;
                Ok(Reply::Minutes {
                    path: Some(path.to_string_lossy().into_owned()),
                    text: String::new(),
                })
            };
            send(work().unwrap_or_else(|(what, hint)| Reply::Failed {
                doing: Doing::Minutes,
                what,
                why: String::new(),
                hint,
            }));
        });
    }

    pub(super) fn load_crms(&self) {
        let (send, entrance) = (Arc::clone(&self.send), self.worker.entrance());
        let team = self.around.import.crm_files.clone();
        worker::named("crms", move || {
            let look = || Ok(crm::listeners(&entrance.open()?, &Rules::load(&team)?)?);
            let failed = |error| not_told(Doing::Crms, &error);
            send(look().map_or_else(failed, Reply::Crms));
        });
    }

    pub(super) fn export_for_crm(
        &self,
        moment: Moment,
        source: String,
        choices: Choices,
        close_fired: bool,
        place: crm::Place,
    ) {
        let (send, entrance) = (Arc::clone(&self.send), self.worker.entrance());
        let (stamp, team) = (self.who.stamp(moment), self.around.import.crm_files.clone());
        worker::named("crm export", move || {
            let write = || {
                let (store, rules) = (entrance.open()?, Rules::load(&team)?);
                let rules = crm::find(&rules, &source)?;
                let request = crm::Request {
                    close_fired,
                    ..crm::Request::default()
                };
                let plan = crm::plan(&store, rules, source, choices, &request)?;
                let report = crm::write(&store, &stamp, &plan, &place)?;
                crm::remember(&store, &plan.source, &plan.choices)?;
                Ok(Reply::Told {
                    what: answers::told(&plan.rules.label, &report),
                    left: report.listed.len() as u64,
                })
            };
            send(write().unwrap_or_else(|error| not_told(Doing::Export, &error)));
        });
    }
}

/// The files of an import, and how they are read.
struct Files {
    paths: Vec<PathBuf>,
    options: Options,
    forget: bool,
    take_theirs: bool,
    today: NaiveDate,
    day: Arc<dyn Fn(DateTime<Utc>) -> NaiveDate + std::marker::Send + Sync>,
    file_days: bool,
}

impl Files {
    /// Recognises them, as such files were corrected before.
    fn open(&mut self, store: &Store) -> Result<Export, RunError> {
        self.options.memory = if self.forget {
            Vec::new()
        } else {
            import::remembered(store, |at| (self.day)(at))?
        };
        let mut export = import::open_for(store, &self.paths, &self.options)?;
        if self.forget {
            import::forget(store, &export)?;
        }
        let (today, day, dated) = (self.today, &self.day, self.file_days);
        export.date(today, None, |at| if dated { day(at) } else { today });
        Ok(export)
    }
}

/// Says what files would do: at once what they are, then their first rows, then all of it.
fn look(entrance: &Entrance, mut files: Files, number: u64, send: &Send) -> Result<(), RunError> {
    let store = entrance.open()?;
    let export = files.open(&store)?;
    let tell = |report: &import::Report, share: Option<f64>| {
        send(Reply::Preview {
            number,
            data: Box::new(answers::preview(&export, report)),
            share,
        });
    };
    tell(&import::Report::default(), Some(0.0));
    let mut last: Option<Instant> = None;
    let mut see = |at: import::Progress, report: &import::Report| {
        let share = at.read as f64 / at.total.max(1) as f64;
        match last {
            None => tell(report, Some(share)),
            Some(then) if then.elapsed() < PROGRESS => return,
            Some(_) => send(Reply::PreviewCounts {
                number,
                counts: answers::counts(report.counts, report.joined),
                share,
            }),
        }
        last = Some(Instant::now());
    };
    let report = import::preview(&store, &export, files.take_theirs, &mut see)?;
    tell(&report, None);
    Ok(())
}

/// The words of what failed outside the store.
pub(super) fn not_done(doing: Doing, (what, hint): Failure) -> Reply {
    Reply::Failed {
        doing,
        what,
        why: String::new(),
        hint,
    }
}

/// The words of an export for a CRM that failed.
fn not_told(doing: Doing, error: &CrmError) -> Reply {
    Reply::Failed {
        doing,
        what: error.to_string(),
        why: String::new(),
        hint: error.hint(),
    }
}

fn failure(doing: Doing, error: &RunError) -> Reply {
    Reply::Failed {
        doing,
        what: error.to_string(),
        why: String::new(),
        hint: error.hint(),
    }
}
