//! A desk for tests: a model with a make-believe worker that answers its effects from memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::app::chord::{Chord, Sequence};
use crate::app::effect::Effect;
use crate::app::keymap::Keymap;
use crate::app::layout::Size;
use crate::app::list::{Group, Heading, ListQuery, View};
use crate::app::model::{Facts, Model, Overlay, Start};
use crate::app::msg::{AppliedKind, Doing, Msg, NotesOut, OpenedPipeline, Reply, Stamped};
use crate::app::one_on_one::Meeting;
use crate::app::place::Place;
use crate::app::preview::{PreviewColumn, PreviewData, PreviewRow, RowCounts, RowKind};
use crate::app::settings::Settings;
use crate::app::sweep::PAGE;
use crate::app::toast::Part;
use crate::app::update::update;
use crate::domain::act::Act;
use crate::domain::answer::{Answer, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::deal::{
    After, AnswerRow, AskState, Deal, Decision, Detail, Done, HoursView, ListRow, Seen, Status,
    SweepDeal, SweepPage, TripwireRow, TripwireState, Week,
};
use crate::domain::eval::{DealEval, Due, Record, evaluate};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::insights::Insight;
use crate::domain::locale::Locale;
use crate::domain::map::PipelineMap;
use crate::domain::message::Way;
use crate::domain::query::Filter;
use crate::domain::review::{Changed, Minutes, OnTable, PairReviews, SealState};
use crate::domain::shown::{Free, Level, Mask, Name};
use crate::domain::told::{Choices, Listener, Told};
use crate::domain::verdict::{Thresholds, Verdict};

/// How many hits of a search come before all of them.
const FIRST_HITS: usize = 50;

/// A deal of the make-believe pipeline.
#[derive(Clone, Debug)]
pub struct Fake {
    /// Its answers: question, value, grade.
    pub answers: Vec<(String, Value, Grade)>,
    /// Open or closed.
    pub status: Status,
    /// What was decided.
    pub decision: Decision,
    /// Why it is on top again.
    pub due: Option<Due>,
}

/// The desk.
pub struct Desk {
    /// The cockpit.
    pub model: Model,
    /// The deals.
    pub deals: BTreeMap<u32, Fake>,
    /// Every effect so far.
    pub effects: Vec<Effect>,
    /// Effects that were not answered yet.
    pub open: Vec<Effect>,
    /// The acts that were carried out.
    pub acts: Vec<Act>,
    /// Whether the next write fails, with these words.
    pub fails: Option<String>,
    /// The week.
    pub week: Week,
    /// The week before each act, for undo.
    weeks: Vec<Week>,
    /// The deals that are dead on paper.
    pub paper: Vec<u32>,
    /// The map.
    pub map: PipelineMap,
    /// What is over.
    pub after: After,
    /// Hours and money.
    pub hours: HoursView,
    /// What one's own past tells.
    pub insights: Vec<Insight>,
    /// The 1:1.
    pub meeting: Meeting,
    /// The 1:1s that were held.
    pub reviews: Vec<PairReviews>,
    /// What they left behind.
    pub minutes: Vec<Minutes>,
    /// What is on its table, deal by deal.
    pub tables: BTreeMap<i64, OnTable>,
    /// Whether effects are answered at once.
    pub answers: bool,
    /// What is put on every deal besides.
    pub dress: fn(&mut Detail),
    bank: Arc<Bank>,
    /// How a deal without answers is judged.
    blank: DealEval,
}

/// Today at every desk, a Monday.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// A table with nothing on it but a deal.
pub fn on_table(deal: DealId) -> OnTable {
    OnTable {
        deal,
        changed: Changed::default(),
        sealed: SealState::default(),
        hands: Vec::new(),
        may_fire: None,
        charter: None,
        beyond: None,
        request: None,
    }
}

/// A size.
pub fn size(width: u16, height: u16) -> Size {
    Size { width, height }
}

impl Desk {
    /// A desk over so many undecided deals, on a screen of 120 by 36.
    pub fn new(deals: u32) -> Self {
        let mut desk = Self::closed(deals);
        desk.open_pipeline(None);
        desk
    }

    /// A desk whose pipeline is not open yet.
    pub fn closed(deals: u32) -> Self {
        let at: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        let model = Model::new(Start {
            at,
            today: today(),
            size: size(120, 36),
            settings: Settings::default(),
            keymap: Keymap::default(),
            ascii: false,
            locale: Locale::default(),
            who: "Ana".to_owned(),
            demo: false,
            mask: Mask::new(Level::Open, 7),
            thresholds: Thresholds::default(),
            query: None,
        });
        let blank = Fake {
            answers: Vec::new(),
            status: Status::Open,
            decision: Decision::Undecided,
            due: None,
        };
        let bank = Arc::new(Bank::default_bank());
        Self {
            model,
            deals: (1..=deals).map(|id| (id, blank.clone())).collect(),
            effects: Vec::new(),
            open: Vec::new(),
            acts: Vec::new(),
            fails: None,
            week: Week::default(),
            weeks: Vec::new(),
            paper: Vec::new(),
            map: PipelineMap::default(),
            after: After::default(),
            hours: HoursView::default(),
            insights: Vec::new(),
            meeting: Meeting::default(),
            reviews: Vec::new(),
            minutes: Vec::new(),
            tables: BTreeMap::new(),
            answers: true,
            dress: |_| (),
            blank: judged(&bank, &[]),
            bank,
        }
    }

    /// Opens the pipeline.
    pub fn open_pipeline(&mut self, place: Option<Place>) {
        let opened = OpenedPipeline {
            who: "Ana".to_owned(),
            demo: false,
            bank: Arc::clone(&self.bank),
            facts: self.facts(),
            messages: Arc::default(),
            place,
        };
        self.reply(Reply::Opened(Box::new(opened)));
    }

    /// Presses keys as a hand does, each drawn before the next: `j`, `g g`, `F Enter`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for chord in keys.parse::<Sequence>().unwrap().chords() {
            self.key(*chord, false);
        }
        self
    }

    /// Presses one key.
    pub fn key(&mut self, chord: Chord, hurried: bool) {
        self.tell(Msg::Key { chord, hurried });
        self.model.drawn();
    }

    /// Types text.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.key(Chord::char(c), false);
        }
        self
    }

    /// Takes a reply.
    pub fn reply(&mut self, reply: Reply) {
        self.tell(Msg::Reply(reply));
    }

    /// Tells the model what happened, and answers what it asks for.
    pub fn tell(&mut self, msg: Msg) {
        let at = self.model.at + TimeDelta::milliseconds(50);
        self.tell_at(at, today(), msg);
    }

    /// The same at another time.
    pub fn tell_at(&mut self, at: DateTime<Utc>, today: NaiveDate, msg: Msg) {
        let effects = update(&mut self.model, Stamped { at, today, msg });
        self.effects.extend(effects.iter().cloned());
        self.open.extend(effects);
        if self.answers {
            self.answer_all();
        }
    }

    /// Answers everything that is open, and what follows from it.
    ///
    /// Effects that only the outside world ends stay open: an import, an editor.
    pub fn answer_all(&mut self) {
        let mut rounds = 0;
        while !self.open.is_empty() {
            rounds += 1;
            assert!(rounds < 100, "effects never end: {:?}", self.open);
            let (at, today) = (self.model.at, self.model.today);
            for reply in self.answers_to_next() {
                let msg = Msg::Reply(reply);
                let effects = update(&mut self.model, Stamped { at, today, msg });
                self.effects.extend(effects.iter().cloned());
                self.open.extend(effects);
            }
        }
        self.model.drawn();
    }

    /// Answers the effect that waits longest.
    pub fn answer_some(&mut self) {
        if self.open.is_empty() {
            return;
        }
        for reply in self.answers_to_next() {
            self.reply(reply);
        }
    }

    /// The answers to the effect that waits longest. A search is answered twice before anything
    /// else is: with its first hits, then with all in their order.
    fn answers_to_next(&mut self) -> Vec<Reply> {
        let effect = self.open.remove(0);
        let mut replies = Vec::new();
        if let Effect::BuildIndex { generation, query } = &effect
            && query.filter.as_ref().is_some_and(Filter::is_search)
        {
            let hits: BTreeSet<u32> = self.listed(query).into_iter().map(|(id, _)| id).collect();
            replies.push(Reply::Index {
                generation: *generation,
                ids: hits.into_iter().take(FIRST_HITS).collect(),
                groups: Vec::new(),
                partial: true,
            });
        }
        replies.extend(self.answer_to(effect));
        replies
    }

    /// Lets the effect that waits longest fail.
    pub fn fail_one(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let doing = match self.open.remove(0) {
            Effect::LoadFacts => Doing::Facts,
            Effect::BuildIndex { generation, .. } => Doing::Index(generation),
            Effect::FetchWindow { request, .. } => Doing::Window(request),
            Effect::LoadDetail(deal) => Doing::Detail(deal),
            Effect::Act(_)
            | Effect::Undo(_)
            | Effect::UndoAction(_)
            | Effect::UndoTo(_)
            | Effect::Redo => Doing::Write,
            Effect::LoadJournal { .. } | Effect::LoadChanges(_) => Doing::Journal,
            Effect::LoadSweep(_) | Effect::LoadSweepPiles => Doing::Sweep,
            Effect::LoadWeek => Doing::Week,
            Effect::LoadPaper => Doing::Paper,
            Effect::LoadMap => Doing::Map,
            Effect::LoadAfter => Doing::After,
            Effect::LoadHours => Doing::Hours,
            Effect::LoadInsights(_) | Effect::LoadBehind(_) => Doing::Insights,
            Effect::LoadMeeting(_) | Effect::LayTable(_) => Doing::Meeting,
            Effect::LoadReviews | Effect::LoadMinutes(_) => Doing::Reviews,
            Effect::WriteMinutes(_) => Doing::Minutes,
            Effect::PreviewImport { .. } => Doing::Preview,
            Effect::ApplyImport(_) => Doing::Import,
            Effect::FindNewestExport => Doing::FindExport,
            Effect::Copy(_) => Doing::Copy,
            Effect::EditText { .. } => Doing::EditText,
            Effect::SavePlace(_) => Doing::Place,
            Effect::SetActor(_) => Doing::Actor,
            Effect::LoadCrms => Doing::Crms,
            Effect::WriteExport { .. } | Effect::ExportForCrm { .. } => Doing::Export,
            Effect::Demo => Doing::Demo,
            Effect::DraftMail(_) | Effect::WriteMessage(_) | Effect::PutOutNotes(_) => {
                Doing::Message
            }
            Effect::WriteCalendar { .. } => Doing::Calendar,
            Effect::LogMessage(_)
            | Effect::CancelImport
            | Effect::Tend
            | Effect::Quit
            | Effect::Suspend => return,
        };
        self.reply(Reply::Failed {
            doing,
            what: "It failed".to_owned(),
            why: String::new(),
            hint: String::new(),
        });
    }

    /// Lets an import that was stopped come to its end.
    pub fn end_imports(&mut self) {
        let is_stopped = |effect: &Effect| matches!(effect, Effect::CancelImport);
        if self.open.iter().any(is_stopped) || self.effects.iter().any(is_stopped) {
            self.open.retain(|effect| !is_stopped(effect));
            self.reply(Reply::ImportDone {
                counts: RowCounts::default(),
                cancelled: true,
            });
        }
    }

    /// The words of the toast, with names as they are.
    pub fn toast(&self) -> String {
        let Some(toast) = &self.model.toast else {
            return String::new();
        };
        let parts = toast.parts.iter().map(|part| match part {
            Part::Words(words) => words.clone(),
            Part::Name(_, name) => name.expose_for_storage().to_owned(),
            Part::Free(_, free) => free.expose_for_storage().to_owned(),
        });
        let mut text: String = parts.collect();
        if !toast.hint.is_empty() {
            text = format!("{text} · {}", toast.hint);
        }
        text
    }

    /// The form on top.
    pub fn form(&self) -> &crate::app::form::Form {
        match self.model.overlay() {
            Some(Overlay::Form(form)) => form,
            other => panic!("no form is open, but {other:?}"),
        }
    }

    /// The number of the deal under the cursor.
    pub fn current(&self) -> i64 {
        self.model.list.current().map_or(0, |deal| deal.0)
    }

    /// The latest act.
    pub fn act(&self) -> &Act {
        self.acts.last().expect("something was done")
    }

    /// How many effects so far are like this.
    pub fn count(&self, like: impl Fn(&Effect) -> bool) -> usize {
        self.effects.iter().filter(|effect| like(effect)).count()
    }

    fn listed(&self, query: &ListQuery) -> Vec<(u32, Heading)> {
        let mut listed: Vec<(u32, Heading)> = Vec::new();
        for (id, fake) in &self.deals {
            let verdict = (fake.status == Status::Open)
                .then(|| self.eval(fake).verdict)
                .flatten();
            let heading = if fake.due.is_some() {
                Heading::Due
            } else {
                match (fake.decision, verdict) {
                    (Decision::Undecided, Some(Verdict::Fire)) => Heading::Fire,
                    (Decision::Undecided, Some(Verdict::GetToNo)) => Heading::GetToNo,
                    (Decision::Undecided, Some(Verdict::Continue)) => Heading::Continue,
                    (Decision::Continued, _) => Heading::Continued,
                    (Decision::Hold, _) => Heading::OnHold,
                    (Decision::Fired, _) => Heading::Gone,
                    (Decision::Undecided, None) => Heading::Closed,
                }
            };
            let wanted = match query.view {
                View::ToDecide => heading <= Heading::Continue,
                View::Gone => heading == Heading::Gone,
                View::Open
                | View::Due
                | View::CameBack
                | View::OnHold
                | View::Continued
                | View::Nurture
                | View::Dark
                | View::BadMoney
                | View::Dreaded
                | View::NoSeniorAtStart
                | View::UnaskedCore
                | View::DeadOnPaper
                | View::Closed
                | View::All
                | View::Saved(_) => true,
            };
            let text = query.text.trim();
            if wanted && (text.is_empty() || format!("deal {id}").contains(text)) {
                listed.push((*id, heading));
            }
        }
        listed.sort_by_key(|(id, heading)| (*heading, *id));
        listed
    }

    fn facts(&self) -> Facts {
        Facts {
            deals: self.deals.len() as u64,
            to_decide: self.listed(&ListQuery::default()).len() as u64,
            views: vec![(View::ToDecide, 3), (View::Gone, 1), (View::All, 9)],
            week: !self.week.is_empty(),
            undo: (!self.acts.is_empty()).then(|| "Fired".to_owned()),
            ..Facts::default()
        }
    }

    fn row(&self, id: u32) -> ListRow {
        let detail = self.detail(id);
        ListRow {
            id: DealId::from(id),
            account: detail.deal.account.clone(),
            title: detail.deal.title.clone(),
            owner: None,
            stage: None,
            amount: None,
            status: detail.deal.status,
            decision: detail.deal.decision,
            created: None,
            expected_close: None,
            eval: detail.eval,
            next_step: None,
            next_step_due: None,
            asked: None,
            decided: None,
        }
    }

    fn eval(&self, fake: &Fake) -> DealEval {
        if fake.answers.is_empty() {
            self.blank.clone()
        } else {
            judged(&self.bank, &fake.answers)
        }
    }

    /// What is known of a deal.
    pub fn detail(&self, id: u32) -> Detail {
        let fake = &self.deals[&id];
        let mut eval = self.eval(fake);
        eval.due = fake.due;
        let set = TripwireRow {
            id: 1,
            sentence: Free::new("I fire it if nothing happens"),
            due: today(),
            state: TripwireState::Set,
            words: None,
            moved: 1,
            settled: None,
        };
        Detail {
            deal: Deal {
                id: DealId::from(id),
                source: "desk".to_owned(),
                external_id: None,
                title: Name::new(format!("Deal {id}")),
                account: Some(Name::new(format!("Account {id}"))),
                contact: Some(Name::new("Tom Reed")),
                owner: None,
                stage: None,
                phase: None,
                pipeline: None,
                amount: None,
                probability: None,
                margin: None,
                discount: None,
                status: fake.status,
                decision: fake.decision,
                created: None,
                expected_close: None,
                closed: None,
                lost_reason: None,
                last_activity: None,
                next_step: None,
                next_step_due: None,
                lead_source: None,
                product: None,
                description: None,
            },
            eval: (fake.status == Status::Open).then_some(eval),
            answers: fake
                .answers
                .iter()
                .map(|(question, value, grade)| AnswerRow {
                    question: question.clone(),
                    value: *value,
                    grade: *grade,
                    day: today(),
                    evidence: None,
                    who: None,
                })
                .collect(),
            decisions: Vec::new(),
            tripwires: if fake.due == Some(Due::Tripwire) {
                vec![set]
            } else {
                Vec::new()
            },
            holds: Vec::new(),
            asks: Vec::new(),
            touches: Vec::new(),
            commitments: Vec::new(),
            notes: Vec::new(),
            contacts: Vec::new(),
            moves: Vec::new(),
            outcomes: Vec::new(),
            seen: Seen::default(),
            raised: Vec::new(),
            beside: None,
            support: None,
        }
    }

    fn answer_to(&mut self, effect: Effect) -> Option<Reply> {
        Some(match effect {
            Effect::LoadFacts => Reply::Facts(Box::new(self.facts())),
            Effect::BuildIndex { generation, query } => {
                let listed = self.listed(&query);
                let mut groups: Vec<Group> = Vec::new();
                for (start, (_, heading)) in listed.iter().enumerate() {
                    match groups.last_mut() {
                        Some(group) if group.heading == *heading => group.count += 1,
                        Some(_) | None => groups.push(Group {
                            heading: *heading,
                            start,
                            count: 1,
                            hours: None,
                        }),
                    }
                }
                let ids = listed.into_iter().map(|(id, _)| id).collect();
                Reply::Index {
                    generation,
                    ids,
                    groups,
                    partial: false,
                }
            }
            Effect::FetchWindow { request, ids } => {
                assert!(ids.len() <= 400, "a window has {} rows", ids.len());
                let known = ids.iter().filter(|id| self.deals.contains_key(id));
                let rows = known.map(|id| self.row(*id)).collect();
                Reply::Window { request, rows }
            }
            Effect::LoadDetail(deal) => {
                let known = self.deals.contains_key(&deal.short());
                let detail = known.then(|| {
                    let mut detail = Box::new(self.detail(deal.short()));
                    (self.dress)(&mut detail);
                    detail
                });
                Reply::Detail { deal, detail }
            }
            Effect::Act(act) => self.write(*act),
            Effect::Undo(_) | Effect::UndoAction(_) | Effect::UndoTo(_) => {
                if let Some(Act::Answer { deal, .. }) = self.acts.last()
                    && let Some(fake) = self.deals.get_mut(&deal.short())
                {
                    fake.answers.pop();
                }
                if let Some(Act::Fire { deals, .. }) = self.acts.last() {
                    for deal in deals {
                        if let Some(fake) = self.deals.get_mut(&deal.short()) {
                            fake.decision = Decision::Undecided;
                        }
                    }
                }
                self.acts.pop();
                if let Some(before) = self.weeks.pop() {
                    self.week = before;
                }
                Self::applied(AppliedKind::Undone, "it", Vec::new(), None)
            }
            Effect::Redo => Self::applied(AppliedKind::Redone, "it", Vec::new(), None),
            Effect::LoadJournal { deal, before } => Reply::JournalPage {
                deal,
                before,
                rows: Vec::new(),
                whole: true,
            },
            Effect::LoadSweep(page) => {
                let all = self.deals.keys().map(|id| SweepDeal {
                    id: DealId::from(*id),
                    account: None,
                    title: Name::new(format!("Deal {id}")),
                    word: None,
                });
                let data = SweepPage {
                    deals: all.skip(page * PAGE).take(PAGE).collect(),
                    total: self.deals.len(),
                };
                Reply::SweepPage { page, data }
            }
            Effect::LoadMap => Reply::Map(self.map.clone()),
            Effect::LoadAfter => Reply::After(Box::new(self.after.clone())),
            Effect::LoadHours => Reply::Hours(Box::new(self.hours.clone())),
            Effect::LoadInsights(_) => Reply::Insights(self.insights.clone()),
            Effect::LoadBehind(deals) => {
                Reply::Behind(deals.iter().map(|deal| self.row(deal.short())).collect())
            }
            Effect::LoadReviews => Reply::Reviews(self.reviews.clone()),
            Effect::LoadMinutes(review) => {
                let minutes = self.minutes.iter().find(|of| of.session.id == review);
                Reply::MinutesOf(minutes.cloned().map(Box::new))
            }
            Effect::LoadMeeting(_) => Reply::Meeting(Box::new(self.meeting.clone())),
            Effect::WriteMinutes(wish) => Reply::Minutes {
                text: if wish.path.is_none() {
                    "minutes".to_owned()
                } else {
                    String::new()
                },
                path: wish.path,
            },
            Effect::LayTable(deal) => {
                let table = self.tables.get(&deal.0).cloned();
                Reply::Table(Box::new(table.unwrap_or_else(|| on_table(deal))))
            }
            Effect::LoadWeek => Reply::Week(Box::new(self.week.clone())),
            Effect::LoadPaper => {
                let rows: Vec<ListRow> = self.paper.iter().map(|id| self.row(*id)).collect();
                let total = rows.len();
                Reply::Paper(rows, total)
            }
            Effect::LoadSweepPiles => Reply::SweepPiles(Vec::new()),
            Effect::LoadChanges(action) => Reply::Changes {
                action,
                changes: Vec::new(),
                more: 0,
            },
            Effect::PreviewImport { number, .. } => {
                let counts = RowCounts {
                    rows: 2,
                    new: 1,
                    refused: 1,
                    ..RowCounts::default()
                };
                Reply::Preview {
                    number,
                    data: Box::new(preview(counts)),
                    share: None,
                }
            }
            Effect::SetActor(name) => Reply::Actor(name),
            Effect::Copy(_) => Reply::Copied { sure: true },
            Effect::PutOutNotes(notes) => {
                let is_copy = notes.way == Way::Copy;
                Reply::NotesOut(Box::new(NotesOut {
                    written: notes.deals.clone(),
                    folder: (!is_copy).then(|| "notes-2026-11-23".to_owned()),
                    text: if is_copy { "We step back." } else { "" }.to_owned(),
                    notes: *notes,
                }))
            }
            Effect::FindNewestExport => Reply::NewestExport(None),
            Effect::LoadCrms => Reply::Crms(vec![crm()]),
            Effect::ApplyImport(_)
            | Effect::CancelImport
            | Effect::LogMessage(_)
            | Effect::DraftMail(_)
            | Effect::WriteMessage(_)
            | Effect::WriteCalendar { .. }
            | Effect::EditText { .. }
            | Effect::SavePlace(_)
            | Effect::WriteExport { .. }
            | Effect::ExportForCrm { .. }
            | Effect::Demo
            | Effect::Tend
            | Effect::Quit
            | Effect::Suspend => return None,
        })
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the desk of a test plays the acts that change what it shows, and no other"
    )]
    fn write(&mut self, act: Act) -> Reply {
        if let Some(what) = self.fails.take() {
            return Reply::Failed {
                doing: Doing::Write,
                what,
                why: "it is so".to_owned(),
                hint: "do something else".to_owned(),
            };
        }
        if self.names_a_gone_deal(&act) {
            return Reply::Failed {
                doing: Doing::Write,
                what: "There is no such deal".to_owned(),
                why: String::new(),
                hint: String::new(),
            };
        }
        self.weeks.push(self.week.clone());
        self.write_week(&act);
        let mut hours = None;
        let (deals, decision) = match &act {
            Act::Fire { deals, .. } => {
                hours = Some(14.0);
                (deals.clone(), Some(Decision::Fired))
            }
            Act::Hold { deals, .. } => (deals.clone(), Some(Decision::Hold)),
            Act::Continue { deals, .. } => (deals.clone(), Some(Decision::Continued)),
            Act::TripwireHappened { deal, .. } | Act::Reinstate { deal, .. } => {
                (vec![*deal], Some(Decision::Undecided))
            }
            Act::TripwireAnyway { deal, .. } => (vec![*deal], Some(Decision::Continued)),
            Act::NurtureLater { deal, .. } | Act::LetGo { deal } => {
                (vec![*deal], Some(Decision::Fired))
            }
            Act::Answer {
                deal,
                question,
                key,
                ..
            } => {
                let fake = self.deals.get_mut(&deal.short()).unwrap();
                fake.answers.retain(|(other, ..)| other != question);
                if let Ok(Some(answer)) = key.apply(None, false, today()) {
                    fake.answers
                        .push((question.clone(), answer.value, answer.grade));
                }
                (vec![*deal], None)
            }
            Act::Close { deals, status, .. } => {
                for deal in deals {
                    self.deals.get_mut(&deal.short()).unwrap().status = *status;
                }
                (deals.clone(), None)
            }
            Act::Add { .. } => {
                let id = self.deals.keys().last().copied().unwrap_or(0) + 1;
                let blank = Fake {
                    answers: Vec::new(),
                    status: Status::Open,
                    decision: Decision::Undecided,
                    due: None,
                };
                self.deals.insert(id, blank);
                (vec![DealId::from(id)], None)
            }
            other => (other.deals(), None),
        };
        if let Some(decision) = decision {
            for deal in &deals {
                let fake = self.deals.get_mut(&deal.short()).unwrap();
                fake.decision = decision;
                fake.due = None;
            }
        }
        self.acts.push(act);
        Self::applied(AppliedKind::Done, "Did it", deals, hours)
    }

    /// What an act does to the week.
    fn write_week(&mut self, act: &Act) {
        if let Act::SellingHours { minutes } = act {
            self.week.selling_minutes = Some(i64::from(*minutes));
        }
        if let Act::HoursPlan { deal, minutes, .. } = act {
            let mut plans = self.week.plans.iter_mut();
            if let Some(plan) = plans.find(|plan| plan.deal == *deal) {
                plan.minutes = i64::from(*minutes);
                plan.is_planned = true;
            }
        }
        let (ask, state) = if let Act::AskReply { ask, .. } = act {
            (*ask, AskState::Answered)
        } else if let Act::AskNoReply { ask } = act {
            (*ask, AskState::NoReply)
        } else if let Act::AskNotAsked { ask } = act {
            (*ask, AskState::NotAsked)
        } else {
            return;
        };
        for row in self.week.asks.iter_mut().filter(|row| row.id == ask) {
            row.state = state;
            row.put = state != AskState::NotAsked;
        }
    }

    fn names_a_gone_deal(&self, act: &Act) -> bool {
        let named = act.deals();
        named
            .iter()
            .any(|deal| !self.deals.contains_key(&deal.short()))
    }

    fn applied(
        kind: AppliedKind,
        what: &str,
        deals: Vec<DealId>,
        hours_back: Option<f64>,
    ) -> Reply {
        let action = Some(ActionId(1));
        let done = Done {
            action,
            what: what.to_owned(),
            deals,
            hours_back,
            left: Vec::new(),
        };
        Reply::Applied {
            done,
            kind,
            left: Vec::new(),
        }
    }
}

fn judged(bank: &Bank, given: &[(String, Value, Grade)]) -> DealEval {
    let mut answers = vec![None; bank.questions().len()];
    for (question, value, grade) in given {
        let ix = bank.find(question).unwrap();
        answers[ix.at()] = Some(Answer::new(*value, *grade, today()));
    }
    let record = Record {
        answers,
        ..Record::default()
    };
    evaluate(&record, bank, &Thresholds::default(), today())
}

/// What a file with two rows would do.
pub fn preview(counts: RowCounts) -> PreviewData {
    let row = |line, kind| PreviewRow {
        line,
        kind,
        name: Free::new("Northwind"),
        note: Free::default(),
        changes: Vec::new(),
    };
    let field = |name: &str| (name.to_owned(), name.replace('_', " "));
    PreviewData {
        kind: "HubSpot deals".to_owned(),
        counts,
        columns: vec![PreviewColumn {
            header: "Deal Name".to_owned(),
            field: Some("title".to_owned()),
            reading: String::new(),
            example: Free::new("Rollout"),
        }],
        fields: vec![field("title"), field("account"), field("expected_close")],
        sources: vec!["hubspot".to_owned(), "zoho".to_owned()],
        rows: vec![row(2, RowKind::New), row(3, RowKind::Refused)],
        ..PreviewData::default()
    }
}

/// A CRM that three decisions wait for.
fn crm() -> Listener {
    let column = "Walkaway fired".to_owned();
    Listener {
        source: "hubspot".to_owned(),
        label: "HubSpot".to_owned(),
        unknown: 3,
        takes_files: true,
        has_next_step: true,
        choices: Choices {
            columns: [(Told::Fired, column)].into(),
            site: None,
        },
    }
}
