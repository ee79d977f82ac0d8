//! The cockpit: joins the pure machine, the drawing and the worker, and carries out effects.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use ratatui::Frame;
use ratatui::layout::Size;

mod errands;

use super::input;
use super::outbox::Opener;
use super::runtime::{self, Event, Flow, Mailbox, Program, Request};
use super::worker::{self, Follow, Moment, Read, Send, Who, Worker};
use super::{answers, clipboard};
use crate::app::effect::Effect;
use crate::app::layout;
use crate::app::model::Model;
use crate::app::msg::{Doing, Mouse, MouseKind, Msg, OpenedPipeline, Reply, Stamped};
use crate::app::place::Place;
use crate::app::screen::{self, Screen};
use crate::app::update::{ends, near, update};
use crate::domain::clean::TermSafe;
use crate::domain::ids::DealId;
use crate::domain::message::Way;
use crate::domain::view::ListQuery;
use crate::export::crm;
use crate::import::Options;
use crate::store::{Store, StoreError};
use crate::ui::{self, Glyphs, Styles};
use errands::not_done;

/// The key under which a person's place is kept in the file.
const PLACE: &str = "place";

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
            if let Effect::FetchWindow { request, ids } = &effect
                && let Some(rows) = self.worker.rows_ahead(moment, &deals(ids))
            {
                let request = *request;
                let window = Reply::Window { request, rows };
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
            Effect::FetchWindow { request, ids } => {
                self.worker.read(moment, Read::Window { request, ids });
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
            Effect::FetchWindow { request, ids } => Read::Window { request, ids },
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
