//! The cockpit: joins the pure machine, the drawing and the worker, and carries out effects.

use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use ratatui::Frame;
use ratatui::layout::Size;

use super::input;
use super::outbox::{self, Opener};
use super::runtime::{self, Event, Flow, Mailbox, Program, Request};
use super::worker::{self, Follow, Moment, Read, Send, Who, Worker};
use super::{answers, clipboard};
use crate::app::effect::{Effect, Notes, Outgoing};
use crate::app::layout;
use crate::app::model::Model;
use crate::app::msg::{Doing, Mouse, MouseKind, Msg, NotesOut, OpenedPipeline, Reply, Stamped};
use crate::app::one_on_one::MinutesWish;
use crate::app::place::Place;
use crate::app::preview::{Request as Asked, RowCounts};
use crate::app::screen::{self, Screen};
use crate::app::update::{ends, near, update};
use crate::domain::clean::TermSafe;
use crate::domain::ids::DealId;
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
use crate::ui::{self, Glyphs, Styles};

/// The key under which a person's place is kept in the file.
const PLACE: &str = "place";

/// Time between two reports of an import's progress.
const PROGRESS: Duration = Duration::from_millis(100);

/// Rounds of effects that are answered before the first frame, so that it shows deals: the
/// figures, the order, its first rows, and the first deal.
const FIRST_ROUNDS: usize = 4;

/// What went wrong outside the store, in words, and what to do next.
pub type Failure = (String, String);

/// Makes a throw-away pipeline.
pub type MakeDemo = Arc<dyn Fn() -> Result<Store, Failure> + std::marker::Send + Sync>;

/// Writes the deals of a query to a file at a mask's level; answers with path and count.
pub type WriteExport = Arc<
    dyn Fn(&Store, Option<&str>, &ListQuery, u8, &str) -> Result<(String, u64), Failure>
        + std::marker::Send
        + Sync,
>;

/// Writes the calendar to a path, or where the configuration says, at a mask's level; answers with
/// path and count.
pub type WriteCalendar = Arc<
    dyn Fn(&Store, Option<&str>, u8, Moment) -> Result<(String, usize), Failure>
        + std::marker::Send
        + Sync,
>;

/// What the cockpit is started with, besides its pipeline and its model.
#[derive(Clone)]
pub struct Surroundings {
    /// The day that an instant is for the person.
    pub day: Arc<dyn Fn(DateTime<Utc>) -> NaiveDate + std::marker::Send + Sync>,
    /// The next local midnight after an instant: work for a new day is due then.
    pub midnight: Arc<dyn Fn(DateTime<Utc>) -> DateTime<Utc> + std::marker::Send + Sync>,
    /// How imports read files, beside what the person says of one.
    pub import: Options,
    /// Where exports are downloaded to.
    pub downloads: Vec<PathBuf>,
    /// Whether the clock is the one that dates files.
    pub file_days: bool,
    /// The home folder, for paths that begin with `~`.
    pub home: Option<PathBuf>,
    /// Makes the demo.
    pub demo: MakeDemo,
    /// Writes exports.
    pub export: WriteExport,
    /// Writes the calendar.
    pub calendar: WriteCalendar,
    /// Keeps the configured calendar up to date; `None` where none is configured.
    pub follow: Option<Follow>,
    /// Opens the mail program; `None` where there is no desktop.
    pub opener: Option<Opener>,
    /// Remembers who was chosen last on this computer.
    pub remember_actor: Arc<dyn Fn(&str) + std::marker::Send + Sync>,
    /// How the screen is drawn.
    pub looks: Looks,
}

/// How the screen is drawn, for oneself and for those who look on.
#[derive(Clone, Debug)]
pub struct Looks {
    /// While the screen is one's own.
    pub own: Styles,
    /// While it is shared.
    pub shared: Styles,
}

impl Looks {
    /// Those of the model as it is.
    fn of(&self, model: &Model) -> Styles {
        let styles = if model.shared {
            &self.shared
        } else {
            &self.own
        };
        let mut styles = styles.clone();
        if model.ascii {
            styles.glyphs = Glyphs::Ascii;
        }
        styles
    }
}

/// The words of what failed outside the store.
fn not_done(doing: Doing, (what, hint): Failure) -> Reply {
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

/// The cockpit on a terminal.
pub struct Cockpit {
    model: Model,
    worker: Worker,
    /// A pipeline that is ready to take the place of this one.
    next: Arc<Mutex<Option<Worker>>>,
    who: Who,
    send: Send,
    around: Surroundings,
    cancel: Arc<AtomicBool>,
    previews: Arc<AtomicBool>,
    editing: usize,
    /// What is to be done once the first frame is there.
    later: Vec<(Moment, Effect)>,
    /// Whether another deal is shown than when deals were last read ahead.
    is_elsewhere: bool,
}

impl Cockpit {
    /// Opens the cockpit over a pipeline.
    ///
    /// # Errors
    ///
    /// Those of opening further connections.
    pub fn new(
        model: Model,
        store: Store,
        session: String,
        mailbox: Mailbox<Reply>,
        around: Surroundings,
    ) -> Result<Self, StoreError> {
        let who = Who::new(model.who.clone(), session);
        let send: Send = {
            Arc::new(move |reply| {
                let _ = mailbox.send(reply);
            })
        };
        let worker = Worker::new(store, &who, &send, around.follow.clone())?;
        Ok(Self {
            model,
            worker,
            next: Arc::default(),
            who,
            send,
            around,
            cancel: Arc::default(),
            previews: Arc::default(),
            editing: 0,
            later: Vec::new(),
            is_elsewhere: true,
        })
    }

    fn moment(&self, at: DateTime<Utc>) -> Moment {
        Moment {
            at,
            today: (self.around.day)(at),
        }
    }

    /// Tells the model what happened and carries out what it asks for.
    fn tell(&mut self, at: DateTime<Utc>, msg: Msg) -> Flow {
        let moment = self.moment(at);
        let effects = update(
            &mut self.model,
            Stamped {
                at: moment.at,
                today: moment.today,
                msg,
            },
        );
        let mut flow = Flow::redraw();
        for effect in effects {
            if let Effect::LoadDetail(deal) = effect {
                self.is_elsewhere = true;
                if let Some(detail) = self.worker.take_ahead(moment, deal) {
                    let detail = Some(detail);
                    let read = self.tell(at, Msg::Reply(Reply::Detail { deal, detail }));
                    flow.requests.extend(read.requests);
                    continue;
                }
            }
            if let Effect::FetchWindow {
                generation,
                ids,
                start,
            } = &effect
                && let Some(rows) = self.worker.rows_ahead(moment, &deals(ids))
            {
                let window = Reply::Window {
                    generation: *generation,
                    start: *start,
                    rows,
                };
                flow.requests
                    .extend(self.tell(at, Msg::Reply(window)).requests);
                continue;
            }
            if let Some(request) = self.carry_out(moment, effect) {
                flow = flow.and(request);
            }
        }
        flow
    }

    /// Hands an effect to a thread, or to the runtime where only that can do it.
    fn carry_out(&mut self, moment: Moment, effect: Effect) -> Option<Request> {
        match effect {
            Effect::LoadFacts => self.worker.read(moment, Read::Facts),
            Effect::BuildIndex { generation, query } => {
                self.worker.read(moment, Read::Index { generation, query });
            }
            Effect::FetchWindow {
                generation,
                ids,
                start,
            } => {
                self.worker.read(
                    moment,
                    Read::Window {
                        generation,
                        ids,
                        start,
                    },
                );
            }
            Effect::LoadDetail(deal) => self.worker.read(moment, Read::Detail(deal)),
            Effect::LoadJournal { deal, before } => {
                self.worker.read(moment, Read::Journal { deal, before });
            }
            Effect::LoadSweep(page) => self.worker.read(moment, Read::Sweep(page)),
            Effect::LoadMap => self.worker.read(moment, Read::Map),
            Effect::LoadAfter => self.worker.read(moment, Read::After),
            Effect::LoadHours => self.worker.read(moment, Read::Hours),
            Effect::LoadInsights(period) => self.insights(moment, period),
            Effect::LoadBehind(deals) => self.worker.read(moment, Read::Behind(deals)),
            Effect::LoadReviews => self.worker.read(moment, Read::Reviews),
            Effect::LoadMinutes(review) => self.worker.read(moment, Read::Minutes(review)),
            Effect::LoadMeeting(with) => self.worker.read(moment, Read::Meeting(with)),
            Effect::LayTable(deal) => self.worker.read(moment, Read::Table(deal)),
            Effect::WriteMinutes(wish) => self.minutes(moment, *wish),
            Effect::LoadPaper => self.worker.read(moment, Read::Paper),
            Effect::LoadSweepPiles => self.worker.read(moment, Read::SweepPiles),
            Effect::LoadWeek => self.worker.read(moment, Read::Week),
            Effect::LogMessage(left) => {
                self.worker.write(moment, worker::Write::LogMessage(left));
            }
            Effect::DraftMail(outgoing) => self.message(moment, *outgoing, Way::Mail),
            Effect::WriteMessage(outgoing) => self.message(moment, *outgoing, Way::File),
            Effect::PutOutNotes(notes) => self.notes(moment, *notes),
            Effect::WriteCalendar { path, mask } => self.calendar(moment, path, mask),
            Effect::LoadChanges(action) => self.worker.read(moment, Read::Changes(action)),
            Effect::Act(act) => self.worker.write(moment, worker::Write::Act(act)),
            Effect::Undo(reach) => self.worker.write(moment, worker::Write::Undo(reach)),
            Effect::UndoAction(action) => {
                self.worker.write(moment, worker::Write::UndoAction(action));
            }
            Effect::UndoTo(action) => self.worker.write(moment, worker::Write::UndoTo(action)),
            Effect::Redo => self.worker.write(moment, worker::Write::Redo),
            Effect::SavePlace(place) => {
                let text = serde_json::to_string(&place).unwrap_or_default();
                self.worker
                    .write(moment, worker::Write::Remember(PLACE, text));
            }
            Effect::PreviewImport { number, request } => self.preview(moment, number, *request),
            Effect::ApplyImport(request) => self.import(moment, *request),
            Effect::CancelImport => self.cancel.store(true, Ordering::SeqCst),
            Effect::FindNewestExport => self.find_export(moment),
            Effect::WriteExport { path, query, mask } => self.export(path, query, mask),
            Effect::LoadCrms => self.load_crms(),
            Effect::ExportForCrm {
                source,
                choices,
                close_fired,
                path,
            } => {
                let place = crm::Place {
                    path: path.map(|p| self.path(&p)),
                    force: false,
                };
                self.export_for_crm(moment, source, *choices, close_fired, place);
            }
            Effect::Demo => self.demo(moment),
            Effect::Tend => self.worker.write(moment, worker::Write::Tend),
            Effect::SetActor(name) => {
                self.who.change(name.clone());
                (self.around.remember_actor)(&name);
                (self.send)(Reply::Actor(name));
            }
            Effect::Copy(text) => return Some(Request::Copy(TermSafe::block(&text))),
            Effect::EditText { field, text } => {
                self.editing = field;
                return Some(Request::Edit(text));
            }
            Effect::Quit => return Some(Request::Quit),
            Effect::Suspend => return Some(Request::Suspend),
        }
        None
    }

    fn path(&self, text: &str) -> PathBuf {
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
    fn preview(&mut self, moment: Moment, number: u64, request: Asked) {
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
    fn import(&mut self, moment: Moment, request: Asked) {
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

    fn find_export(&self, moment: Moment) {
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

    fn export(&self, path: Option<String>, query: Box<ListQuery>, mask: u8) {
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

    fn insights(&self, moment: Moment, period: Period) {
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
    fn message(&self, moment: Moment, outgoing: Outgoing, way: Way) {
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
    fn notes(&self, moment: Moment, notes: Notes) {
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

    fn calendar(&self, moment: Moment, path: Option<String>, mask: u8) {
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
    fn minutes(&self, moment: Moment, wish: MinutesWish) {
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

    fn load_crms(&self) {
        let (send, entrance) = (Arc::clone(&self.send), self.worker.entrance());
        let team = self.around.import.crm_files.clone();
        worker::named("crms", move || {
            let look = || Ok(crm::listeners(&entrance.open()?, &Rules::load(&team)?)?);
            let failed = |error| not_told(Doing::Crms, &error);
            send(look().map_or_else(failed, Reply::Crms));
        });
    }

    fn export_for_crm(
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

    /// Makes a throw-away pipeline on a thread of its own; its reply puts it under the cockpit.
    fn demo(&self, moment: Moment) {
        let (send, make) = (Arc::clone(&self.send), Arc::clone(&self.around.demo));
        let (who, next) = (self.who.clone(), Arc::clone(&self.next));
        worker::named("demo", move || {
            let made = make().and_then(|store| {
                let words = |e: StoreError| (e.to_string(), e.hint());
                let reply = opened(&who, &store, moment, true).map_err(words)?;
                let mut worker = Worker::new(store, &who, &send, None).map_err(words)?;
                worker.begin();
                Ok((reply, worker))
            });
            send(match made {
                Ok((reply, worker)) => {
                    *next.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
                    reply
                }
                Err((what, hint)) => Reply::Failed {
                    doing: Doing::Demo,
                    what,
                    why: String::new(),
                    hint,
                },
            });
        });
    }

    /// Takes up the pipeline that was made, if one was; the one before it ends elsewhere, since
    /// its threads first finish what they are doing.
    fn take_next(&mut self) {
        let next = self
            .next
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(worker) = next {
            let before = std::mem::replace(&mut self.worker, worker);
            worker::named("end", move || drop(before));
        }
    }

    /// Answers the first effects at once, so that the first frame shows deals. Whatever it can do
    /// without is left for after it.
    fn first_rounds(&mut self, moment: Moment, demo: bool) -> Flow {
        let Some(reader) = self.worker.reader() else {
            return Flow::redraw();
        };
        // The views are counted after the first frame.
        self.later.push((moment, Effect::LoadFacts));
        let (who, model, later) = (&self.who, &mut self.model, &mut self.later);
        let replies = reader.at_one_moment(|reader| {
            let first = opened(who, reader.store(), moment, demo)
                .unwrap_or_else(|e| worker::failed(Doing::Open, &e));
            let mut replies = VecDeque::from([first]);
            for _ in 0..FIRST_ROUNDS {
                first_round(reader, moment, model, &mut replies, later);
            }
            replies
        });
        let mut flow = Flow::redraw();
        for reply in replies {
            flow.requests
                .extend(self.tell(moment.at, Msg::Reply(reply)).requests);
        }
        flow
    }
}

/// The deals of a list's numbers.
fn deals(ids: &[u32]) -> Vec<DealId> {
    ids.iter().copied().map(DealId::from).collect()
}

/// Tells the model what was read before the first frame, and reads what it asks for then; what is
/// not read is left for after it.
fn first_round(
    reader: &mut worker::Reader,
    moment: Moment,
    model: &mut Model,
    replies: &mut VecDeque<Reply>,
    later: &mut Vec<(Moment, Effect)>,
) {
    let mut effects = Vec::new();
    while let Some(reply) = replies.pop_front() {
        let msg = Msg::Reply(reply);
        effects.extend(update(
            model,
            Stamped {
                at: moment.at,
                today: moment.today,
                msg,
            },
        ));
    }
    for effect in effects {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "only what is read is answered here; the rest goes its usual way"
        )]
        let job = match effect.clone() {
            Effect::LoadFacts => Read::Facts,
            Effect::BuildIndex { generation, query } => Read::Index { generation, query },
            Effect::FetchWindow {
                generation,
                ids,
                start,
            } => Read::Window {
                generation,
                ids,
                start,
            },
            Effect::LoadDetail(deal) => Read::Detail(deal),
            other => {
                later.push((moment, other));
                continue;
            }
        };
        let reply = reader.answer_first(moment, job, model.list.anchor);
        if let Some(Reply::Index { partial: true, .. }) = &reply {
            later.push((moment, effect));
        }
        replies.extend(reply);
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

/// What the model learns of a pipeline that is open.
fn opened(who: &Who, store: &Store, moment: Moment, demo: bool) -> Result<Reply, StoreError> {
    let overview = store.overview_without_views(&who.stamp(moment))?;
    let place = store
        .memory(PLACE)?
        .and_then(|text| serde_json::from_str::<Place>(&text).ok());
    Ok(Reply::Opened(Box::new(OpenedPipeline {
        who: who.name(),
        demo,
        bank: store.judge().shared_bank(),
        messages: Arc::clone(store.judge().messages()),
        facts: answers::facts(overview, store),
        place,
    })))
}

fn failure(doing: Doing, error: &RunError) -> Reply {
    Reply::Failed {
        doing,
        what: error.to_string(),
        why: String::new(),
        hint: error.hint(),
    }
}

impl Program for Cockpit {
    type Reply = Reply;
    type View = Screen;

    fn start(&mut self, at: DateTime<Utc>, size: Size) -> Flow {
        let moment = self.moment(at);
        let demo = self.model.demo;
        let resize = Msg::Resize(layout::Size {
            width: size.width,
            height: size.height,
        });
        let mut flow = self.tell(at, resize);
        flow.requests
            .extend(self.first_rounds(moment, demo).requests);
        self.later.push((moment, Effect::Tend));
        flow
    }

    fn update(&mut self, at: DateTime<Utc>, event: Event<Reply>) -> Flow {
        let msg = match event {
            Event::Key { chord, hurried } => Msg::Key { chord, hurried },
            Event::Paste { text, .. } => Msg::Paste(text),
            Event::Mouse(mouse) => {
                let kind = match mouse.what {
                    input::MouseKind::Click => MouseKind::Click,
                    input::MouseKind::WheelUp => MouseKind::WheelUp,
                    input::MouseKind::WheelDown => MouseKind::WheelDown,
                };
                Msg::Mouse(Mouse {
                    kind,
                    column: mouse.column,
                    line: mouse.row,
                })
            }
            Event::Resize(size) => Msg::Resize(layout::Size {
                width: size.width,
                height: size.height,
            }),
            Event::Reply(reply) => {
                let is_read = matches!(
                    reply,
                    Reply::Detail { .. }
                        | Reply::Window { .. }
                        | Reply::Index { .. }
                        | Reply::Facts(_)
                );
                if !is_read {
                    self.worker.forget_ahead();
                }
                if let Reply::Index { .. } = &reply {
                    // Other deals are near, and at the end.
                    self.is_elsewhere = true;
                }
                if let Reply::Opened(_) = &reply {
                    self.take_next();
                }
                if let Reply::ImportDone { .. } = &reply {
                    // The search index catches up with what came in.
                    self.worker.write(self.moment(at), worker::Write::Tend);
                }
                Msg::Reply(reply)
            }
            Event::DataChanged => {
                self.worker.look();
                return Flow::idle();
            }
            Event::Wake => Msg::Wake,
            // Whoever comes back to a window that slept over midnight sees the new day.
            Event::Focus(true) if (self.around.day)(at) != self.model.today => Msg::Wake,
            Event::Resumed => Msg::Resumed,
            Event::Edited(text) => {
                let field = self.editing;
                match text {
                    Ok(text) => Msg::Reply(Reply::Edited {
                        field,
                        text: Some(text),
                    }),
                    Err(e) => Msg::Reply(Reply::Failed {
                        doing: Doing::EditText,
                        what: e.to_string(),
                        why: String::new(),
                        hint: String::new(),
                    }),
                }
            }
            Event::Copied(copied) if !copied.terminal && copied.helper.is_none() => {
                let what = "there is no clipboard that takes a text of this length".to_owned();
                let hint = "write it to a file: w in a sheet, or a command".to_owned();
                Msg::Reply(not_done(Doing::Copy, (what, hint)))
            }
            Event::Copied(copied) => Msg::Reply(Reply::Copied {
                sure: is_sure(copied),
            }),
            Event::GlyphWidth(cells) => {
                if cells < 2 || self.model.ascii {
                    return Flow::idle();
                }
                Msg::AmbiguousIsWide
            }
            Event::Unwatched(_) | Event::Focus(_) => return Flow::idle(),
        };
        self.tell(at, msg)
    }

    fn view(&self) -> Screen {
        screen::derive(&self.model)
    }

    fn draw(&self, view: &Screen, frame: &mut Frame<'_>) {
        let styles = self.around.looks.of(&self.model);
        ui::draw(view, &styles, frame);
    }

    fn drawn(&mut self) -> Flow {
        self.model.drawn();
        self.worker.begin();
        let mut flow = Flow::idle();
        for (moment, effect) in std::mem::take(&mut self.later) {
            if let Some(request) = self.carry_out(moment, effect) {
                flow = flow.and(request);
            }
        }
        if std::mem::take(&mut self.is_elsewhere) {
            let moment = self.moment(self.model.at);
            let (deals, rows) = (near(&self.model), ends(&self.model));
            self.worker.read(moment, Read::Near { deals, rows });
        }
        flow
    }

    fn wake_at(&self) -> Option<DateTime<Utc>> {
        let midnight = (self.around.midnight)(self.model.at);
        Some(self.model.wake_at().map_or(midnight, |at| at.min(midnight)))
    }

    fn expects(&self) -> bool {
        self.model.expects()
    }

    fn title(&self, view: &Screen) -> Option<TermSafe> {
        let glyphs = self.around.looks.of(&self.model).glyphs;
        Some(TermSafe::new(&glyphs.text(&view.window_title)))
    }
}

fn is_sure(copied: clipboard::Copied) -> bool {
    copied.helper.is_some()
}

/// Runs the cockpit until it ends and returns the exit code.
///
/// # Errors
///
/// A terminal that cannot show it, or a pipeline that cannot be read.
pub fn run(
    model: Model,
    store: Store,
    session: String,
    around: Surroundings,
    settings: &runtime::Settings,
) -> Result<i32, Box<dyn std::error::Error>> {
    let (mailbox, inbox) = runtime::mailbox()?;
    let mut cockpit = Cockpit::new(model, store, session, mailbox, around)?;
    Ok(runtime::run(&mut cockpit, inbox, settings)?.code())
}
